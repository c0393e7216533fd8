package io.vertebra.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands verify, inspect and run, on an object of jbpf's ABI. */
class JbpfCommandsTest {

    @TempDir
    Path folder;

    private String meter;
    private String radio;

    @BeforeEach
    void copyFiles() {
        meter = Command.object(folder, "/objects/meter.bpf.o").toString();
        radio = Command.object(folder, "/objects/radio.yaml").toString();
    }

    @Test
    void shouldTellTheAbiByItself() {
        var result = Command.run("verify", meter);
        assertThat(result.out()).isEqualTo(Command.golden("verify-meter.txt"));
        assertThat(result.exit()).isOne();
        assertThat(Command.run("verify", "--platform", "jbpf", meter)).isEqualTo(result);
        Command.run("verify", "--platform", "native", meter)
                .shouldFail(
                        1,
                        "program `jbpf_main`: section `jbpf_generic` is unknown, known are hook/<group>/<name>,"
                                + " control/<group>/<name> and interval/<duration>");
    }

    @Test
    void shouldTakeWhatAnApplicationAdds() {
        var passed = """
            PASS jbpf_main (62 instructions, at most 57 steps)
            PASS on_stats (16 instructions, at most 15 steps)
            PASS on_frame (19 instructions, at most 18 steps)
            """;
        Command.run("verify", "--hooks", radio, meter).shouldPrint(passed);
        var json = new JsonArray(
                Command.run("verify", "-j", "--hooks", radio, meter, "on_frame").out());
        assertThat(json.getJsonObject(0).getString("verdict")).isEqualTo("pass");
        assertThat(json.getJsonObject(0).getString("section")).isEqualTo("radio_frame");
    }

    @Test
    void shouldTakeAnotherProgramType() {
        var line = "PASS jbpf_main (62 instructions, at most 57 steps)\n";
        Command.run("verify", meter, "jbpf_main", "--type", "jbpf_stats").shouldPrint(line);
        var rejected = Command.run("verify", meter, "on_stats", "--type", "radio_frame", "--hooks", radio);
        assertThat(rejected.out())
                .startsWith("FAIL on_stats: insn 0 (meter.bpf.c:94): r1 + 24 does not read one field of the context"
                        + " `radio_frame_ctx`: offset 24, 4 bytes, size 32\n");
        Command.run("verify", meter, "--type", "radio_frame")
                .shouldFail(1, "--type radio_frame is unknown, known are jbpf_generic, jbpf_stats");
        var shop = Command.object(folder, "/objects/shop.bpf.o").toString();
        Command.run("verify", shop, "--type", "jbpf_stats")
                .shouldFail(
                        2,
                        "--type jbpf_stats: a native program has the type of its section, allowed is --type on jbpf");
    }

    @Test
    void shouldNameWhatIsWrongWithAdditions() throws IOException {
        Command.run("verify", "--hooks", "none.yaml", meter).shouldFail(1, "none.yaml: cannot be read: no such file");
        var file = Files.writeString(folder.resolve("bad.yaml"), "helpers: [{id: 32, name: f, result: number}]");
        Command.run("inspect", "--hooks", file.toString(), meter)
                .shouldFail(
                        1,
                        file
                                + ": helpers[0].result: `number`, allowed is text of the form"
                                + " scalar|void|map_value_or_null");
        Files.writeString(file, "helpers: [{id: 32, name: f, arguments: [map_key], result: scalar}]");
        Command.run("run", "--hooks", file.toString(), meter, "on_stats")
                .shouldFail(
                        1,
                        file
                                + ": helper `f`: argument MAP_KEY at place 1: a key or value needs a MAP before it,"
                                + " memory a size after it, a size memory before it");
        Files.writeString(file, "program_types: [{section: short, context_bytes: 8}]");
        Command.run("verify", "--hooks", file.toString(), meter)
                .shouldFail(1, file + ": program type `short`: context of 8 bytes, allowed is 24 to 512");
    }

    @Test
    void shouldInspectWithJbpfsNames() {
        Command.run("inspect", meter).shouldPrint(Command.golden("inspect-meter.txt"));
        var json = new JsonObject(Command.run("inspect", "-j", meter).out());
        assertThat(json.getString("abi")).isEqualTo("jbpf");
        assertThat(json.getJsonArray("maps").stream()
                        .map(m -> ((JsonObject) m).getString("type"))
                        .toList())
                .containsExactly(
                        "array",
                        "hashmap",
                        "ringbuf",
                        "control_input",
                        "per_thread_array",
                        "per_thread_hashmap",
                        "output");
    }

    /** The sum is of all runs, because the map and the changed payload stay; above it is the size of the context. */
    @Test
    void shouldRunWithJbpfsHelpers() {
        var result = Command.run("run", meter, "jbpf_main", "--payload", "05000000", "--repeat", "3");
        assertThat(result.out()).matches("Return value: 0x2000000012, duration \\(average\\): \\d+ns\n");
        assertThat(result.err()).isEqualTo("frame 1\nframe 2\nframe 3\n");
        assertThat(Command.run("run", meter, "on_stats").out()).startsWith("Return value: 0x0, ");
        var id = "00".repeat(24) + "0700000000000000";
        assertThat(Command.run("run", meter, "jbpf_main", "--ctx", id, "--payload", "09000000")
                        .out())
                .startsWith("Return value: 0x2000000009, ");
        Command.run("run", meter, "jbpf_main", "--ctx", "00")
                .shouldFail(1, "--ctx: 1 bytes, struct jbpf_generic_ctx has 32");
        Command.run("run", meter, "on_frame", "--hooks", radio)
                .shouldFail(1, "program `on_frame`: insn 2: helper 32 is unknown");
    }
}
