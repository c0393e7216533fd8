package io.vertebra.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands verify, inspect and run, on objects as clang writes them. */
class ObjectCommandsTest {

    @TempDir
    Path folder;

    private String shop;
    private String rejected;

    @BeforeEach
    void copyObjects() {
        shop = object("/objects/shop.bpf.o");
        rejected = object("/objects/rejected.bpf.o");
    }

    private String object(String resource) {
        return Command.object(folder, resource).toString();
    }

    @Test
    void shouldVerifyEveryProgram() {
        Command.run("verify", shop).shouldPrint(Command.golden("verify-shop.txt"));
        Command.run("verify", shop, "price").shouldPrint("PASS price (10 instructions, at most 9 steps)\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/gateway/gateway.bpf.o", "/gateway/steering.bpf.o"})
    void shouldAcceptTheExamples(String resource) {
        var result = Command.run("verify", "--platform", "native", object(resource));
        assertThat(result.out().lines()).isNotEmpty().allMatch(line -> line.startsWith("PASS "));
        assertThat(result.exit()).isZero();
    }

    @Test
    void shouldSayWhyAProgramIsRejected() {
        var result = Command.run("verify", rejected);
        assertThat(result.out()).isEqualTo(Command.golden("verify-rejected.txt"));
        assertThat(result.exit()).isOne();
    }

    @Test
    void shouldSayHowAVerdictWasComeTo() {
        Command.run("verify", "--log", shop, "on_order").shouldPrint(Command.golden("verify-log.txt"));
        var result = Command.run("verify", "-j", "--log", rejected, "unsafe");
        var log = new JsonArray(result.out()).getJsonObject(0).getJsonArray("log");
        assertThat(log.getString(log.size() - 1).strip()).isEqualTo("r2 may be outside the payload");
    }

    @Test
    void shouldGenerateMessagesOfRecords() throws Exception {
        var kinds =
                Path.of("../runtime/src/test/resources/codelets/kinds.bpf.o").toString();
        Command.run("gen", "proto", kinds, "--type", "struct close_event").shouldPrint("""
            syntax = "proto3";

            package vertebra.kinds;

            message close_event {
              sint64 id = 1;
              event_kind kind = 2;
              uint32 result = 3;
            }

            enum event_kind {
              EVENT_KIND_UNSPECIFIED = 0;
              EVENT_OPEN = 1;
              EVENT_CLOSE = 2;
            }
            """);
        assertThat(Command.run("gen", "proto", object("/gateway/gateway.bpf.o"), "--set", "my.set")
                        .out())
                .startsWith("syntax = \"proto3\";\n\npackage vertebra.my.set;\n\nmessage ");
        var descriptors = folder.resolve("kinds.desc");
        Command.run(
                        "gen",
                        "proto",
                        kinds,
                        "--type",
                        "struct close_event",
                        "--descriptor-set",
                        "-o",
                        descriptors.toString())
                .shouldPrint("");
        assertThat(Files.size(descriptors)).isPositive();
        Command.run("gen", "proto", kinds)
                .shouldFail(
                        1,
                        "object `kinds.bpf.o`: no ring buffer declares the type of its records, name types with"
                                + " --type");
        Command.run("gen", "proto", kinds, "--type", "struct x")
                .shouldFail(
                        1,
                        "object `kinds.bpf.o`: type `struct x` is not in its BTF, allowed is `struct NAME`,"
                                + " `union NAME`, or a typedef's name");
        Command.run("gen", "proto", kinds, "--type", "struct close_event", "--descriptor-set")
                .shouldFail(1, "--descriptor-set writes bytes, name a file with -o");
    }

    @Test
    void shouldGiveVerdictsAsJson() {
        var result = Command.run("-j", "verify", rejected);
        assertThat(result.exit()).isOne();
        var verdicts = new JsonArray(result.out());
        assertThat(verdicts.getJsonObject(0).getString("verdict")).isEqualTo("pass");
        assertThat(verdicts.getJsonObject(0).getInteger("max_steps")).isEqualTo(2);
        var failed = verdicts.getJsonObject(1);
        assertThat(failed.getString("verdict")).isEqualTo("fail");
        var finding = failed.getJsonArray("findings").getJsonObject(0);
        assertThat(finding.getString("problem")).isEqualTo("r2 may be outside the payload");
        assertThat(finding.getJsonObject("source").getInteger("line")).isEqualTo(23);
        assertThat(finding.getJsonArray("path").getJsonObject(0).getString("outcome"))
                .isEqualTo("where r2 comes from");
    }

    @Test
    void shouldInspect() {
        Command.run("inspect", shop).shouldPrint(Command.golden("inspect-shop.txt"));
        var disassembled = Command.run("inspect", shop, "--disassemble");
        disassembled.shouldPrint(Command.golden("inspect-shop.txt") + Command.golden("disassemble-shop.txt"));
    }

    @Test
    void shouldInspectAsJson() {
        var json = new JsonObject(
                Command.run("inspect", "-p", "--disassemble", shop).out());
        assertThat(json.getString("license")).isEqualTo("Apache-2.0");
        var program = json.getJsonArray("programs").getJsonObject(0);
        assertThat(program.getJsonArray("functions")).containsExactly("on_order", "checksum");
        assertThat(program.getJsonArray("maps")).containsExactly("sales", ".data");
        assertThat(program.getJsonArray("helpers")).containsExactly("map_lookup_elem");
        var called = program.getJsonArray("disassembly").getJsonObject(1);
        assertThat(called.getString("declaration")).isEqualTo("__u64 checksum(__u8 *data, __u8 *end)");
        assertThat(json.getJsonArray("maps").getJsonObject(0).getString("value_type"))
                .isEqualTo("struct sales");
        var variable = json.getJsonArray("variables").getJsonObject(1);
        assertThat(variable.getString("name")).isEqualTo("limits");
        assertThat(variable.getJsonObject("value").getInteger("most")).isEqualTo(90);
    }

    @Test
    void shouldShowCoreRelocations() {
        var versions = object("/objects/versions.bpf.o");
        assertThat(Command.run("inspect", versions).out()).contains("""
            	instructions 7  CO-RE relocations 3
            	insn 1  CO-RE <field_exists> [2] struct shop_price::tax (0:2)
            	insn 3  CO-RE <byte_off> [2] struct shop_price::tax (0:2)
            	insn 4  CO-RE <byte_off> [2] struct shop_price::cents (0:0)
            """);
        assertThat(Command.run("inspect", versions, "--disassemble").out())
                .containsPattern(
                        " 4: r\\d = \\*\\(u32 \\*\\)\\(r1 \\+ 0\\) +; CO-RE <byte_off> \\[2] struct shop_price::cents");
        var json = new JsonObject(Command.run("inspect", "-j", versions).out());
        assertThat(json.getJsonArray("programs")
                        .getJsonObject(0)
                        .getJsonArray("core_relocations")
                        .getJsonObject(2))
                .isEqualTo(new JsonObject()
                        .put("insn", 4)
                        .put("kind", "byte_off")
                        .put("type_id", 2)
                        .put("access", new JsonArray().add(0).add(0))
                        .put("text", "<byte_off> [2] struct shop_price::cents (0:0)"));
        Command.run("verify", versions).shouldPrint("PASS with_tax (7 instructions, at most 7 steps)\n");
        assertThat(Command.run("run", versions, "--ctx", "64000000 00000000 07000000")
                        .out())
                .startsWith("Return value: 0x6b,");
    }

    @Test
    void shouldRunTimersBetweenRuns() {
        var visits = object("/objects/visits.bpf.o");
        assertThat(Command.run("inspect", visits).out())
                .contains("array  name visits  flags 0x0\n\tkey 4B  value 32B  max_entries 1\n")
                .contains("\tlock at byte 8  timer at byte 16\n")
                .contains("user_ringbuf  name input")
                .contains("helpers map_lookup_elem timer_init timer_set_callback timer_start spin_lock spin_unlock"
                        + " dynptr_from_mem dynptr_read user_ringbuf_drain");
        var none = Command.run("run", visits, "--repeat", "3", "--ctx", "00ca9a3b00000000"); // a second
        assertThat(none.out()).startsWith("Return value: 0x3,");
        assertThat(none.err()).isEqualTo("Timers that were not due yet: 1\n");
        var each = Command.run("run", visits, "--repeat", "3"); // no delay
        assertThat(each.out()).startsWith("Return value: 0xcb,"); // 203: callbacks after the first and second run
        assertThat(each.err()).isEmpty();
    }

    @Test
    void shouldRunPrograms() {
        assertThat(Command.run("run", shop, "price", "--ctx", "64000000 0a000000")
                        .out())
                .matches("Return value: 0x5a, duration: \\d+ns\n");
        assertThat(Command.run("run", shop, "price", "--ctx", "64000000 0a000000", "--executor", "jit")
                        .out())
                .matches("Return value: 0x5a, duration: \\d+ns\n");
        assertThat(Command.run("run", shop, "on_order", "--payload", "010203", "--repeat", "3")
                        .out())
                .matches("Return value: 0x306, duration \\(average\\): \\d+ns\n");
        var json = new JsonObject(Command.run("run", "-j", rejected, "safe").out());
        assertThat(json.getString("retval")).isEqualTo("0x0");
        assertThat(json.getLong("duration")).isPositive();
    }

    @Test
    void shouldPrintWhatProgramsTrace() {
        assertThat(Command.run("run", shop, "tell", "--ctx", "0000000000000000 0500000000000000")
                        .err())
                .isEqualTo("tick 5\n");
    }

    @Test
    void shouldShowBytecodeBelowItsInstructions() {
        assertThat(Command.run("prog", "dump", "bytecode", shop, "price").out())
                .startsWith("function0(RunContext,long,long,long,long,long)long\n")
                .containsPattern("\n     8: w0 -= w2\n(?: {8}.*\n)*        isub\n");
        Command.run("prog", "dump", "bytecode", rejected, "unsafe")
                .shouldFail(
                        1,
                        "program `unsafe`: rejected by the verifier, insn 8 (rejected.bpf.c:23): r2 may be outside the"
                                + " payload: offset [0, 4294967295], 1 byte, 0 bytes proven behind the index;"
                                + " `vertebra verify` tells more");
    }

    @Test
    void shouldRunUnverifiedOnlyWhenAsked() {
        Command.run("run", rejected, "unsafe")
                .shouldFail(
                        1,
                        "program `unsafe`: rejected by the verifier, insn 8 (rejected.bpf.c:23): r2 may be outside the"
                                + " payload: offset [0, 4294967295], 1 byte, 0 bytes proven behind the index;"
                                + " `vertebra verify` tells more, --no-verify runs it all the same");
        var outside = Command.run(
                "run",
                rejected,
                "unsafe",
                "--no-verify",
                "--payload",
                "0102030405060708",
                "--ctx",
                "00".repeat(16) + "0900000000000000");
        outside.shouldFail(1, "program `unsafe`: insn 8: read of the payload: offset=9, size=1, allowed [0, 8)");
        var inside = Command.run(
                "run",
                rejected,
                "unsafe",
                "--no-verify",
                "--payload",
                "0102030405060708",
                "--ctx",
                "00".repeat(16) + "0700000000000000");
        assertThat(inside.out()).startsWith("Return value: 0x8,");
        var foreign = Command.run("run", "--no-verify", object("/objects/foreign.bpf.o"));
        assertThat(foreign.out()).startsWith("Return value: 0x2,");
    }

    @ParameterizedTest
    @ValueSource(strings = {"verify", "inspect", "run"})
    void shouldNameFilesThatAreNoObjects(String command) throws IOException {
        Command.run(command, "none.o").shouldFail(1, "object `none.o` cannot be read: no such file");
        Command.run(command, folder.toString()).shouldFail(1, "object `" + folder + "` cannot be read: Is a directory");
        var text = Files.writeString(
                folder.resolve("text.o"), "not an object, but long enough to have a header of an ELF file");
        Command.run(command, text.toString())
                .shouldFail(1, "object text.o: ELF file: 62 bytes, its header alone has 64");
        var whole = Command.bytes("/objects/shop.bpf.o");
        for (int length = 64; length < whole.length; length += 97) {
            var cut = Files.write(folder.resolve("cut.o"), Arrays.copyOf(whole, length));
            var result = Command.run(command, cut.toString());
            assertThat(result.exit()).isOne();
            assertThat(result.err()).startsWith("Error: object cut.o: ").hasLineCount(1);
        }
    }

    /** A damaged object is shown or refused; it is never a defect of ours. */
    @Test
    void shouldSurviveDamagedObjects() throws IOException {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            var bytes = Command.bytes("/objects/shop.bpf.o");
            for (int n = 1 + random.nextInt(4); n > 0; n--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            var file = Files.write(folder.resolve("damaged.o"), bytes).toString();
            for (var arguments : new String[][] {
                {"inspect", file, "--disassemble"}, {"inspect", "-j", file, "--disassemble"}, {"verify", file}
            }) {
                var result = Command.run(arguments);
                assertThat(result.err()).as("seed %d, object %d", seed, i).doesNotContain("Exception", "Error: java");
                assertThat(result.exit()).isBetween(0, 1);
            }
        }
    }

    @Test
    void shouldNameProgramsThatThereAre() {
        var names = "`on_order`, `price`, `tell`";
        Command.run("verify", shop, "prize")
                .shouldFail(1, "object `shop.bpf.o` has no program `prize`, it has " + names);
        Command.run("run", shop, "prize").shouldFail(1, "object `shop.bpf.o` has no program `prize`, it has " + names);
        Command.run("run", shop).shouldFail(1, "object `shop.bpf.o` has 3 programs, name one of " + names);
        Command.run("verify", object("/objects/foreign.bpf.o"))
                .shouldFail(
                        1,
                        "program `pass`: section `xdp` is unknown, known are hook/<group>/<name>,"
                                + " control/<group>/<name> and interval/<duration>");
    }

    @Test
    void shouldRefuseContextsThatDoNotFit() {
        Command.run("run", shop, "price", "--ctx", "00").shouldFail(1, "--ctx: 1 bytes, struct shop_price has 8");
        Command.run("run", shop, "price", "--payload", "00")
                .shouldFail(1, "--payload: struct shop_price has no fields `data` and `data_end`");
    }

    @Test
    void shouldTellUsageErrors() {
        Command.run("verify").shouldFail(2, "Missing required parameter: 'OBJ'");
        Command.run("verify", shop, "--platform", "linux")
                .shouldFail(2, "--platform linux is not supported by this version, allowed are auto, native and jbpf");
        Command.run("verify", shop, "--platform", "mars")
                .shouldFail(2, "--platform mars is unknown, allowed are auto, native and jbpf");
        Command.run("run", shop, "price", "--executor", "cpu")
                .shouldFail(2, "--executor cpu is unknown, allowed are interpreter and jit");
        Command.run("run", shop, "price", "--repeat", "0").shouldFail(2, "--repeat 0: allowed is 1 or more");
        Command.run("run", shop, "price", "--repeat", "many")
                .shouldFail(2, "Invalid value for option '--repeat': 'many' is not an int");
        Command.run("run", shop, "price", "--ctx", "0g")
                .shouldFail(2, "Invalid value for option '--ctx': `g` at digit 2 of `0g` is not hex");
        Command.run("run", shop, "price", "--ctx", "012")
                .shouldFail(2, "Invalid value for option '--ctx': `012` has 3 digits, two are needed for each byte");
    }

    @Test
    void shouldTellErrorsAsJson() {
        for (var arguments : new String[][] {{"-j", "verify", "none.o"}, {"verify", "-j", "none.o"}}) {
            var result = Command.run(arguments);
            assertThat(result.err()).isEqualTo("{\"error\":\"object `none.o` cannot be read: no such file\"}\n");
            assertThat(result.exit()).isOne();
        }
        assertThat(Command.run("run", "-p", "--repeat", "x", "none.o").err())
                .isEqualTo("{\"error\":\"Invalid value for option '--repeat': 'x' is not an int\"}\n");
    }
}
