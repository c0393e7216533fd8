package io.vertebra.verifier;

import static io.vertebra.verifier.Code.r;
import static io.vertebra.verifier.Verdicts.accepted;
import static io.vertebra.verifier.Verdicts.code;
import static io.vertebra.verifier.Verdicts.rejected;
import static io.vertebra.vm.isa.Instruction.AccessSize.DOUBLE;
import static io.vertebra.vm.isa.Instruction.AccessSize.WORD;

import io.vertebra.verifier.platform.NativePlatform;
import io.vertebra.verifier.platform.Platform;
import org.junit.jupiter.api.Test;

/** The same numbers as Linux's, with other prototypes. */
class JbpfHelpersTest {
    private final Platform jbpf = new NativePlatform(
            Fixtures.CONTEXT,
            io.vertebra.vm.helper.JbpfHelpers.all((_, _) -> {}).stream()
                    .map(h -> h.prototype())
                    .toList(),
            NativePlatform.INLINE_STEPS);

    private Code output(int map) {
        return code().store(DOUBLE, 10, -8, 1)
                .map(1, map)
                .mov(2, r(10))
                .plus(2, -8)
                .mov(3, 8)
                .call(12)
                .exit();
    }

    @Test
    void shouldTakeTwelveForRingsNotForTailCalls() {
        accepted(output(2), jbpf);
        rejected(output(0), jbpf, "insn 6: `jbpf_ringbuf_output` cannot work on map `values`: its type is ARRAY");
    }

    private Code dump(int map, int size) {
        return code().map(1, map)
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
        accepted(dump(1, 24), jbpf);
        rejected(
                dump(1, 25),
                jbpf,
                "insn 6: argument 2 (memory to fill) of `jbpf_map_dump`: r2 may be outside the stack: offset -24, 25"
                        + " bytes, the stack is [-512, 0)");
        rejected(dump(2, 24), jbpf, "insn 6: `jbpf_map_dump` cannot work on map `events`: its type is RINGBUF");
    }

    @Test
    void shouldRequireResetValuesToBeChecked() {
        rejected(
                code().lookup(0).load(DOUBLE, 0, 0, 0).exit(),
                jbpf,
                "insn 6: r0 may be null: r0 is a pointer to a value of map `values`, maybe null");
        rejected(
                code().store(WORD, 10, -4, 0)
                        .map(1, 3)
                        .mov(2, r(10))
                        .plus(2, -4)
                        .call(2)
                        .exit(),
                jbpf,
                "insn 5: map `.rodata` is read-only: `jbpf_map_lookup_reset_elem` changes it");
    }

    @Test
    void shouldRejectFormatsThatAreNotConstant() {
        rejected(
                code().store(DOUBLE, 10, -8, 0)
                        .mov(1, r(10))
                        .plus(1, -8)
                        .mov(2, 8)
                        .call(11)
                        .exit(),
                jbpf,
                "insn 4: the format is not constant: r1 does not point into read-only data");
    }

    @Test
    void shouldNameHelpersThatAreNotThere() {
        rejected(code().call(16).exit(), jbpf, "insn 0: helper 16 is not available here");
    }
}
