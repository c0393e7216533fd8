package io.vertebra.verifier;

import static io.vertebra.verifier.Code.r;
import static io.vertebra.verifier.Verdicts.accepted;
import static io.vertebra.verifier.Verdicts.code;
import static io.vertebra.verifier.Verdicts.rejected;
import static io.vertebra.vm.isa.Instruction.AccessSize.BYTE;
import static io.vertebra.vm.isa.Instruction.AccessSize.DOUBLE;
import static io.vertebra.vm.isa.Instruction.AccessSize.WORD;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.verifier.platform.NativePlatform;
import io.vertebra.verifier.platform.Platform;
import io.vertebra.vm.exec.Interpreter;
import io.vertebra.vm.exec.RunContext;
import io.vertebra.vm.helper.Callback;
import io.vertebra.vm.helper.Callback.Parameter;
import io.vertebra.vm.helper.HelperPrototype;
import io.vertebra.vm.helper.HelperPrototype.Argument;
import io.vertebra.vm.helper.Helpers;
import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.Condition;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.program.AccessPlan;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Functions that helpers call: {@code bpf_loop} (181) and {@code bpf_for_each_map_elem} (164). */
class CallbackTest {

    /** Calls {@code body} so often, with the address r10 - 16 as its state; r0 is the number of calls then. */
    private static Code loop(Code before, int times) {
        return before.mov(1, times)
                .functionAddress(2, "body")
                .mov(3, r(10))
                .plus(3, -16)
                .mov(4, 0)
                .call(181);
    }

    private static Code twoNumbers() {
        return code().store(DOUBLE, 10, -16, 0).store(DOUBLE, 10, -8, 0);
    }

    /** Calls {@code body} for each entry of a map, with the address r10 - 16 as its state. */
    private static Code forEach(Code before, int map) {
        return before.map(1, map)
                .functionAddress(2, "body")
                .mov(3, r(10))
                .plus(3, -16)
                .mov(4, 0)
                .call(164);
    }

    /** Adds to the number at the state: r2 for loops. */
    private static Code adding(Code code, int state) {
        return code.load(DOUBLE, 5, state, 0).plus(5, 1).store(DOUBLE, state, 0, r(5));
    }

    @Test
    void shouldCountStepsOfAllCalls() {
        var code = adding(
                        loop(twoNumbers(), 100).load(DOUBLE, 0, 10, -16).exit().function("body"), 2)
                .result(0);
        var report = accepted(code);
        assertThat(report.plan().maxSteps()).isEqualTo(2 + 6 + 100 * 5 + 2);
        var program = code.build();
        var maps = program.maps().stream().map(m -> BpfMap.create(m, 1)).toList();
        var executable = Interpreter.prepare(
                program, maps, Helpers.standard(), report.plan().maxSteps());
        assertThat(executable.run(new RunContext(0, 0))).isEqualTo(100);
    }

    @Test
    void shouldBoundTheIndexByTheCount() {
        accepted(indexed(64));
        rejected(indexed(65), "insn 16: r2 may be outside a value of map `values`: offset [0, 64], 1 byte, size 64");
    }

    /** The state is a map value, which the body indexes by the number of the call. */
    private static Code indexed(int times) {
        return code().lookup(0)
                .jumpIf(0, Condition.EQ, 0, "out")
                .mov(1, times)
                .functionAddress(2, "body")
                .mov(3, r(0))
                .mov(4, 0)
                .call(181)
                .label("out")
                .result(0)
                .function("body")
                .plus(2, r(1))
                .store(BYTE, 2, 0, 1)
                .result(0);
    }

    @Test
    void shouldNotBelieveTheFirstCallOnly() {
        // The first call finds 0 at the state; later ones find what the call before them left.
        rejected(
                loop(twoNumbers(), 10)
                        .result(0)
                        .function("body")
                        .load(DOUBLE, 3, 2, 0)
                        .store(DOUBLE, 2, 0, 100)
                        .mapValue(4, 3, 0)
                        .plus(4, r(3))
                        .load(BYTE, 5, 4, 0)
                        .result(0),
                "insn 16: r4 may be outside a value of map `.rodata`: offset [0, 100], 1 byte, size 4");
    }

    @Test
    void shouldCoverNoCallAndManyCalls() {
        var counted = adding(
                loop(twoNumbers(), 3)
                        .load(DOUBLE, 3, 10, -16)
                        .mapValue(4, 3, 0)
                        .plus(4, r(3))
                        .load(BYTE, 0, 4, 0)
                        .exit()
                        .function("body"),
                2);
        rejected(
                counted.result(0),
                "insn 13: r4 may be outside a value of map `.rodata`: offset unbounded, 1 byte, size 4");
        var set = loop(twoNumbers(), 3)
                .load(DOUBLE, 3, 10, -16)
                .jumpIf(3, Condition.EQ, 0, "none")
                .jumpIf(3, Condition.EQ, 3, "some")
                .load(DOUBLE, 0, 3, 0)
                .label("none")
                .label("some")
                .result(0)
                .function("body")
                .store(DOUBLE, 2, 0, 3);
        rejected(set.result(0), "insn 12: r3 is a number in [1, 2], not a pointer to memory");
    }

    /** The state changes from call to call, and what the function only reads matters to paths that come later. */
    @Test
    void shouldRememberWhatCallsRead() {
        var code = twoNumbers()
                .store(DOUBLE, 10, -8, 100)
                .load(DOUBLE, 5, 1, 0)
                .jumpIf(5, Condition.EQ, 0, "call")
                .store(DOUBLE, 10, -8, 3)
                .label("call");
        rejected(
                adding(loop(code, 3).result(0).function("body"), 2)
                        .load(DOUBLE, 3, 2, 8)
                        .mapValue(4, 3, 0)
                        .plus(4, r(3))
                        .load(BYTE, 5, 4, 0)
                        .result(0),
                "insn 22: r4 may be outside a value of map `.rodata`: offset 100, 1 byte, size 4");
    }

    @Test
    void shouldKeepWhatCallsDoNotChange() {
        accepted(adding(
                        loop(twoNumbers().store(DOUBLE, 10, -24, r(1)).mov(6, r(1)), 1000)
                                .load(DOUBLE, 3, 10, -24)
                                .load(DOUBLE, 3, 3, 0)
                                .load(DOUBLE, 0, 6, 0)
                                .exit()
                                .function("body"),
                        2)
                .result(0));
    }

    @Test
    void shouldSkipFunctionThatIsNeverCalled() {
        var report = accepted(loop(twoNumbers(), 0)
                .result(0)
                .function("body")
                .load(DOUBLE, 0, 9, 0)
                .exit());
        assertThat(report.plan().maxSteps()).isEqualTo(10);
    }

    @Test
    void shouldRejectTooManySteps() {
        rejected(
                loop(twoNumbers(), 40_000).result(0).function("body").result(0),
                "insn 8: a run may execute too many instructions: `bpf_loop` calls `body` up to 40000 times, each"
                        + " time up to 2 instructions");
        rejected(
                code().load(DOUBLE, 1, 1, 0)
                        .functionAddress(2, "body")
                        .mov(3, 0)
                        .mov(4, 0)
                        .call(181)
                        .result(0)
                        .function("body")
                        .result(0),
                "insn 5: a run may execute too many instructions: `bpf_loop` calls `body` up to 8388608 times,"
                        + " each time up to 2 instructions");
    }

    @Test
    void shouldRejectOtherResults() {
        rejected(
                loop(twoNumbers(), 3).result(0).function("body").result(2),
                "insn 12: the result of callback `body` is wrong: r0 is the number 2");
        rejected(
                loop(twoNumbers(), 3).result(0).function("body").mov(0, r(2)).exit(),
                "insn 12: the result of callback `body` is wrong: r0 is a pointer to the stack");
        rejected(
                loop(twoNumbers(), 3).result(0).function("body").exit(),
                "insn 11: the result of callback `body` is wrong: r0 is not initialised");
        accepted(loop(twoNumbers(), 3)
                .result(0)
                .function("body")
                .mov(0, r(1))
                .alu(AluOp.AND, 0, 1)
                .exit());
    }

    @Test
    void shouldRejectLostAndStolenRecords() {
        rejected(
                loop(twoNumbers(), 3)
                        .result(0)
                        .function("body")
                        .map(1, 2)
                        .mov(2, 16)
                        .mov(3, 0)
                        .call(131)
                        .result(0),
                "insn 17: a reserved record of map `events` is lost at the end of callback `body`: it is still"
                        + " reserved");
        var reserving = code().map(1, 2)
                .mov(2, 16)
                .mov(3, 0)
                .call(131)
                .jumpIf(0, Condition.EQ, 0, "out")
                .mov(6, r(0))
                .store(DOUBLE, 10, -16, r(0))
                .store(DOUBLE, 10, -8, 0);
        rejected(
                loop(reserving, 3)
                        .label("out")
                        .result(0)
                        .function("body")
                        .load(DOUBLE, 1, 2, 0)
                        .mov(2, 0)
                        .call(132)
                        .result(0),
                "insn 22: callback `body` releases a record of its caller: a record of map `events` is gone, the next"
                        + " call would find it again");
    }

    @Test
    void shouldLetCallbacksFillTheCallersRecord() {
        var reserving = code().map(1, 2)
                .mov(2, 16)
                .mov(3, 0)
                .call(131)
                .jumpIf(0, Condition.EQ, 0, "out")
                .mov(6, r(0))
                .store(DOUBLE, 10, -16, r(0))
                .store(DOUBLE, 10, -8, 0);
        accepted(loop(reserving, 3)
                .mov(1, r(6))
                .mov(2, 0)
                .call(132)
                .label("out")
                .result(0)
                .function("body")
                .load(DOUBLE, 3, 2, 0)
                .store(DOUBLE, 3, 8, 7)
                .result(0));
    }

    @Test
    void shouldRejectRecursionAndDeepNesting() {
        rejected(
                loop(twoNumbers(), 3)
                        .result(0)
                        .function("body")
                        .mov(1, 2)
                        .functionAddress(2, "body")
                        .mov(3, 0)
                        .mov(4, 0)
                        .call(181)
                        .result(0),
                "insn 16: `body` calls itself: active are `main`, `body`");
        var code = code();
        for (int i = 1; i <= 8; i++) {
            code.mov(1, 1)
                    .functionAddress(2, "f" + i)
                    .mov(3, 0)
                    .mov(4, 0)
                    .call(181)
                    .result(0)
                    .function("f" + i);
        }
        rejected(
                code.result(0),
                "insn 61: the call of `f8` nests too deep: active are `main`, `f1`, `f2`, `f3`, `f4`, `f5`, `f6`,"
                        + " `f7`");
    }

    @Test
    void shouldRejectLocalsOfTheCallbackInItsState() {
        rejected(
                loop(twoNumbers(), 3)
                        .result(0)
                        .function("body")
                        .store(DOUBLE, 2, 0, r(10))
                        .result(0),
                "insn 11: the address of a local variable would outlive its function: r10 is a pointer to the stack");
    }

    @Test
    void shouldGiveEntriesToCallbacks() {
        var report = accepted(forEach(twoNumbers(), 1)
                .exit()
                .function("body")
                .load(DOUBLE, 5, 2, 0)
                .load(DOUBLE, 0, 3, 8)
                .store(DOUBLE, 3, 8, r(5))
                .store(DOUBLE, 4, 0, r(0))
                .call(3)
                .result(0));
        assertThat(report.plan().maxSteps()).isEqualTo(2 + 6 + 8 * 7 + 1);
        assertThat(report.plan().accesses())
                .containsEntry(11, Set.of(new AccessPlan.CallbackKey()))
                .containsEntry(12, Set.of(new AccessPlan.MapValue(1)));
    }

    @Test
    void shouldRejectWrongUseOfKeys() {
        rejected(
                forEach(twoNumbers(), 1)
                        .exit()
                        .function("body")
                        .store(DOUBLE, 2, 0, 0)
                        .result(0),
                "insn 11: a key of map `flows` is read-only: r2 is a pointer to a key of map `flows`");
        rejected(
                forEach(twoNumbers(), 1)
                        .exit()
                        .function("body")
                        .load(WORD, 0, 2, 8)
                        .result(0),
                "insn 11: r2 + 8 may be outside a key of map `flows`: offset 8, 4 bytes, size 8");
        rejected(
                forEach(twoNumbers(), 1)
                        .load(DOUBLE, 2, 10, -16)
                        .result(0)
                        .function("body")
                        .store(DOUBLE, 4, 0, r(2))
                        .result(0),
                "insn 10: the stack at r10 - 16 may be uninitialised: offset -16, 8 bytes read");
    }

    /** Stores the value of the entry at the state, which was null before. */
    private static Code finding() {
        return forEach(twoNumbers(), 1)
                .load(DOUBLE, 6, 10, -16)
                .jumpIf(6, Condition.EQ, 0, "none")
                .load(DOUBLE, 0, 6, 8)
                .exit()
                .label("none")
                .result(0)
                .function("body");
    }

    @Test
    void shouldFindEntriesInCallbacks() {
        accepted(finding().store(DOUBLE, 4, 0, r(3)).result(1));
        rejected(
                forEach(twoNumbers(), 1)
                        .load(DOUBLE, 6, 10, -16)
                        .load(DOUBLE, 0, 6, 8)
                        .exit()
                        .function("body")
                        .store(DOUBLE, 4, 0, r(3))
                        .result(1),
                "insn 11: r6 may be null: r6 is a pointer to a value of map `flows`, maybe null");
    }

    @Test
    void shouldComeToRestWhenPointersSwap() {
        accepted(finding()
                .load(DOUBLE, 5, 4, 0)
                .store(DOUBLE, 4, 8, r(5))
                .store(DOUBLE, 4, 0, r(3))
                .result(0));
    }

    @Test
    void shouldRejectMapsWithoutEntries() {
        rejected(
                forEach(twoNumbers(), 2).exit().function("body").result(0),
                "insn 9: `bpf_for_each_map_elem` cannot work on map `events`: its type is RINGBUF");
    }

    @Test
    void shouldRejectOtherThanFunctions() {
        rejected(
                code().mov(1, 3).mov(2, 7).mov(3, 0).mov(4, 0).call(181).exit(),
                "insn 4: argument 2 (the callback) of `bpf_loop` is wrong: r2 is the number 7");
    }

    /** What a helper is said to do with its callback is all that the verifier needs. */
    @Test
    void shouldProveCallbacksOfRunsOfTheirOwn() {
        var later = HelperPrototype.calling(
                70_000,
                "later",
                List.of(Argument.MAP, Argument.CALLBACK),
                HelperPrototype.Result.SCALAR,
                new Callback(List.of(Parameter.MAP, Parameter.MAP_KEY, Parameter.MAP_VALUE), new Callback.Later(), 0));
        Platform platform = new NativePlatform(Fixtures.CONTEXT, List.of(later), 1000);
        var naming = code().map(1, 0).functionAddress(2, "body").call(70_000).exit();
        assertThat(accepted(
                                naming.function("body")
                                        .store(DOUBLE, 3, 56, 1)
                                        .map(1, 0)
                                        .functionAddress(2, "body")
                                        .call(70_000)
                                        .result(0),
                                platform)
                        .plan()
                        .maxSteps())
                .isEqualTo(6);
        var wrong = code().map(1, 0).functionAddress(2, "body").call(70_000).exit();
        rejected(
                wrong.function("body").result(1),
                platform,
                "insn 7: the result of callback `body` is wrong: r0 is the number 1");
    }
}
