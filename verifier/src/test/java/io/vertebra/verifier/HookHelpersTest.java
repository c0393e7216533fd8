package io.vertebra.verifier;

import static io.vertebra.verifier.Code.r;
import static io.vertebra.verifier.Verdicts.accepted;
import static io.vertebra.verifier.Verdicts.code;
import static io.vertebra.verifier.Verdicts.rejected;
import static io.vertebra.vm.isa.Instruction.AccessSize.DOUBLE;

import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import org.junit.jupiter.api.Test;

/** Helpers on the hook, the stack and checksums: their prototypes are enough. */
class HookHelpersTest {
    @Test
    void shouldAcceptArgumentsOfHooks() {
        accepted(code().mov(2, 0)
                .mov(3, r(10))
                .plus(3, -8)
                .call(183)
                .load(DOUBLE, 0, 10, -8)
                .exit());
        accepted(code().call(173).exit());
        accepted(code().mov(1, 5).call(187).call(186).exit());
    }

    @Test
    void shouldRejectOtherThanTheContext() {
        rejected(
                code().mov(1, 0).call(173).exit(),
                "insn 1: argument 1 (the context) of `bpf_get_func_ip` is wrong: r1 is the number 0");
    }

    @Test
    void shouldRejectPlacesThatAreTooSmall() {
        rejected(
                code().mov(2, r(10)).plus(2, -4).call(184).exit(),
                "insn 2: argument 2 (memory to fill) of `bpf_get_func_ret`: r2 may be outside the stack: offset -4,"
                        + " 8 bytes, the stack is [-512, 0)");
    }

    @Test
    void shouldRejectStacksThatDoNotFit() {
        accepted(code().mov(2, r(10))
                .plus(2, -64)
                .mov(3, 64)
                .mov(4, 0)
                .call(67)
                .load(DOUBLE, 0, 10, -8)
                .exit());
        rejected(
                code().mov(2, r(10)).plus(2, -64).mov(3, 72).mov(4, 0).call(67).exit(),
                "insn 4: argument 2 (memory to fill) of `bpf_get_stack`: r2 may be outside the stack: offset -64, 72"
                        + " bytes, the stack is [-512, 0)");
    }

    private Code perfEvent(MapType type) {
        return new Code()
                .maps(MapSpec.of("events", type, 4, 4, 2))
                .store(DOUBLE, 10, -8, 1)
                .map(2, 0)
                .mov(3, 0)
                .mov(4, r(10))
                .plus(4, -8)
                .mov(5, 8)
                .call(25)
                .exit();
    }

    @Test
    void shouldTakeOnlyMapsOfTheRightType() {
        accepted(perfEvent(MapType.PERF_EVENT_ARRAY));
        rejected(
                perfEvent(MapType.ARRAY),
                "insn 7: `bpf_perf_event_output` cannot work on map `events`: its type is ARRAY");
        accepted(new Code()
                .maps(MapSpec.of("stacks", MapType.STACK_TRACE, 4, 64, 16))
                .map(2, 0)
                .mov(3, 0)
                .call(27)
                .exit());
    }

    @Test
    void shouldRejectChecksumsOfUnknownMemory() {
        accepted(code().store(DOUBLE, 10, -8, 1)
                .mov(1, 0)
                .mov(2, 0)
                .mov(3, r(10))
                .plus(3, -8)
                .mov(4, 8)
                .mov(5, 0)
                .call(28)
                .exit());
        rejected(
                code().mov(1, 0)
                        .mov(2, 4)
                        .mov(3, 0)
                        .mov(4, 0)
                        .mov(5, 0)
                        .call(28)
                        .exit(),
                "insn 5: argument 2 (a size) of `bpf_csum_diff` is wrong: r2 is the number 4");
    }
}
