package io.vertebra.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands against a Vertebra in this JVM, over its real port, with the token of its run file. */
@Timeout(120)
class RemoteCommandsTest {

    @TempDir
    static Path folder;

    private static ProbeRuntime probe;

    @BeforeAll
    static void start() throws Exception {
        probe = ProbeRuntime.start(
                folder, "tally.bpf.o", "input.bpf.o", "rejected.bpf.o", "count.bpf.o", "kinds.bpf.o");
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
    void shouldLoadReplaceAndUnloadASet() throws Exception {
        var file = set("tally", "codelets: [{object: tally.bpf.o, execution: inline}]");
        run("set", "load", file).shouldPrint("set tally loaded\n");
        run("set", "load", file).shouldFail(1, "set `tally`: already loaded, PUT replaces it");
        Probe.HOOKS.seen(1, 2, 3);
        assertThat(run("set", "list").out()).isEqualTo("""
            tally: attached
                    codelet tally  hook probe/seen  inline  run_cnt 1
                    maps tallies
            """);
        set("tally", "codelets: [{object: tally.bpf.o, execution: inline, priority: 3}]");
        run("set", "replace", file).shouldPrint("set tally replaced\n");
        assertThat(run("map", "dump", "name", "tallies").out()).contains("\"events\":1");
        run("set", "disable", "tally").shouldPrint("set tally disabled\n");
        assertThat(run("set", "show", "tally").out()).startsWith("tally: disabled\n");
        run("set", "enable", "tally").shouldPrint("set tally enabled\n");
        run("set", "unload", "tally").shouldPrint("set tally unloaded\n");
        run("set", "unload", "tally").shouldFail(1, "set `tally`: unknown, known are []");
        run("set", "replace", file).shouldFail(1, "if-match `*`: there is no such set");
    }

    @Test
    void shouldSayWhyASetIsRejected() throws Exception {
        var rejected = run("set", "load", set("bad", """
            codelets:
              - {object: rejected.bpf.o, program: unchecked, name: first}
              - {object: tally.bpf.o, execution: inline}
              - {object: rejected.bpf.o, program: unchecked, name: second}\
            """));
        assertThat(rejected.exit()).isEqualTo(1);
        assertThat(rejected.out()).isEmpty();
        assertThat(rejected.err().lines().filter(line -> !line.startsWith("    ")))
                .satisfiesExactly(
                        error -> assertThat(error)
                                .startsWith("Error: codelet `first`: rejected by the verifier, insn 7"
                                        + " (rejected.bpf.c:17): r0 may be null")
                                .endsWith("; so is 1 more"),
                        first -> assertThat(first).startsWith("FAIL first: insn 7 (rejected.bpf.c:17): r0 may be null"),
                        pass -> assertThat(pass).startsWith("PASS tally ("),
                        second -> assertThat(second).startsWith("FAIL second: insn 7 (rejected.bpf.c:17)"));
        assertThat(rejected.err()).contains("    *value += 1;\n", "    hint: ");
        var json = new JsonObject(
                run("-j", "set", "load", folder.resolve("bad.yaml").toString()).err());
        assertThat(json.getString("error")).startsWith("codelet `first`: rejected");
        assertThat(json.getString("stage")).isEqualTo("verification");
        assertThat(json.getJsonArray("programs")).hasSize(3);
    }

    @Test
    void shouldSendObjectsFromOtherFolders() throws Exception {
        var elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Files.copy(folder.resolve("tally.bpf.o"), elsewhere.resolve("other.bpf.o"));
        run("set", "load", set("far", "codelets: [{object: elsewhere/other.bpf.o, execution: inline}]"))
                .shouldPrint("set far loaded\n");
        Files.copy(folder.resolve("tally.bpf.o"), elsewhere.resolve("tally.bpf.o"));
        var both =
                run("set", "load", set("both", "codelets: [{object: elsewhere/tally.bpf.o}, {object: tally.bpf.o}]"));
        assertThat(both.err()).contains("the same name in two folders, allowed is one object of each name");
    }

    @Test
    void shouldListProgramsAsBpftoolDoes() throws Exception {
        run("set", "load", set("tally", "codelets: [{object: tally.bpf.o, execution: inline}]"));
        assertThat(run("prog", "list").out()).matches("""
            \\d+: hook  name tally  tag [0-9a-f]{16}
                    loaded_at \\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d[+-]\\d{4}  codelet_set tally  hook probe/seen  inline
                    xlated \\d+B  jited  map_ids \\d+
            """);
        for (int i = 0; i < 3_000; i++) {
            Probe.HOOKS.seen(1, 2, 3);
        }
        assertThat(run("prog", "show", "name", "tally").out())
                .containsPattern("tag [0-9a-f]{16}  run_time_ns \\d+ run_cnt 3000\n");
        var program = new JsonArray(run("-j", "prog", "show").out()).getJsonObject(0);
        assertThat(program.getLong("run_cnt")).isEqualTo(3_000);
        assertThat(Instant.ofEpochSecond(program.getLong("loaded_at")))
                .isBetween(Instant.now().minusSeconds(120), Instant.now());
        run("prog", "show", "name", "other").shouldFail(1, "no prog has name `other`");
        assertThat(run("prog", "show", "tally").exit()).isEqualTo(2);
    }

    @Test
    void shouldDumpAndUpdateMaps() throws Exception {
        run("set", "load", set("count", "codelets: [{object: count.bpf.o, execution: inline}]"));
        run("map", "update", "name", "last_bytes", "key", "-5", "value", "70").shouldPrint("");
        run("map", "dump", "name", "last_bytes").shouldPrint("key: -5  value: 70\nFound 1 element\n");
        run("map", "update", "name", "last_bytes", "key", "-5", "value", "1", "noexist")
                .shouldFail(1, "map `count/last_bytes`: not updated, the entry is there, and flags=noexist");
        var hex = "00 00 00 00 00 00 00 01".split(" ");
        var words = new ArrayList<>(List.of("map", "update", "path", "count/last_bytes", "key", "hex"));
        words.addAll(List.of(hex));
        words.addAll(List.of("value", "hex"));
        words.addAll(List.of(hex));
        run(words.toArray(String[]::new)).shouldPrint("");
        assertThat(run("map", "dump", "count/last_bytes").out())
                .contains("key: \"72057594037927936\"  value: \"72057594037927936\"\n")
                .endsWith("Found 2 elements\n");
        var dump = new JsonArray(run("-j", "map", "dump", "name", "last_bytes").out());
        assertThat(dump.stream().map(e -> ((JsonObject) e).getJsonArray("key").encode()))
                .contains("[\"0x00\",\"0x00\",\"0x00\",\"0x00\",\"0x00\",\"0x00\",\"0x00\",\"0x01\"]");
        assertThat(run("map", "list").out())
                .containsPattern("\\d+: hash  name last_bytes  flags 0x0\n"
                        + "        key 8B  value 8B  max_entries 64  memlock \\d+B\n");
        assertThat(run("map", "update", "name", "last_bytes", "value", "1").exit())
                .isEqualTo(2);
        run("map", "dump", "name", "nothing").shouldFail(1, "no map has name `nothing`");
    }

    @Test
    void shouldSendRecordsIntoInputs() throws Exception {
        run("set", "load", set("in", "codelets: [{object: input.bpf.o}]\ninputs: {limit: {map: limits}}"));
        run("input", "send", "limit", "{\"most\": 10, \"route\": 7}").shouldPrint("");
        assertThat(Probe.HOOKS.choose(5, 0)).isEqualTo(7);
        run("input", "send", "limit", "hex", "3c", "00", "00", "00", "03", "00", "00", "00")
                .shouldPrint("");
        assertThat(Probe.HOOKS.choose(50, 0)).isEqualTo(3);
        run("map", "push", "name", "limits", "value", "{\"route\": 9}").shouldPrint("");
        assertThat(Probe.HOOKS.choose(-1, 0)).isEqualTo(9);
        run("input", "list").shouldPrint("limit: map limits  accepted 2  refused 0  waiting 0\n");
        run("input", "send", "other", "{}").shouldFail(1, "input `other`: unknown, known are [limit]");
    }

    @Test
    void shouldServeTheSchemaOfAStream() throws Exception {
        run(
                "set",
                "load",
                set(
                        "kinds",
                        "codelets: [{object: kinds.bpf.o}]\nstreams: {files: {map: events, format: protobuf, kind:"
                                + " {field: kind, types: {1: struct open_event, 2: struct close_event}}}}"));
        run("stream", "list").shouldPrint("""
            files: codelet_set kinds  map events  to all  format protobuf  delivery best-effort
            \toutput: emitted 0  delivered 0  waiting 0
            """);
        var schema = get("streams/files/schema");
        assertThat(schema.body())
                .startsWith("syntax = \"proto3\";\n\npackage vertebra.kinds;\n\nmessage open_event {\n")
                .contains("message close_event {\n  sint64 id = 1;\n  event_kind kind = 2;\n  uint32 result = 3;\n}\n");
        assertThat(get("streams/files/schema?form=descriptor_set").headers().firstValue("content-type"))
                .contains("application/protobuf");
        assertThat(get("streams/files/schema?form=x").body()).contains("form: `x`, allowed is proto, descriptor_set");
        assertThat(get("streams/none/schema").body()).contains("stream `none`: there is none");
    }

    private HttpResponse<String> get(String path) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create(probe.vertebra().url() + "/api/v1/" + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void shouldTailAStream() throws Exception {
        run(
                "set",
                "load",
                set(
                        "count",
                        "codelets: [{object: count.bpf.o, execution: inline}]\nstreams: {large: {map: large_events}}"));
        for (int i = 0; i < 3; i++) {
            Probe.HOOKS.seen(i, 0, 2_000 + i);
        }
        var tail = run("stream", "tail", "large", "-n", "3");
        assertThat(tail.exit()).as(tail.err()).isZero();
        assertThat(tail.out()
                        .lines()
                        .map(line -> new JsonObject(line).getJsonObject("value").encode()))
                .containsExactly("{\"id\":0,\"bytes\":2000}", "{\"id\":1,\"bytes\":2001}", "{\"id\":2,\"bytes\":2002}");
        run("stream", "tail", "large", "--where", "bytes>=2001", "--where", "id!=2", "--fields", "bytes,id", "-n", "1")
                .shouldPrint("{\"bytes\":2001,\"id\":1}\n");
        assertThat(run("stream", "list").out()).startsWith("""
            large: codelet_set count  map large_events  to all  format json  delivery best-effort
            \toutput: emitted 3  delivered 3  waiting 0
            \tlive: emitted 3  delivered 3  waiting 0
            """);
        run("stream", "tail", "large", "--where", "size=1")
                .shouldFail(1, "field `size`: the records have none, they have [id, bytes], sequence and time");
        run("stream", "tail", "large", "--where", "bytes<x")
                .shouldFail(1, "--where bytes<x: 2000 and x are no numbers, allowed are = and !=");
        assertThat(run("stream", "tail", "large", "--where", "bytes").exit()).isEqualTo(2);
        assertThat(run("stream", "tail", "other").err()).startsWith("Error: stream `other` is unknown");
    }

    @Test
    void shouldListHooks() {
        assertThat(run("hook", "list").out())
                .contains("probe/seen: monitor  off\n        context probe_seen  fields id,route,bytes\n")
                .contains("probe/choose: control  off\n");
    }

    @Test
    void shouldSayThatNobodyIsThere() {
        Command.run("set", "list", "--url", "http://127.0.0.1:1")
                .shouldFail(1, "nothing listens at http://127.0.0.1:1: start Vertebra there, or name another --url");
        assertThat(Command.run("set", "list", "--url", "ftp://x").exit()).isEqualTo(2);
        var other = Command.run(
                "set",
                "unload",
                "x",
                "--url",
                probe.vertebra().url(),
                "--run-folder",
                folder.resolve("none").toString());
        other.shouldFail(
                1,
                "no token: send `Authorization: Bearer TOKEN`, the run file has it; set VERTEBRA_TOKEN, or run as the"
                        + " user who started it");
    }

    @Test
    void shouldExplainSettings() throws Exception {
        var reference = Command.run("start", "--reference");
        assertThat(reference.exit()).isZero();
        assertThat(reference.out()).contains("\n  port: 7700\n");
        var bad = Files.writeString(folder.resolve("bad-settings.yaml"), "http: {port: x}\nmore: 1\n");
        assertThat(Command.run("start", "--config", bad.toString()).err())
                .startsWith("Error: " + bad + ":1: http.port: `x`, allowed is an integer")
                .contains("; " + bad + ":2: more: unknown key, ")
                .hasLineCount(1);
    }

    private static String set(String name, String rest) throws Exception {
        return probe.set(name, rest);
    }

    private static Command run(String... arguments) {
        return probe.run(arguments);
    }
}
