package io.vertebra.vm.exec;

import static io.vertebra.vm.exec.Code.code;
import static io.vertebra.vm.exec.Code.imm;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertebra.vm.helper.StackFrames;
import io.vertebra.vm.isa.Instruction.AccessSize;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.map.BpfPerfEventArray;
import io.vertebra.vm.map.BpfStackTrace;
import io.vertebra.vm.map.Errno;
import io.vertebra.vm.program.ContextLayout;
import io.vertebra.vm.program.ContextLayout.Field;
import io.vertebra.vm.program.ContextLayout.Kind;
import io.vertebra.vm.program.FiredHook;
import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import io.vertebra.vm.program.ProgramFault;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What helpers tell of the hook that fired, and of its thread. */
class HookHelpersTest {

    private static final ContextLayout CONTEXT = new ContextLayout(
            "test",
            40,
            List.of(
                    new Field("status", 0, 2, Kind.SCALAR),
                    new Field("text", 2, 6, Kind.STRING),
                    new Field("data", 8, 8, Kind.PAYLOAD),
                    new Field("data_end", 16, 8, Kind.PAYLOAD_END),
                    new Field("payload_len", 24, 4, Kind.SCALAR),
                    new Field("bytes", 32, 8, Kind.SCALAR)));

    private static RunContext fired(FiredHook hook) {
        var memory = MemorySegment.ofArray(new long[5]);
        memory.set(ValueLayout.JAVA_SHORT_UNALIGNED, 0, (short) -2);
        memory.set(ValueLayout.JAVA_LONG_UNALIGNED, 8, Addresses.PAYLOAD);
        memory.set(ValueLayout.JAVA_LONG_UNALIGNED, 32, -7);
        return new RunContext(0, 0).context(memory, 0, 40).hook(hook);
    }

    private static FiredHook hook(boolean inline, boolean control) {
        return FiredHook.of("gateway/test", CONTEXT, inline, control, -1);
    }

    /** {@code helper(context, number, stack - 8)}; the result, and what was stored. */
    private static List<Long> stored(RunContext run, int helper, int number) {
        var call = code().store(AccessSize.DOUBLE, 10, -8, imm(5));
        call = helper == 183 ? call.mov(2, number).stack(3, -8) : call.stack(2, -8);
        long answer = call.call(helper).exit().prepare().run(run);
        var read = code().store(AccessSize.DOUBLE, 10, -8, imm(5));
        read = helper == 183 ? read.mov(2, number).stack(3, -8) : read.stack(2, -8);
        long value = read.call(helper)
                .load(AccessSize.DOUBLE, 0, 10, -8)
                .exit()
                .prepare()
                .run(run);
        return List.of(answer, value);
    }

    @Test
    void shouldTellHookAndCookie() {
        var run = fired(hook(true, false)).cookie(-99);
        assertThat(code().call(173).exit().prepare().run(run)).isEqualTo(FiredHook.id("gateway/test"));
        assertThat(code().call(174).exit().prepare().run(run)).isEqualTo(-99);
        assertThat(code().call(173).exit().run()).as("no hook").isZero();
        assertThat(code().call(174).exit().run()).as("no cookie").isZero();
        assertThat(FiredHook.id("a")).as("FNV-1a of its authors").isEqualTo(0xaf63dc4c8601ec8cL);
    }

    @Test
    void shouldTellArguments() {
        var run = fired(hook(true, false));
        assertThat(code().call(185).exit().prepare().run(run)).isEqualTo(4);
        assertThat(code().call(185).exit().run()).isZero();
        assertThat(stored(run, 183, 0)).containsExactly(0L, 0xfffeL);
        assertThat(stored(run, 183, 1)).containsExactly(0L, Addresses.CONTEXT + 2);
        assertThat(stored(run, 183, 2)).containsExactly(0L, Addresses.PAYLOAD);
        assertThat(stored(run, 183, 3)).containsExactly(0L, -7L);
        assertThat(stored(run, 183, 4)).containsExactly(Errno.EINVAL, 0L);
        assertThat(stored(run, 183, -1)).containsExactly(Errno.EINVAL, 0L);
    }

    @Test
    void shouldTellResultsOfTracedMethods() {
        var fields = CONTEXT.fields();
        var traced = new FiredHook(1, fields.subList(0, 2), fields.getLast(), true, false, 0);
        assertThat(stored(fired(traced), 184, 0)).containsExactly(0L, -7L);
        assertThat(stored(fired(hook(true, false)), 184, 0)).containsExactly(Errno.EOPNOTSUPP, 0L);
    }

    @Test
    void shouldSetResultsOfControlRuns() {
        var run = fired(hook(true, true));
        assertThat(code().call(186).exit().prepare().run(run)).isEqualTo(-1);
        var set = code().mov(1, 8).call(187).exit().prepare();
        assertThat(set.run(run)).as("not the 0 that the program ends with").isEqualTo(8);
        var both = code().mov(1, 8).call(187).call(186).mov(6, 2).exit().prepare();
        assertThat(both.run(run)).isEqualTo(8);
        assertThat(code().mov(0, 3).exit().prepare().run(run)).as("forgotten").isEqualTo(3);
        assertThat(code().call(186).exit().prepare().run(run)).isEqualTo(-1);
    }

    @Test
    void shouldSetResultsOnlyInControlRuns() {
        var run = fired(hook(true, false));
        assertThat(code().call(186).exit().prepare().run(run)).isEqualTo(Errno.EOPNOTSUPP);
        assertThat(code().mov(1, 8).call(187).exit().prepare().run(run)).isEqualTo(Errno.EOPNOTSUPP);
    }

    private static Code stack(int size, int flags) {
        return code().store(AccessSize.DOUBLE, 10, -16, imm(5))
                .store(AccessSize.DOUBLE, 10, -8, imm(5))
                .stack(2, -16)
                .mov(3, size)
                .mov(4, flags)
                .call(67);
    }

    private static long first(int skip) {
        return stack(16, skip)
                .load(AccessSize.DOUBLE, 0, 10, -16)
                .exit()
                .prepare()
                .run(fired(hook(true, false)));
    }

    @Test
    void shouldTellTheStackOfInlineRuns() {
        var run = fired(hook(true, false));
        assertThat(stack(16, 0).exit().prepare().run(run)).isEqualTo(16);
        assertThat(StackFrames.place(first(0)))
                .hasValueSatisfying(
                        p -> assertThat(p).matches("[\\w.$]+\\.\\w+:-?\\d+").doesNotStartWith("io.vertebra.vm."));
        assertThat(first(0)).isNotEqualTo(first(1));
        assertThat(stack(16, 255).exit().prepare().run(run)).as("not so deep").isLessThanOrEqualTo(16);
        assertThat(stack(0, 0).exit().prepare().run(run)).isZero();
        assertThat(StackFrames.place(0)).isEmpty();
        assertThat(StackFrames.place(Long.MAX_VALUE)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"16, 512, -22", "12, 0, -22", "0, 512, -22"})
    void shouldRefuseWrongStackRequests(int size, int flags, long answer) {
        assertThat(stack(size, flags).exit().prepare().run(fired(hook(true, false))))
                .isEqualTo(answer);
    }

    @Test
    void shouldNotTellStacksOfQueuedRuns() {
        var run = fired(hook(false, false));
        assertThat(stack(16, 0).exit().prepare().run(run)).isEqualTo(Errno.EOPNOTSUPP);
        assertThat(stack(16, 0)
                        .load(AccessSize.DOUBLE, 0, 10, -16)
                        .exit()
                        .prepare()
                        .run(run))
                .isZero();
    }

    @Test
    void shouldTellOneNode() {
        assertThat(code().call(42).exit().run()).isZero();
    }

    /** Words 0xdeadbeef 0xdeadbeef below the frame pointer; the sums are those of Linux's own test where it has one. */
    @ParameterizedTest
    @CsvSource({
        "0, 8, 0, 0x3b3b", // pushed
        "0, 8, 0x1234, 0x4d6f",
        "0, 0, 0x1234, 0x1234",
        "8, 0, 0x3b3b, 0xffff", // removed again: minus zero
        "8, 8, 0, 0xffff", // nothing changed
        "4, 8, 0, 0x9d9d", // one word more
        "3, 8, 0, -22",
        "0, 6, 0, -22"
    })
    void shouldTellChecksumDifferences(int from, int to, String seed, String expected) {
        long sum = code().wide(1, 0xdeadbeefdeadbeefL)
                .store(AccessSize.DOUBLE, 10, -8, Code.reg(1))
                .stack(1, from == 0 ? 0 : -8)
                .mov(2, from)
                .stack(3, to == 0 ? 0 : -8)
                .mov(4, to)
                .mov(5, Integer.decode(seed))
                .call(28)
                .exit()
                .run();
        assertThat(sum).isEqualTo(Long.decode(expected));
    }

    @Test
    void shouldCheckMemoryOfChecksums() {
        assertThatThrownBy(() -> code().stack(1, -8)
                        .mov(2, 12)
                        .mov(4, 0)
                        .mov(5, 0)
                        .call(28)
                        .exit()
                        .run())
                .isInstanceOf(ProgramFault.class);
    }

    private static Code stackId(BpfMap map, int flags) {
        return code(map).map(2, 0).mov(3, flags).call(27).exit();
    }

    @Test
    void shouldKeepStacksInMaps() {
        var stacks = (BpfStackTrace) BpfMap.create(MapSpec.of("s", MapType.STACK_TRACE, 4, 64, 16), 1);
        long[] numbers = new long[2];
        for (int i = 0; i < 2; i++) {
            numbers[i] = stackId(stacks, 0).prepare().run(fired(hook(true, false)));
        }
        assertThat(numbers[0]).isNotNegative().isEqualTo(numbers[1]);
        assertThat(stacks.size()).isEqualTo(1);
        long innermost = stacks.frames(numbers[0]).orElseThrow()[0];
        assertThat(StackFrames.place(innermost)).isPresent();
        assertThat(stackId(stacks, 1 << 12).prepare().run(fired(hook(true, false))))
                .isEqualTo(Errno.EINVAL);
        assertThat(stackId(stacks, 0).prepare().run(fired(hook(false, false)))).isEqualTo(Errno.EOPNOTSUPP);
        var array = BpfMap.create(MapSpec.of("a", MapType.ARRAY, 4, 8, 1), 1);
        assertThat(stackId(array, 0).prepare().run(fired(hook(true, false)))).isEqualTo(Errno.EINVAL);
    }

    private static long output(BpfMap map, int slot, int flags) {
        return code(map)
                .store(AccessSize.DOUBLE, 10, -8, imm(9))
                .map(2, 0)
                .wide(3, Integer.toUnsignedLong(flags))
                .stack(4, -8)
                .mov(5, 8)
                .call(25)
                .exit()
                .prepare()
                .run(new RunContext(slot, slot));
    }

    @Test
    void shouldPutOutPerfEvents() {
        var events = (BpfPerfEventArray) BpfMap.create(MapSpec.of("e", MapType.PERF_EVENT_ARRAY, 4, 4, 2), 2);
        assertThat(output(events, 1, -1)).isZero();
        var records = new ArrayList<Long>();
        events.drain((data, offset, _) -> records.add(data.get(ValueLayout.JAVA_LONG_UNALIGNED, offset)), 10);
        assertThat(records).containsExactly(9L);
        assertThat(output(events, 1, 7)).as("no such ring").isEqualTo(Errno.E2BIG);
        var array = BpfMap.create(MapSpec.of("a", MapType.ARRAY, 4, 8, 1), 1);
        assertThat(output(array, 0, -1)).isEqualTo(Errno.EINVAL);
    }
}
