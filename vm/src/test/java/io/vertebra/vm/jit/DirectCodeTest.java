package io.vertebra.vm.jit;

import static io.vertebra.vm.exec.Code.code;
import static io.vertebra.vm.exec.Code.imm;
import static io.vertebra.vm.exec.Code.reg;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertebra.vm.exec.Addresses;
import io.vertebra.vm.exec.Code;
import io.vertebra.vm.exec.DirectCode;
import io.vertebra.vm.exec.Executable;
import io.vertebra.vm.exec.RunContext;
import io.vertebra.vm.helper.Helpers;
import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.Instruction.AccessSize;
import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.Condition;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.program.AccessPlan;
import io.vertebra.vm.program.AccessPlan.Region;
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
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Code that takes its context as parameters gives what the same program gives with its context in memory. */
class DirectCodeTest {

    private static final Helpers HELPERS = Helpers.standard((_, _) -> {});
    private static final long BITS = 0x8182_8384_f5f6_f7f8L;
    private static final Region CONTEXT = new AccessPlan.Context();
    private static final Region STACK = new AccessPlan.Stack();
    private static final Region PAYLOAD = new AccessPlan.Payload();

    private static final ContextLayout SIZES = new ContextLayout(
            "sizes",
            16,
            List.of(
                    new Field("byte", 0, 1, Kind.SCALAR),
                    new Field("half", 2, 2, Kind.SCALAR),
                    new Field("word", 4, 4, Kind.SCALAR),
                    new Field("whole", 8, 8, Kind.SCALAR)));

    private static final ContextLayout PACKET = new ContextLayout(
            "packet",
            24,
            List.of(
                    new Field("data", 0, 8, Kind.PAYLOAD),
                    new Field("data_end", 8, 8, Kind.PAYLOAD_END),
                    new Field("key", 16, 8, Kind.SCALAR)));

    /** A plan by slot: the region of an access, and where it begins if it always begins there. */
    private static AccessPlan plan(Map<Integer, Region> regions, Map<Integer, Integer> offsets) {
        var accesses = new HashMap<Integer, Set<Region>>();
        regions.forEach((slot, region) -> accesses.put(slot, Set.of(region)));
        return new AccessPlan(accesses, offsets, Map.of(), 512, 1000, AccessPlan.ContextUse.LOADED, Set.of());
    }

    private static Executable compile(Code code, AccessPlan plan, ContextLayout layout, BpfMap... maps) {
        return Jit.compile(code.program(), plan, layout, List.of(maps), HELPERS, Fallback.FAIL);
    }

    private static long direct(DirectCode code, RunContext run, Object... values) {
        var arguments = new ArrayList<>();
        arguments.add(run);
        arguments.addAll(List.of(values));
        try {
            return (long) code.entry().invokeWithArguments(arguments);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static long bits(Field field) {
        return BITS >>> (Long.SIZE - field.size() * Byte.SIZE);
    }

    private static MemorySegment marshalled(ContextLayout layout) {
        return marshal(layout, MemorySegment.ofArray(new byte[layout.size()]));
    }

    private static MemorySegment marshal(ContextLayout layout, MemorySegment memory) {
        for (var field : layout.fields()) {
            for (int i = 0; i < field.size(); i++) {
                memory.set(ValueLayout.JAVA_BYTE, field.offset() + i, (byte) (bits(field) >>> (i * Byte.SIZE)));
            }
        }
        return memory;
    }

    @Test
    void shouldLoadAllSizesAndSigns() {
        var run = new RunContext(0, 0).context(marshalled(SIZES), 0, SIZES.size());
        var values = SIZES.fields().stream().map(f -> (Object) bits(f)).toArray();
        long[] words = new long[6];
        Arrays.fill(words, 0x5a5a_5a5a_5a5a_5a5aL); // what lies beside must not be read
        marshal(SIZES, MemorySegment.ofArray(words).asSlice(3 * Long.BYTES));
        for (var field : SIZES.fields()) {
            for (var size : AccessSize.values()) {
                for (int offset = 0; offset + size.bytes() <= field.size(); offset += size.bytes()) {
                    for (boolean signed : new boolean[] {false, true}) {
                        int at = field.offset() + offset;
                        var code = code().add(new Instruction.Load(size, signed, 0, 1, at))
                                .exit();
                        var executable = compile(code, plan(Map.of(0, CONTEXT), Map.of(0, at)), SIZES);
                        var direct = executable.direct().orElseThrow();
                        assertThat(direct.usesRun()).isFalse();
                        assertThat(direct(direct, null, values))
                                .as("%s signed=%s at %d", size, signed, at)
                                .isEqualTo(direct.onWords().orElseThrow().run(null, words, 3))
                                .isEqualTo(executable.run(run));
                    }
                }
            }
        }
    }

    private static BpfMap counters() {
        return BpfMap.create(MapSpec.of("counters", MapType.ARRAY, 4, 8, 4), 1);
    }

    /** Adds one to the counter that the context names; its key lies on the stack. */
    private static Code count(BpfMap map) {
        return code(map)
                .load(AccessSize.WORD, 2, 1, 4)
                .store(AccessSize.WORD, 10, -4, reg(2))
                .stack(2, -4)
                .map(1, 0)
                .call(1)
                .jumpIf(Condition.EQ, 0, imm(0), "out")
                .mov(1, 1)
                .add(new Instruction.Atomic(AccessSize.DOUBLE, Instruction.AtomicOp.ADD, false, 0, 0, 1))
                .label("out")
                .mov(0, 0)
                .exit();
    }

    private static AccessPlan countPlan() {
        return plan(Map.of(0, CONTEXT, 1, STACK, 9, new AccessPlan.MapValue(0)), Map.of(0, 4, 1, -4));
    }

    @Test
    void shouldRunOnSeveralThreadsWithoutARun() throws InterruptedException {
        var map = counters();
        var direct = compile(count(map), countPlan(), SIZES, map).direct().orElseThrow();
        assertThat(direct.usesRun()).isFalse();
        int times = 20_000;
        var threads = IntStream.range(0, 4)
                .mapToObj(_ -> Thread.ofPlatform().start(() -> {
                    for (int i = 0; i < times; i++) {
                        direct(direct, null, 0L, 0L, (long) (i & 7), 0L);
                    }
                }))
                .toList();
        for (var thread : threads) {
            thread.join();
        }
        for (int index = 0; index < 4; index++) {
            assertThat(map.values().getAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, index))
                    .isEqualTo(4 * times / 8);
        }
    }

    @Test
    void shouldForwardFieldsToSubprograms() {
        var code = code().movReg(6, 1)
                .mov(2, 5)
                .callLocal("whole")
                .load(AccessSize.BYTE, 1, 6, 0)
                .alu(AluOp.ADD, 0, reg(1))
                .exit()
                .function("whole")
                .store(AccessSize.DOUBLE, 10, -8, reg(2))
                .load(AccessSize.DOUBLE, 0, 1, 8)
                .load(AccessSize.DOUBLE, 1, 10, -8)
                .alu(AluOp.MUL, 0, reg(1))
                .exit();
        var plan = plan(Map.of(3, CONTEXT, 6, STACK, 7, CONTEXT, 8, STACK), Map.of(3, 0, 6, -8, 7, 8, 8, -8));
        var direct = compile(code, plan, SIZES).direct().orElseThrow();
        assertThat(direct.usesRun()).isFalse();
        assertThat(direct(direct, null, 2L, 0L, 0L, 8L)).isEqualTo(42);
    }

    @Test
    void shouldNotLookForPayloadsBehindWords() {
        var direct = compile(code().mov(0, 1).exit(), plan(Map.of(), Map.of()), PACKET)
                .direct()
                .orElseThrow();
        assertThat(direct.onWords()).isEmpty();
    }

    /** {@code data + key < data_end ? data[key] : -1}. */
    private static Code peek() {
        return code().load(AccessSize.DOUBLE, 2, 1, 0)
                .load(AccessSize.DOUBLE, 3, 1, 8)
                .load(AccessSize.DOUBLE, 4, 1, 16)
                .mov(0, -1)
                .alu(AluOp.ADD, 2, reg(4))
                .jumpIf(Condition.GE, 2, reg(3), "out")
                .load(AccessSize.BYTE, 0, 2, 0)
                .label("out")
                .exit();
    }

    private static AccessPlan peekPlan() {
        return plan(Map.of(0, CONTEXT, 1, CONTEXT, 2, CONTEXT, 6, PAYLOAD), Map.of(0, 0, 1, 8, 2, 16));
    }

    @Test
    void shouldReadThePayload() {
        var direct = compile(peek(), peekPlan(), PACKET).direct().orElseThrow();
        var payload = MemorySegment.ofArray(new byte[] {1, 2, -3});
        assertThat(direct.usesRun()).isFalse();
        for (int i = 0; i < 5; i++) {
            assertThat(direct(direct, null, Addresses.PAYLOAD, Addresses.PAYLOAD + 3, (long) i, payload))
                    .isEqualTo(i < 2 ? i + 1 : i == 2 ? 253 : -1);
        }
    }

    /** Without the test of the bounds, a proof of it is a lie. */
    @Test
    void shouldFaultOutsideThePayloadWithALyingPlan() {
        var direct = compile(peek(), peekPlan(), PACKET).direct().orElseThrow();
        var payload = MemorySegment.ofArray(new byte[] {1, 2, 3, 4}).asSlice(1, 2);
        for (long wrong : new long[] {2, -1, 1L << 40}) {
            assertThatThrownBy(() -> direct(direct, null, Addresses.PAYLOAD, Long.MAX_VALUE, wrong, payload))
                    .as("offset %d", wrong)
                    .isInstanceOf(ProgramFault.class);
        }
    }

    @Test
    void shouldEnterAndLeaveTheRunOfHelpers() {
        var hook = FiredHook.of("test/control", SIZES, false, true, 5);
        var code = code().load(AccessSize.BYTE, 6, 1, 0).call(5).movReg(0, 6).exit();
        var executable = compile(code, plan(Map.of(0, CONTEXT), Map.of(0, 0)), SIZES);
        var direct = executable.direct().orElseThrow();
        assertThat(direct.usesRun()).isTrue();
        var run = new RunContext(0, 0).hook(hook);
        for (long i = 0; i < 3; i++) {
            assertThat(direct(direct, run, i, 0L, 0L, 0L)).isEqualTo(i);
        }
    }

    @Test
    void shouldLeaveTheRunAfterAFault() {
        var map = BpfMap.create(MapSpec.of("slots", MapType.PERCPU_ARRAY, 4, 8, 4), 2);
        var code = count(map);
        var direct = compile(code, countPlan(), SIZES, map).direct().orElseThrow();
        assertThat(direct.usesRun()).isTrue();
        assertThatThrownBy(() -> direct(direct, new RunContext(7, 0), 0L, 0L, 0L, 0L))
                .isInstanceOf(ProgramFault.class);
        var run = new RunContext(1, 0);
        direct(direct, run, 0L, 0L, 0L, 0L);
        direct(direct, run, 0L, 0L, 1L, 0L);
        var total = new AtomicLong();
        map.forEach((_, values) -> total.addAndGet(values.get(1)[0]));
        assertThat(total).hasValue(2);
    }

    @Test
    void shouldHaveNoDirectCodeWhereTheContextIsNeeded() {
        var text = new ContextLayout(
                "text", 16, List.of(new Field("a", 0, 8, Kind.SCALAR), new Field("text", 8, 8, Kind.STRING)));
        var loadsText = code().load(AccessSize.BYTE, 0, 1, 10).exit();
        assertThat(compile(loadsText, plan(Map.of(0, CONTEXT), Map.of(0, 10)), text)
                        .direct())
                .isEmpty();
        var keeps = code().store(AccessSize.DOUBLE, 10, -8, reg(1)).mov(0, 0).exit();
        assertThat(compile(keeps, plan(Map.of(0, STACK), Map.of(0, -8)), SIZES).direct())
                .isEmpty();
        var handsOn = code().mov(2, 0).mov(3, 0).call(12).mov(0, 0).exit();
        assertThat(compile(handsOn, plan(Map.of(), Map.of()), SIZES).direct()).isEmpty();
        var anywhere =
                code().alu(AluOp.ADD, 1, reg(2)).load(AccessSize.BYTE, 0, 1, 0).exit();
        assertThat(compile(anywhere, plan(Map.of(1, CONTEXT), Map.of()), SIZES).direct())
                .isEmpty();
        var many = IntStream.rangeClosed(0, DirectCode.MOST_FIELDS)
                .mapToObj(i -> new Field("f" + i, 8 * i, 8, Kind.SCALAR))
                .toList();
        var plain = code().mov(0, 0).exit();
        assertThat(compile(plain, plan(Map.of(), Map.of()), new ContextLayout("many", 8 * many.size(), many))
                        .direct())
                .isEmpty();
        assertThat(compile(plain, plan(Map.of(), Map.of()), ContextLayout.NONE).direct())
                .isEmpty();
    }
}
