package io.vertebra.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three members, each a process with a loopback address of its own; the third lacks the hooks of the others. */
@Timeout(180)
class FleetTest {

    private static final String SETS = "codelet-sets";

    @TempDir
    Path folder;

    @Test
    void shouldKeepAFleetTogether() throws Exception {
        int port = freePort();
        for (int i = 1; i <= 3; i++) {
            settings(i, port);
        }
        try (var one = FleetProcess.start(folder, "m1", List.of(), "probe")) {
            assertThat(one.client()
                            .upload("POST", SETS, tally("inline"), "tally.bpf.o")
                            .status())
                    .isEqualTo(201);
            assertThat(one.client()
                            .upload("POST", SETS, "codeletset: own\ncodelets: [{object: input.bpf.o}]\n", "input.bpf.o")
                            .status())
                    .isEqualTo(201);
            try (var two = FleetProcess.start(folder, "m2", List.of(), "probe");
                    var three = FleetProcess.start(folder, "m3", List.of())) {
                lateJoin(one, two, three);
                change(one, two, three);
                cut(one, two, three);
            }
            await(() -> state(one, "m3").equals("left"));
            afterKill(one);
        }
    }

    /** Members that join later have the set; one without its hooks says why not; a set of scope member stays where it is. */
    private static void lateJoin(FleetProcess one, FleetProcess two, FleetProcess three) throws Exception {
        await(() -> set(one, "m2", "tally").getString("state").equals("attached"));
        await(() -> set(one, "m3", "tally").getString("state").equals("rejected"));
        assertThat(set(one, "m3", "tally").getString("reason")).contains("hook `probe/seen`");
        assertThat(set(one, "m3", "tally").getLong("generation")).isEqualTo(1);
        assertThat(set(three, "m3", "tally").getString("state")).isEqualTo("rejected");
        assertThat(set(three, "m1", "own").getString("scope")).isEqualTo("member");
        assertThat(names(two.client().get(SETS + "?member=m2").array())).containsExactly("tally");
        assertThat(names(two.client().get("hooks?member=m1").array())).contains("probe/seen", "probe/choose");
        assertThat(names(two.client().get("hooks?member=m3").array())).doesNotContain("probe/seen");
        var unknown = one.client().get("hooks?member=m9");
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.detail()).isEqualTo("member `m9`: unknown, known are [m1, m2, m3]");
    }

    /** Whichever member is asked, all change, also when the one that is asked has rejected the set. */
    private static void change(FleetProcess one, FleetProcess two, FleetProcess three) throws Exception {
        var tag = set(one, "m1", "tally").getLong("generation");
        assertThat(two.client()
                        .upload("PUT", SETS + "/tally", tally("queued"), "tally.bpf.o")
                        .status())
                .isEqualTo(200);
        await(() -> set(three, "m1", "tally").getLong("generation") == tag + 1
                && execution(set(three, "m1", "tally")).equals("queued"));
        assertThat(three.client().send("DELETE", SETS + "/tally", "").status()).isEqualTo(204);
        await(() -> names(one.client().get(SETS).array()).equals(List.of("own")));
        assertThat(three.client().send("DELETE", SETS + "/tally", "").status()).isEqualTo(404);
        assertThat(two.client()
                        .upload("POST", SETS, tally("inline"), "tally.bpf.o")
                        .status())
                .isEqualTo(201);
        await(() -> set(one, "m1", "tally").getLong("generation") == tag + 3
                && set(one, "m1", "tally").getString("state").equals("attached"));
    }

    /** Who is cut off for longer than the cluster waits is lost, keeps what it has, and catches up. */
    private static void cut(FleetProcess one, FleetProcess two, FleetProcess three) throws Exception {
        two.freeze();
        await(() -> state(one, "m2").equals("lost"));
        assertThat(set(one, "m2", "tally").getString("member_state")).isEqualTo("lost");
        await(() -> one.log()
                        .lines()
                        .filter(line -> line.contains("Members {size:2"))
                        .count()
                > 1);
        assertThat(one.client()
                        .upload("PUT", SETS + "/tally", tally("queued"), "tally.bpf.o")
                        .status())
                .isEqualTo(200);
        two.thaw();
        assertThat(set(two, "m2", "tally").getString("state")).isIn("attached", "replacing");
        await(() -> state(one, "m2").equals("present") && state(two, "m1").equals("present"));
        await(() -> execution(set(two, "m2", "tally")).equals("queued")
                && execution(set(one, "m2", "tally")).equals("queued"));
        assertThat(state(three, "m2")).isEqualTo("present");
        assertThat(one.client().send("DELETE", SETS + "/tally", "").status()).isEqualTo(204);
        await(() -> !names(two.client().get(SETS + "?member=m2").array()).contains("tally"));
        assertThat(one.client()
                        .upload("POST", SETS, tally("queued"), "tally.bpf.o")
                        .status())
                .isEqualTo(201);
        await(() -> set(one, "m2", "tally").getString("state").equals("attached"));
    }

    /** A member that is gone without a word is shown as lost; the same one starts again and has all. */
    private void afterKill(FleetProcess one) throws Exception {
        try (var two = FleetProcess.start(folder, "m2", List.of(), "probe")) {
            await(() -> set(one, "m2", "tally").getString("state").equals("attached"));
            one.kill();
            await(() -> state(two, "m1").equals("lost"));
            assertThat(set(two, "m2", "tally").getString("state")).isEqualTo("attached");
            assertThat(set(two, "m1", "tally").getString("member_state")).isEqualTo("lost");
        }
    }

    /** Vert.x looks at every service provider, whose four types are all of Hazelcast that may be seen. */
    @Test
    void shouldNotStartHazelcastWithoutAFleet() throws Exception {
        Files.writeString(folder.resolve("alone.yaml"), "http: {port: 0, run_folder: run}\nruntime: {cores: 1}\n");
        var classes = folder.resolve("classes.txt");
        try (var alone = FleetProcess.start(folder, "alone", List.of("-Xlog:class+load:file=" + classes))) {
            assertThat(alone.client().get("members").array()).isEmpty();
            assertThat(alone.client().get("hooks").status()).isEqualTo(200);
        }
        assertThat(Files.readString(classes))
                .contains("io.vertebra.verticles.Deployment")
                .doesNotContain(
                        "com.hazelcast.instance", "com.hazelcast.internal", "com.hazelcast.spi", "HazelcastNode");
    }

    private void settings(int member, int port) throws IOException {
        Files.writeString(
                folder.resolve("m" + member + ".yaml"), """
                    http: {port: 0, run_folder: run}
                    runtime: {cores: 1}
                    cluster:
                      enabled: true
                      member: m%d
                      host: 127.0.0.%d
                      port: %d
                      members: ["127.0.0.1:%d", "127.0.0.2:%d", "127.0.0.3:%d"]
                      lost_after: 2s
                    """.formatted(member, member, port, port, port, port));
    }

    private static String tally(String execution) {
        return "codeletset: tally\nscope: cluster\ncodelets: [{object: tally.bpf.o, execution: " + execution + "}]\n";
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    private static String state(FleetProcess asked, String member) throws Exception {
        return find(asked.client().get("members").array(), "name", member).getString("state", "unknown");
    }

    private static JsonObject set(FleetProcess asked, String member, String set) throws Exception {
        return find(asked.client().get(SETS + "?member=" + member).array(), "name", set);
    }

    private static String execution(JsonObject set) {
        var codelets = set.getJsonArray("codelets", new JsonArray());
        return codelets.isEmpty() ? "none" : codelets.getJsonObject(0).getString("execution");
    }

    /** Empty, with a state that is none, when there is none. */
    private static JsonObject find(JsonArray list, String key, String value) {
        return list.stream()
                .map(JsonObject.class::cast)
                .filter(each -> each.getString(key).equals(value))
                .findFirst()
                .orElseGet(() -> new JsonObject().put("state", "none").put("generation", 0L));
    }

    private static List<String> names(JsonArray list) {
        return list.stream().map(each -> ((JsonObject) each).getString("name")).toList();
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        while (!condition.call()) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            if (Thread.interrupted()) {
                throw new InterruptedException("the condition did not come true");
            }
        }
    }
}
