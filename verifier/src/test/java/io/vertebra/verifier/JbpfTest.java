package io.vertebra.verifier;

import static io.vertebra.verifier.Code.r;
import static io.vertebra.verifier.Verdicts.accepted;
import static io.vertebra.verifier.Verdicts.rejected;
import static io.vertebra.vm.isa.Instruction.AccessSize.BYTE;
import static io.vertebra.vm.isa.Instruction.AccessSize.DOUBLE;
import static io.vertebra.vm.isa.Instruction.AccessSize.HALF;
import static io.vertebra.vm.isa.Instruction.AccessSize.WORD;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.verifier.platform.JbpfPlatform;
import io.vertebra.verifier.platform.JbpfProgramType;
import io.vertebra.verifier.platform.JbpfTypes;
import io.vertebra.verifier.platform.Platform;
import io.vertebra.vm.helper.HelperPrototype;
import io.vertebra.vm.helper.HelperPrototype.Argument;
import io.vertebra.vm.helper.HelperPrototype.Result;
import io.vertebra.vm.isa.Instruction.AccessSize;
import io.vertebra.vm.isa.Instruction.Condition;
import io.vertebra.vm.program.AccessPlan;
import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What jbpf's ABI allows: the numbers of Linux's helpers with other prototypes, other maps, another context. */
class JbpfTest {

    private static final int VALUES = 0;
    private static final int FLOWS = 1;
    private static final int RING = 2;
    private static final int INPUT = 3;
    private static final int OUTPUT = 4;
    private static final int CONSTANTS = 5;

    private final Platform generic = new JbpfPlatform(JbpfProgramType.GENERIC, JbpfTypes.NONE);

    private static Code code() {
        return new Code()
                .maps(
                        Fixtures.ARRAY,
                        Fixtures.HASH,
                        MapSpec.of("ring", MapType.JBPF_RINGBUF, 0, 16, 8),
                        MapSpec.of("input", MapType.JBPF_CONTROL_INPUT, 0, 16, 8),
                        MapSpec.of("output", MapType.JBPF_OUTPUT, 0, 16, 8),
                        Fixtures.readOnly(new byte[4]));
    }

    private static Code withMap(int map) {
        return code().map(1, map);
    }

    @ParameterizedTest
    @CsvSource({"DOUBLE, 16", "WORD, 24", "HALF, 26", "BYTE, 27"})
    void shouldReadTheContextsFields(AccessSize size, int offset) {
        accepted(code().load(size, 0, 1, offset).exit(), generic);
    }

    @ParameterizedTest
    @CsvSource({"DOUBLE, 24", "WORD, 28", "BYTE, 32", "BYTE, -1", "WORD, 0"})
    void shouldRejectWhatIsNoFieldOfTheContext(AccessSize size, int offset) {
        var place = offset == 0 ? "r1" : offset < 0 ? "r1 - " + -offset : "r1 + " + offset;
        rejected(
                code().load(size, 0, 1, offset).exit(),
                generic,
                "insn 0: " + place + " does not read one field of the context `jbpf_generic_ctx`: offset " + offset
                        + ", " + size.bytes() + (size.bytes() == 1 ? " byte" : " bytes") + ", size 32"
                        + (offset == 0 ? ", field `data` is 8 bytes at 0" : ""));
    }

    @Test
    void shouldPassTheContextsSize() {
        accepted(code().mov(0, r(2)).exit(), generic);
        rejected(code().mov(0, r(2)).exit(), "insn 0: r2 is not initialised");
        rejected(code().mov(0, r(3)).exit(), generic, "insn 0: r3 is not initialised");
        rejected(
                code().plus(1, r(2)).load(WORD, 0, 1, 0).exit(),
                generic,
                "insn 0: add is not possible on these operands: left is a pointer to the context, right is any number");
    }

    @Test
    void shouldNotFollowMetaData() {
        rejected(
                code().load(DOUBLE, 1, 1, 16).load(BYTE, 0, 1, 0).exit(),
                generic,
                "insn 1: r1 is any number, not a pointer to memory");
    }

    private static Code payload(Code inside) {
        return inside.label("out").result(0);
    }

    private static Code fourBytesOfPayload() {
        return code().load(DOUBLE, 2, 1, 0)
                .load(DOUBLE, 3, 1, 8)
                .mov(4, r(2))
                .plus(4, 4)
                .jumpIf(4, Condition.GT, r(3), "out");
    }

    @Test
    void shouldReadAndWriteThePayload() {
        accepted(payload(fourBytesOfPayload().load(WORD, 5, 2, 0).store(WORD, 2, 0, r(5))), generic);
        accepted(payload(fourBytesOfPayload().mov(5, 1).atomicAdd(WORD, 2, 0, 5)), generic);
        rejected(
                payload(fourBytesOfPayload().store(WORD, 2, 1, 7)),
                generic,
                "insn 5: r2 + 1 may be outside the payload: offset 1, 4 bytes, 4 bytes proven");
    }

    @Test
    void shouldNotWriteTheContext() {
        rejected(
                code().store(DOUBLE, 1, 16, 0).result(0),
                generic,
                "insn 0: the context is read-only: r1 is a pointer to the context");
    }

    @Test
    void shouldNeedANumberAtTheEnd() {
        rejected(code().exit(), generic, "insn 0: r0 is not initialised at the program's end: r0 is not initialised");
    }

    // ---- helpers ----

    private static Code output(int map, int size) {
        return code().store(DOUBLE, 10, -8, 1)
                .map(1, map)
                .mov(2, r(10))
                .plus(2, -8)
                .mov(3, size)
                .call(12)
                .exit();
    }

    @Test
    void shouldTakeTwelveForRingsNotForTailCalls() {
        accepted(output(RING, 8), generic);
        accepted(output(RING, 0), generic);
        rejected(
                output(RING, 9),
                generic,
                "insn 6: argument 2 (memory to read) of `jbpf_ringbuf_output`: r2 may be outside the stack: offset"
                        + " -8, 9 bytes, the stack is [-512, 0)");
        rejected(
                output(VALUES, 8),
                generic,
                "insn 6: `jbpf_ringbuf_output` cannot work on map `values`: its type is ARRAY");
    }

    private static Code dump(int map, int size) {
        return withMap(map)
                .mov(2, r(10))
                .plus(2, -24)
                .mov(3, size)
                .mov(4, 0)
                .call(6)
                .load(DOUBLE, 0, 10, -8)
                .exit();
    }

    @Test
    void shouldTakeSixForDumpsNotForFormats() {
        accepted(dump(FLOWS, 24), generic);
        rejected(
                dump(FLOWS, 25),
                generic,
                "insn 6: argument 2 (memory to fill) of `jbpf_map_dump`: r2 may be outside the stack: offset -24, 25"
                        + " bytes, the stack is [-512, 0)");
        rejected(
                dump(RING, 24), generic, "insn 6: `jbpf_map_dump` cannot work on map `ring`: its type is JBPF_RINGBUF");
    }

    private static Code receive(int map, int size, int read) {
        return withMap(map)
                .mov(2, r(10))
                .plus(2, -16)
                .mov(3, size)
                .call(16)
                .load(BYTE, 0, 10, read)
                .exit();
    }

    @Test
    void shouldKnowWhatIsReceived() {
        accepted(receive(INPUT, 16, -16), generic);
        accepted(receive(INPUT, 16, -1), generic);
        rejected(
                receive(INPUT, 8, -8),
                generic,
                "insn 6: the stack at r10 - 8 may be uninitialised: offset -8, 1 byte read");
        rejected(
                receive(INPUT, 17, -1),
                generic,
                "insn 5: argument 2 (memory to fill) of `jbpf_control_input_receive`: r2 may be outside the stack:"
                        + " offset -16, 17 bytes, the stack is [-512, 0)");
        rejected(
                receive(OUTPUT, 16, -1),
                generic,
                "insn 5: `jbpf_control_input_receive` cannot work on map `output`: its type is JBPF_OUTPUT");
    }

    @Test
    void shouldFillOutputsInTheirBounds() {
        var plan = accepted(
                        withMap(OUTPUT)
                                .call(17)
                                .jumpIf(0, Condition.EQ, 0, "out")
                                .store(DOUBLE, 0, 8, 1)
                                .map(1, OUTPUT)
                                .call(18)
                                .label("out")
                                .result(0),
                        generic)
                .plan();
        assertThat(plan.accesses().get(4)).isEqualTo(Set.of(new AccessPlan.MapValue(OUTPUT)));
        rejected(
                withMap(OUTPUT).call(17).store(DOUBLE, 0, 0, 1).result(0),
                generic,
                "insn 3: r0 may be null: r0 is a pointer to a value of map `output`, maybe null");
        rejected(
                withMap(OUTPUT)
                        .call(17)
                        .jumpIf(0, Condition.EQ, 0, "out")
                        .store(DOUBLE, 0, 9, 1)
                        .label("out")
                        .result(0),
                generic,
                "insn 4: r0 + 9 may be outside a value of map `output`: offset 9, 8 bytes, size 16");
        rejected(
                withMap(RING).call(17).result(0),
                generic,
                "insn 2: `jbpf_get_output_buf` cannot work on map `ring`: its type is JBPF_RINGBUF");
        rejected(
                withMap(INPUT).call(18).result(0),
                generic,
                "insn 2: `jbpf_send_output` cannot work on map `input`: its type is JBPF_CONTROL_INPUT");
    }

    @Test
    void shouldRequireResetValuesToBeChecked() {
        rejected(
                code().lookup(VALUES).load(DOUBLE, 0, 0, 0).exit(),
                generic,
                "insn 6: r0 may be null: r0 is a pointer to a value of map `values`, maybe null");
        rejected(
                code().store(WORD, 10, -4, 0)
                        .map(1, CONSTANTS)
                        .mov(2, r(10))
                        .plus(2, -4)
                        .call(2)
                        .exit(),
                generic,
                "insn 5: map `.rodata` is read-only: `jbpf_map_lookup_reset_elem` changes it");
    }

    /** The helper looks itself at what a format makes it follow. */
    @Test
    void shouldAllowFormatsOnTheStack() {
        accepted(
                code().store(DOUBLE, 10, -8, 0)
                        .mov(1, r(10))
                        .plus(1, -8)
                        .mov(2, 8)
                        .call(11)
                        .result(0),
                generic);
    }

    @Test
    void shouldMeasureTime() {
        accepted(code().call(13).call(14).exit(), generic);
    }

    @Test
    void shouldNameHelpersThatAreNotThere() {
        rejected(code().call(19).exit(), generic, "insn 0: helper 19 is not available here");
        rejected(code().call(32).exit(), generic, "insn 0: helper 32 is not available here");
    }

    // ---- what an application adds ----

    private static Platform with(Argument... arguments) {
        var added = new HelperPrototype(32, "scale", List.of(arguments), Result.SCALAR);
        return new JbpfPlatform(JbpfProgramType.GENERIC, new JbpfTypes(List.of(), List.of(added), Map.of()));
    }

    @Test
    void shouldCallHelpersOfAnApplication() {
        accepted(code().mov(2, 5).call(32).exit(), with(Argument.CONTEXT, Argument.SCALAR));
        rejected(
                code().mov(1, 5).call(32).exit(),
                with(Argument.MAP),
                "insn 1: argument 1 (the map) of `scale` is wrong: r1 is the number 5");
        var custom = new HelperPrototype(7, "own_time", List.of(Argument.SCALAR), Result.SCALAR);
        rejected(
                code().call(7).exit(),
                new JbpfPlatform(JbpfProgramType.GENERIC, new JbpfTypes(List.of(), List.of(custom), Map.of())),
                "insn 0: argument 1 (a number) of `own_time` is wrong: r1 is a pointer to the context");
    }

    @Test
    void shouldLookIntoInnerMaps() {
        var outer = MapSpec.of("outer", MapType.ARRAY_OF_MAPS, 4, 4, 2).withInner(Fixtures.ARRAY);
        var code = new Code()
                .maps(outer)
                .lookup(0)
                .jumpIf(0, Condition.EQ, 0, "out")
                .mov(1, r(0))
                .mov(2, r(10))
                .plus(2, -4)
                .call(1)
                .jumpIf(0, Condition.EQ, 0, "out")
                .store(DOUBLE, 0, 56, 1)
                .label("out")
                .result(0);
        accepted(code, generic);
        rejected(
                new Code().maps(outer).map(1, 0).call(5).result(0),
                generic,
                "insn 2: `jbpf_map_clear` cannot work on map `outer`: its type is ARRAY_OF_MAPS");
    }

    @Test
    void shouldReadTheContextsOfAnApplication() {
        var platform = new JbpfPlatform(JbpfProgramType.of("jbpf_ran_ofh", 27), JbpfTypes.NONE);
        accepted(code().load(BYTE, 0, 1, 26).exit(), platform);
        accepted(code().load(HALF, 0, 1, 25).exit(), platform);
        rejected(
                code().load(BYTE, 0, 1, 27).exit(),
                platform,
                "insn 0: r1 + 27 does not read one field of the context `jbpf_ran_ofh_ctx`: offset 27, 1 byte, size"
                        + " 32");
    }
}
