package io.vertebra.vm.exec;

import static io.vertebra.vm.exec.Code.code;
import static io.vertebra.vm.exec.Code.imm;
import static io.vertebra.vm.exec.Code.reg;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertebra.vm.btf.Btf;
import io.vertebra.vm.helper.Helpers;
import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.Instruction.AccessSize;
import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.Condition;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.map.BpfQueue;
import io.vertebra.vm.map.BpfRingBuffer;
import io.vertebra.vm.map.Errno;
import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import io.vertebra.vm.program.ProgramFault;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The standard helpers, called from programs. */
class HelpersTest {

    /** The helpers that a test here, in {@link HookHelpersTest}, {@link LockHelpersTest}, {@link TimerHelpersTest}, {@link DynptrHelpersTest}, {@link SampleHelpersTest} or (12) in {@link InterpreterTest} calls; who adds a helper adds its test, then this. */
    private static final List<Integer> TESTED = List.of(
            1, 2, 3, 4, 5, 6, 7, 8, 12, 14, 15, 16, 25, 27, 28, 42, 45, 67, 87, 88, 89, 93, 94, 105, 106, 112, 113, 114,
            115, 118, 125, 130, 131, 132, 133, 134, 153, 154, 160, 164, 165, 169, 170, 171, 172, 173, 174, 177, 181,
            182, 183, 184, 185, 186, 187, 195, 197, 198, 199, 200, 201, 202, 203, 208, 209);

    private final BpfMap hash = BpfMap.create(MapSpec.of("h", MapType.HASH, 4, 8, 4), 1);
    private final BpfMap perCpu = BpfMap.create(MapSpec.of("p", MapType.PERCPU_ARRAY, 4, 8, 2), 3);
    private final BpfRingBuffer ring = (BpfRingBuffer) BpfMap.create(MapSpec.of("r", MapType.RINGBUF, 0, 0, 64), 1);

    private static byte[] key(int number) {
        return ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(number)
                .array();
    }

    private static byte[] value(long number) {
        return ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(number)
                .array();
    }

    private static BpfMap constant(String text) {
        byte[] bytes = (text + "\0").getBytes(StandardCharsets.UTF_8);
        return BpfMap.create(
                new MapSpec(".rodata", MapType.ARRAY, 4, bytes.length, 1, 0, true, bytes, Btf.EMPTY, 0, 0), 1);
    }

    private static Code constantAt(Code code, int register, int map) {
        return code.add(new Instruction.LoadMapValue(register, map, 0));
    }

    // ---- maps ----

    @Test
    void shouldLookUpUpdateAndDelete() {
        var insert = code(hash)
                .store(AccessSize.WORD, 10, -4, imm(7))
                .store(AccessSize.DOUBLE, 10, -16, imm(70))
                .map(1, 0)
                .stack(2, -4)
                .stack(3, -16)
                .mov(4, 1)
                .call(2)
                .exit()
                .prepare();
        assertThat(insert.run(new RunContext(0, 0))).isZero();
        assertThat(insert.run(new RunContext(0, 0))).isEqualTo(Errno.EEXIST);
        assertThat(hash.get(key(7))).contains(value(70));
        var add = code(hash)
                .store(AccessSize.WORD, 10, -4, imm(7))
                .map(1, 0)
                .stack(2, -4)
                .call(1)
                .jumpIf(Condition.EQ, 0, imm(0), "missing")
                .load(AccessSize.DOUBLE, 1, 0, 0)
                .alu(AluOp.ADD, 1, imm(1))
                .store(AccessSize.DOUBLE, 0, 0, reg(1))
                .mov(0, 1)
                .label("missing")
                .exit()
                .prepare();
        assertThat(add.run(new RunContext(0, 0))).isEqualTo(1);
        assertThat(hash.get(key(7))).contains(value(71));
        var delete = code(hash)
                .store(AccessSize.WORD, 10, -4, imm(7))
                .map(1, 0)
                .stack(2, -4)
                .call(3)
                .exit();
        assertThat(delete.run()).isZero();
        assertThat(delete.run()).isEqualTo(Errno.ENOENT);
        assertThat(add.run(new RunContext(0, 0))).isZero();
    }

    @Test
    void shouldUseTheSlotsCopy() {
        var store = code(perCpu)
                .store(AccessSize.WORD, 10, -4, imm(1))
                .map(1, 0)
                .stack(2, -4)
                .call(1)
                .store(AccessSize.DOUBLE, 0, 0, imm(5))
                .mov(0, 0)
                .exit()
                .prepare();
        store.run(new RunContext(2, 0));
        assertThat(perCpu.getPerSlot(key(1))).containsExactly(value(0), value(0), value(5));
    }

    @ParameterizedTest
    @CsvSource({"0, 10", "2, 12", "3, -1", "-1, -1"})
    void shouldLookUpOtherSlots(int cpu, long expected) {
        for (int slot = 0; slot < 3; slot++) {
            long at = perCpu.valueOffset(0, slot);
            perCpu.values().set(ValueLayout.JAVA_LONG, at, 10 + slot);
        }
        long result = code(perCpu)
                .store(AccessSize.WORD, 10, -4, imm(0))
                .map(1, 0)
                .stack(2, -4)
                .mov(3, cpu)
                .call(195)
                .jumpIf(Condition.NE, 0, imm(0), "found")
                .mov(0, -1)
                .exit()
                .label("found")
                .load(AccessSize.DOUBLE, 0, 0, 0)
                .exit()
                .run();
        assertThat(result).isEqualTo(expected);
    }

    @Test
    void shouldPushPeekAndPop() {
        var queue = (BpfQueue) BpfMap.create(MapSpec.of("q", MapType.QUEUE, 0, 8, 2), 1);
        var push = code(queue)
                .store(AccessSize.DOUBLE, 10, -8, imm(5))
                .map(1, 0)
                .stack(2, -8)
                .mov(3, 0)
                .call(87)
                .exit();
        assertThat(List.of(push.run(), push.run(), push.run())).containsExactly(0L, 0L, Errno.E2BIG);
        for (int helper : new int[] {89, 88, 88}) {
            assertThat(code(queue)
                            .map(1, 0)
                            .stack(2, -8)
                            .call(helper)
                            .load(AccessSize.DOUBLE, 0, 10, -8)
                            .exit()
                            .run())
                    .isEqualTo(5);
        }
        assertThat(code(queue).map(1, 0).stack(2, -8).call(88).exit().run()).isEqualTo(Errno.ENOENT);
    }

    @Test
    void shouldNotTakeOtherThingsForMaps() {
        assertThatThrownBy(() ->
                        code(hash).stack(1, -8).stack(2, -4).call(1).exit().run())
                .isInstanceOf(ProgramFault.class)
                .hasMessage("insn 4: address=0x100000001f8 is not a map, one is needed here");
        assertThatThrownBy(
                        () -> code(hash).map(1, 0).stack(2, -2).call(1).exit().run())
                .isInstanceOf(ProgramFault.class)
                .hasMessage("insn 4: read of the stack: offset=510, size=4, allowed [0, 512) of each 1024 bytes");
    }

    @Test
    void shouldVisitEachElement() {
        for (int i = 1; i <= 4; i++) {
            hash.update(key(i), value(i * 100L), BpfMap.ANY);
        }
        var sum = code(hash)
                .store(AccessSize.DOUBLE, 10, -8, imm(0))
                .map(1, 0)
                .functionAddress(2, "each")
                .stack(3, -8)
                .mov(4, 0)
                .call(164)
                .load(AccessSize.DOUBLE, 1, 10, -8)
                .alu(AluOp.MUL, 0, imm(10_000))
                .alu(AluOp.ADD, 0, reg(1))
                .exit()
                .function("each")
                .load(AccessSize.WORD, 2, 2, 0)
                .load(AccessSize.DOUBLE, 3, 3, 0)
                .load(AccessSize.DOUBLE, 5, 4, 0)
                .alu(AluOp.ADD, 5, reg(2))
                .alu(AluOp.ADD, 5, reg(3))
                .store(AccessSize.DOUBLE, 4, 0, reg(5))
                .mov(0, 0)
                .exit();
        assertThat(sum.run()).isEqualTo(4 * 10_000 + 1000 + 10);
    }

    @Test
    void shouldStopVisitingWhenTold() {
        var array = BpfMap.create(MapSpec.of("a", MapType.ARRAY, 4, 8, 10), 1);
        var program = code(array)
                .map(1, 0)
                .functionAddress(2, "each")
                .mov(3, 0)
                .mov(4, 0)
                .call(164)
                .exit()
                .function("each")
                .load(AccessSize.WORD, 0, 2, 0)
                .alu(AluOp.RSH, 0, imm(1))
                .exit();
        assertThat(program.run()).as("indices 0, 1 and 2, whose half is 1").isEqualTo(3);
    }

    // ---- ring buffers ----

    @Test
    void shouldOutputAndSubmitRecords() {
        assertThat(code(ring)
                        .store(AccessSize.DOUBLE, 10, -8, imm(11))
                        .map(1, 0)
                        .stack(2, -8)
                        .mov(3, 8)
                        .mov(4, 0)
                        .call(130)
                        .exit()
                        .run())
                .isZero();
        assertThat(code(ring)
                        .map(1, 0)
                        .mov(2, 8)
                        .mov(3, 0)
                        .call(131)
                        .store(AccessSize.DOUBLE, 0, 0, imm(22))
                        .movReg(1, 0)
                        .mov(2, 0)
                        .call(132)
                        .mov(0, 0)
                        .exit()
                        .run())
                .isZero();
        var records = new ArrayList<Long>();
        ring.drain((data, offset, _) -> records.add(data.get(ValueLayout.JAVA_LONG, offset)), 10);
        assertThat(records).containsExactly(11L, 22L);
        assertThat(ring.discarded()).isZero();
    }

    @Test
    void shouldSubmitARecordOnlyOnce() {
        var twice = code(ring)
                .map(1, 0)
                .mov(2, 8)
                .mov(3, 0)
                .call(131)
                .movReg(6, 0)
                .movReg(1, 6)
                .mov(2, 0)
                .call(133)
                .movReg(1, 6)
                .mov(2, 0)
                .call(132)
                .exit();
        assertThatThrownBy(twice::run)
                .isInstanceOf(ProgramFault.class)
                .hasMessageContaining("is not the start of a record that this run has reserved");
        assertThat(ring.discarded()).isEqualTo(1);
        assertThat(ring.submitted()).isZero();
    }

    @Test
    void shouldQueryRings() {
        ring.reserve(8);
        assertThat(List.of(query(0), query(1), query(2), query(3), query(4))).containsExactly(16L, 64L, 0L, 16L, 0L);
    }

    private long query(int what) {
        return code(ring).map(1, 0).mov(2, what).call(134).exit().run();
    }

    @Test
    void shouldAnswerWhenRingsAreFull() {
        ring.reserve(56);
        var reserve = code(ring).map(1, 0).mov(2, 8).mov(3, 0).call(131).exit();
        assertThat(reserve.run()).isZero();
        var output =
                code(ring).map(1, 0).stack(2, -8).mov(3, 8).mov(4, 0).call(130).exit();
        assertThat(output.run()).isEqualTo(Errno.EAGAIN);
        assertThat(ring.refused()).isEqualTo(2);
    }

    // ---- the moment ----

    @ParameterizedTest
    @ValueSource(ints = {5, 125, 160, 208})
    void shouldTellTheCapturedTime(int helper) {
        var run = new RunContext(0, 0).eventNanos(123);
        assertThat(code().call(helper).exit().prepare().run(run)).isEqualTo(123);
    }

    @Test
    void shouldReadTheClockWhenNothingWasCaptured() {
        long before = System.nanoTime();
        long told = code().call(5).exit().run();
        assertThat(told - before).isNotNegative();
        assertThat(System.nanoTime() - told).isNotNegative();
    }

    @Test
    void shouldTellCoreAndThread() {
        long[] name = {0, number("\u0015\0worker"), number("-with-lo"), number("ng-name\0"), 0};
        var run = new RunContext(0, 7).thread(0x1_0000_0005L, name, 1);
        assertThat(code().call(8).exit().prepare().run(run)).isEqualTo(7);
        assertThat(code().call(14).exit().prepare().run(run))
                .isEqualTo((ProcessHandle.current().pid() << 32) | 5);
        var comm = code().store(AccessSize.DOUBLE, 10, -8, imm(-1))
                .stack(1, -8)
                .mov(2, 7)
                .call(16);
        var executable = comm.load(AccessSize.DOUBLE, 0, 10, -8).exit().prepare();
        assertThat(executable.run(run)).isEqualTo(number("worker\0\u00ff"));
        name[1] = number("\2\0wo....");
        assertThat(executable.run(run.thread(1, name, 1))).isEqualTo(number("wo\0\0\0\0\0\u00ff"));
    }

    private static long number(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1))
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong();
    }

    @Test
    void shouldGiveManyRandomNumbers() {
        var random = code().call(7).exit().prepare();
        var run = new RunContext(0, 0);
        var numbers = new java.util.HashSet<Long>();
        for (int i = 0; i < 1000; i++) {
            long number = random.run(run);
            assertThat(number >>> 32).isZero();
            numbers.add(number);
        }
        assertThat(numbers).hasSizeGreaterThan(990);
    }

    // ---- flow ----

    @Test
    void shouldLoopUntilTold() {
        assertThat(loop(10)).isEqualTo(10);
        assertThat(loop(100)).as("the callback stops at index 50").isEqualTo(51);
        assertThat(loop((1 << 23) + 1)).isEqualTo(Errno.E2BIG);
    }

    private static long loop(int times) {
        return code().mov(1, times)
                .functionAddress(2, "body")
                .mov(3, 0)
                .mov(4, 0)
                .call(181)
                .exit()
                .function("body")
                .mov(0, 0)
                .jumpIf(Condition.NE, 1, imm(50), "go")
                .mov(0, 1)
                .label("go")
                .exit()
                .run();
    }

    @Test
    void shouldKeepCallersRegistersInCallbacks() {
        long kept = code().mov(6, 66)
                .mov(1, 3)
                .functionAddress(2, "body")
                .stack(3, -8)
                .mov(4, 0)
                .call(181)
                .movReg(0, 6)
                .exit()
                .function("body")
                .mov(6, 0)
                .store(AccessSize.DOUBLE, 10, -8, imm(0))
                .mov(0, 0)
                .exit()
                .run();
        assertThat(kept).isEqualTo(66);
    }

    @Test
    void shouldCallOnlySubprograms() {
        assertThatThrownBy(() -> code().mov(1, 3)
                        .wide(2, Addresses.function(1))
                        .mov(4, 0)
                        .call(181)
                        .exit()
                        .run())
                .isInstanceOf(ProgramFault.class)
                .hasMessageContaining("callback 0x50000000001 is not a subprogram's address");
    }

    // ---- memory and text ----

    @Test
    void shouldReadMemoryAndStrings() {
        var text = constant("hello");
        var read = constantAt(code(text), 3, 0).stack(1, -8).mov(2, 6).call(113).load(AccessSize.WORD, 0, 10, -8);
        assertThat(read.exit().run()).isEqualTo(0x6c6c6568L);
        var cut = constantAt(code(text), 3, 0).stack(1, -8).mov(2, 4).call(115).exit();
        assertThat(cut.run()).isEqualTo(4);
        var whole = constantAt(code(text), 3, 0).stack(1, -8).mov(2, 8).call(45).exit();
        assertThat(whole.run()).isEqualTo(6);
        assertThatThrownBy(() -> constantAt(code(text), 3, 0)
                        .stack(1, -16)
                        .mov(2, 7)
                        .call(4)
                        .exit()
                        .run())
                .isInstanceOf(ProgramFault.class);
    }

    /** What a helper is said to fill may be read afterwards: nothing of what lay there before may be left. */
    @Test
    void shouldFillMemoryToItsEnd() {
        var text = constant("%d");
        var string = constantAt(code(text).store(AccessSize.DOUBLE, 10, -8, imm(-1)), 3, 0)
                .stack(1, -8)
                .mov(2, 8)
                .call(115)
                .load(AccessSize.DOUBLE, 0, 10, -8);
        assertThat(string.exit().run()).isEqualTo(0x6425L);
        for (int length : new int[] {8, 7}) {
            var printed = constantAt(code(text).store(AccessSize.DOUBLE, 10, -8, imm(-1)), 3, 0)
                    .store(AccessSize.DOUBLE, 10, -16, imm(5))
                    .stack(1, -8)
                    .mov(2, 8)
                    .stack(4, -16)
                    .mov(5, length)
                    .call(165)
                    .load(AccessSize.DOUBLE, 0, 10, -8);
            assertThat(printed.exit().run()).isEqualTo(length == 8 ? '5' : 0);
        }
    }

    @ParameterizedTest
    @CsvSource({"abc, abc, 8, 0", "abd, abc, 8, 1", "ab, abc, 8, -99", "abx, aby, 2, 0"})
    void shouldCompareStrings(String left, String right, int size, long expected) {
        var program = constantAt(constantAt(code(constant(left), constant(right)), 1, 0), 3, 1);
        assertThat(program.mov(2, size).call(182).exit().run()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "105, 12, 0, 2, 12",
        "105, ' -12x', 10, 4, -12",
        "105, 0x1f, 0, 4, 31",
        "105, 0x1f, 16, 4, 31",
        "105, 017, 0, 3, 15",
        "105, 0, 0, 1, 0",
        "105, 08, 10, 2, 8",
        "105, x, 0, -22, 0",
        "105, 1, 7, -22, 0",
        "105, 9223372036854775808, 0, -34, 0",
        "105, -9223372036854775808, 0, 20, -9223372036854775808",
        "106, 18446744073709551615, 0, 20, -1",
        "106, 18446744073709551616, 0, -34, 0",
        "106, -1, 0, -22, 0"
    })
    void shouldParseNumbers(int helper, String text, int flags, long used, long number) {
        var parse = constantAt(code(constant(text)), 1, 0)
                .store(AccessSize.DOUBLE, 10, -8, imm(-5))
                .mov(2, text.length() + 1)
                .mov(3, flags)
                .stack(4, -8)
                .call(helper);
        assertThat(parse.exit().run()).isEqualTo(used);
        var result = constantAt(code(constant(text)), 1, 0)
                .store(AccessSize.DOUBLE, 10, -8, imm(-5))
                .mov(2, text.length() + 1)
                .mov(3, flags)
                .stack(4, -8)
                .call(helper)
                .load(AccessSize.DOUBLE, 0, 10, -8);
        assertThat(result.exit().run()).isEqualTo(number);
    }

    @ParameterizedTest
    @CsvSource({
        "plain 100%%, 0, plain 100%",
        "%d, -1, -1",
        "%u, -1, 4294967295",
        "%llu, -1, 18446744073709551615",
        "%x|%lx, -1, ffffffff|ffffffffffffffff",
        "%X, 255, FF",
        "%o, 8, 10",
        "%5d|%-5d|%05d, -7, '   -7|-7   |-0007'",
        "%+d, 7, +7",
        "%hhu %hd, 65537, 1 1",
        "%c, 65, A",
        "%px, 255, 00000000000000ff"
    })
    void shouldFormatNumbers(String format, long argument, String expected) {
        var lines = new ArrayList<String>();
        var trace = Helpers.standard((_, line) -> lines.add(line));
        long printed = constantAt(code(constant(format + "\n")), 1, 0)
                .mov(2, format.length() + 2)
                .wide(3, argument)
                .wide(4, argument)
                .wide(5, argument)
                .call(6)
                .exit()
                .prepare(trace, 100)
                .run(new RunContext(0, 0));
        assertThat(lines).containsExactly(expected);
        assertThat(printed).isEqualTo(expected.length() + 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"%", "%y", "%d %d %d %d", "%pI6", "%99999d"})
    void shouldRefuseWrongFormats(String format) {
        long printed = constantAt(code(constant(format)), 1, 0)
                .mov(2, format.length() + 1)
                .call(6)
                .exit()
                .run();
        assertThat(printed).isEqualTo(Errno.EINVAL);
    }

    @Test
    void shouldPrintIntoMemory() {
        var format = constant("%s=%d");
        var name = constant("queued");
        var program = constantAt(code(format, name), 3, 0);
        constantAt(program, 1, 1).store(AccessSize.DOUBLE, 10, -32, reg(1)).store(AccessSize.DOUBLE, 10, -24, imm(42));
        long needed = program.stack(1, -16)
                .mov(2, 8)
                .stack(4, -32)
                .mov(5, 16)
                .call(165)
                .load(AccessSize.DOUBLE, 1, 10, -16)
                .store(AccessSize.DOUBLE, 10, -40, reg(1))
                .movReg(6, 0)
                .load(AccessSize.DOUBLE, 0, 10, -40)
                .exit()
                .run();
        assertThat(needed).isEqualTo(number("queued=\0"));
    }

    @ParameterizedTest
    @CsvSource({"4, 5, 0", "112, 5, 0", "113, 5, 0", "45, 5, 3", "114, 5, 3", "115, 5, 3"})
    void shouldReadInUserAndKernelForm(int helper, int size, long answer) {
        var text = constant("ab\0cd");
        var read = constantAt(code(text), 3, 0).stack(1, -8).mov(2, size).call(helper);
        assertThat(read.exit().run()).isEqualTo(answer);
        var empty = constantAt(code(text), 3, 0).stack(1, -8).mov(2, 0).call(helper);
        assertThat(empty.exit().run()).isZero();
    }

    @Test
    void shouldPrintArgumentsFromMemory() {
        var lines = new ArrayList<String>();
        var trace = Helpers.standard((_, line) -> lines.add(line));
        var print = constantAt(code(constant("%d of %d")), 1, 0)
                .store(AccessSize.DOUBLE, 10, -16, imm(3))
                .store(AccessSize.DOUBLE, 10, -8, imm(7))
                .mov(2, 9)
                .stack(3, -16);
        assertThat(print.mov(4, 16).call(177).exit().prepare(trace, 100).run(new RunContext(0, 0)))
                .isEqualTo(6);
        assertThat(lines).containsExactly("3 of 7");
        var odd = constantAt(code(constant("%d")), 1, 0).mov(2, 3).stack(3, -8).mov(4, 7);
        assertThat(odd.call(177).exit().run()).isEqualTo(Errno.EINVAL);
    }

    @Test
    void shouldCountMillisecondsAndTellTheUser() {
        long before = code().call(118).exit().run();
        assertThat(code().call(118).exit().run() - before).isBetween(0L, 60_000L);
        assertThat(code().call(15).exit().run())
                .as("the same each time")
                .isEqualTo(code().call(15).exit().run());
    }

    @Test
    void shouldNameEachHelperOnce() {
        var helpers = Helpers.standard().all();
        assertThat(helpers).extracting(h -> h.prototype().name()).doesNotHaveDuplicates();
        assertThat(helpers)
                .as("each of these has a test of what it does")
                .extracting(h -> h.prototype().id())
                .containsExactlyElementsOf(TESTED);
    }

    @ParameterizedTest
    @ValueSource(ints = {153, 154})
    void shouldRefuseVariablesOfAKernel(int helper) {
        assertThatThrownBy(() -> code().mov(1, 0).mov(2, 0).call(helper).exit().run())
                .isInstanceOf(ProgramFault.class)
                .hasMessage("insn 2: there are no per-CPU variables of a kernel here, use a map of a per-CPU type");
    }
}
