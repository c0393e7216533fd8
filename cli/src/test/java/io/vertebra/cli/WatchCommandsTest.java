package io.vertebra.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands that look at a Vertebra for some time. */
@Timeout(120)
class WatchCommandsTest {

    private static final String TALLY = "codelets: [{object: tally.bpf.o, execution: inline}]";

    @TempDir
    static Path folder;

    private static ProbeRuntime probe;

    @BeforeAll
    static void start() throws Exception {
        probe = ProbeRuntime.start(folder, "tally.bpf.o", "count.bpf.o");
    }

    @AfterAll
    static void stop() {
        probe.close();
    }

    @AfterEach
    void unload() {
        probe.unloadAll();
    }

    @Test
    void shouldShowRatesThatAgreeWithTheCounts() throws Exception {
        probe.load("tally", TALLY);
        try (var _ = fire()) {
            var top = probe.run("-j", "top", "-n", "2", "-d", "0.3");
            assertThat(top.exit()).as(top.err()).isZero();
            var ticks = top.out().lines().map(JsonObject::new).toList();
            assertThat(ticks).hasSize(2);
            var first = ticks.get(0).getJsonArray("codelets").getJsonObject(0);
            var second = ticks.get(1).getJsonArray("codelets").getJsonObject(0);
            assertThat(second.getString("name")).isEqualTo("tally/tally");
            assertThat(second.getString("hook")).isEqualTo("probe/seen");
            assertThat(second.getString("state")).isEqualTo("inline attached");
            double runs = second.getDouble("runs_per_second") * ticks.get(1).getDouble("seconds");
            assertThat(Math.round(runs))
                    .isEqualTo(second.getLong("run_cnt") - first.getLong("run_cnt"))
                    .isPositive();
            assertThat(second.getDouble("core_percent"))
                    .isEqualTo(second.getDouble("runs_per_second") * second.getDouble("ns_per_run") / 1e7)
                    .isPositive();
            var hook = ticks.get(1).getJsonArray("hooks").getJsonObject(0);
            assertThat(hook.getString("name")).isEqualTo("probe/seen");
            assertThat(hook.getLong("run_cnt")).isEqualTo(second.getLong("run_cnt"));
        }
    }

    @Test
    void shouldPrintTablesInTheOrderAskedFor() throws Exception {
        probe.load("tally", TALLY);
        probe.load("few", TALLY + "\nlimits: {events_per_second: 10}");
        try (var _ = fire()) {
            assertThat(names("--sort", "runs")).containsExactly("tally/tally", "few/tally");
            assertThat(names("--sort", "drops")).containsExactly("few/tally", "tally/tally");
            assertThat(names("--sort", "name")).containsExactly("few/tally", "tally/tally");
            assertThat(names("--hooks")).containsExactly("probe/seen");
        }
        var wrong = probe.run("top", "--sort", "size");
        wrong.shouldFail(2, "--sort size: allowed are runs, time, core, drops, errors, name");
        assertThat(probe.run("top", "-d", "0").exit()).isEqualTo(2);
    }

    private static List<String> names(String... options) {
        var words = new ArrayList<>(List.of("top", "--batch", "-n", "1", "-d", "0.1"));
        words.addAll(List.of(options));
        var top = probe.run(words.toArray(String[]::new));
        assertThat(top.exit()).as(top.err()).isZero();
        assertThat(top.out().lines().skip(1).findFirst().orElseThrow())
                .matches("(CODELET|HOOK) +RUNS/s +NS/RUN +%CORE +DROPS/s +DROPS +ERRORS  STATE");
        return top.out().lines().skip(2).map(line -> line.split(" ")[0]).toList();
    }

    @Test
    void shouldDumpAMapAgainAndAgain() throws Exception {
        probe.load("count", "codelets: [{object: count.bpf.o, execution: inline}]");
        probe.run("map", "update", "name", "last_bytes", "key", "9", "value", "5")
                .shouldPrint("");
        var dump = "key: 9  value: 5\nFound 1 element\n";
        probe.run("map", "dump", "name", "last_bytes", "--watch", "-d", "0.1", "-n", "2")
                .shouldPrint(dump + dump);
        assertThat(probe.run("-j", "map", "dump", "name", "last_bytes", "--watch", "-d", "0.1", "-n", "3")
                        .out()
                        .lines()
                        .map(line -> new JsonArray(line).size()))
                .containsExactly(1, 1, 1);
        probe.run("map", "dump", "name", "last_bytes", "--histogram")
                .shouldPrint("@last_bytes:\n[512, 1K)              5 |" + "@".repeat(52) + "|\n\n");
        assertThat(probe.run("map", "dump", "name", "last_bytes", "--histogram", "--linear", "5:100")
                        .out())
                .startsWith("@last_bytes:\n[145, 150)             5 |");
        assertThat(probe.run("map", "dump", "name", "last_bytes", "--linear", "0")
                        .exit())
                .isEqualTo(2);
    }

    @Test
    void shouldFollowEvents() throws Exception {
        var before = new JsonArray(probe.run("-j", "events").out()).size();
        var followed = CompletableFuture.supplyAsync(
                () -> probe.run("events", "--follow", "-n", String.valueOf(before + 2)),
                task -> Thread.ofPlatform().start(task));
        probe.load("tally", TALLY);
        probe.run("set", "disable", "tally").shouldPrint("set tally disabled\n");
        var events = followed.get(60, TimeUnit.SECONDS);
        assertThat(events.exit()).as(events.err()).isZero();
        assertThat(events.out().lines().skip(before))
                .satisfiesExactly(
                        loaded -> assertThat(loaded)
                                .matches("\\d{4}-.+Z  author@127\\.0\\.0\\.1  loaded tally  digest [0-9a-f]{64}"),
                        disabled -> assertThat(disabled).contains("  author@127.0.0.1  disabled tally"));
        assertThat(probe.run("events").out()).startsWith(events.out());
    }

    /** Fires a hook until it is closed. */
    private static AutoCloseable fire() {
        var goOn = new AtomicBoolean(true);
        var thread = Thread.ofPlatform().start(() -> {
            while (goOn.get()) {
                Probe.HOOKS.seen(1, 2, 3);
            }
        });
        return () -> {
            goOn.set(false);
            thread.join();
        };
    }
}
