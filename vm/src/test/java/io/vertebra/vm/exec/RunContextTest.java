package io.vertebra.vm.exec;

import static io.vertebra.vm.exec.Code.code;
import static io.vertebra.vm.exec.Code.imm;
import static io.vertebra.vm.exec.Code.reg;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertebra.vm.helper.Helper;
import io.vertebra.vm.helper.HelperPrototype;
import io.vertebra.vm.helper.Helpers;
import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.Instruction.AccessSize;
import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.AtomicOp;
import io.vertebra.vm.isa.Instruction.Condition;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.map.BpfRingBuffer;
import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import io.vertebra.vm.program.ProgramFault;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunContextTest {

    private static final int WARM_UP = 30_000;
    private static final int MEASURED = 10_000;

    private final BpfRingBuffer ring = (BpfRingBuffer) BpfMap.create(MapSpec.of("r", MapType.RINGBUF, 0, 0, 4096), 1);

    private static Helper helper(int id, Helper.Body body) {
        return new Helper(new HelperPrototype(id, "test" + id, List.of(), HelperPrototype.Result.SCALAR), body);
    }

    @Test
    void shouldDiscardWhatARunLeftReserved() {
        var forgetful =
                code(ring).map(1, 0).mov(2, 8).mov(3, 0).call(131).mov(0, 0).exit();
        forgetful.run();
        assertThat(ring.discarded()).isEqualTo(1);
        assertThat(ring.submitted()).isZero();
        assertThat(ring.drain((_, _, _) -> {}, 10)).isZero();
        assertThat(ring.query(BpfRingBuffer.AVAILABLE)).isZero();
    }

    @Test
    void shouldDiscardReservationsWhenAHelperThrows() {
        var helpers = Helpers.standard().with(helper(70_000, (_, _, _, _, _, _) -> {
            throw new IllegalStateException("helper failed");
        }));
        var program = code(ring)
                .map(1, 0)
                .mov(2, 8)
                .mov(3, 0)
                .call(131)
                .call(70_000)
                .exit()
                .prepare(helpers, 100);
        var run = new RunContext(0, 0);
        for (int i = 0; i < 1000; i++) {
            assertThatThrownBy(() -> program.run(run)).hasMessage("helper failed");
            ring.drain((_, _, _) -> {}, 10);
        }
        assertThat(ring.discarded()).isEqualTo(1000);
        assertThat(ring.refused()).isZero();
    }

    @Test
    void shouldRefuseNestedRunsInOneSlot() {
        var run = new RunContext(0, 0);
        var inner = code().mov(0, 1).exit().prepare();
        var outer = code().call(70_000)
                .exit()
                .prepare(Helpers.none().with(helper(70_000, (_, _, _, _, _, _) -> inner.run(run))), 10);
        assertThatThrownBy(() -> outer.run(run))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("program `test`: the execution slot is inside another run, a nested run needs its own");
        assertThat(inner.run(run)).isEqualTo(1);
    }

    @Test
    void shouldRunNestedInAnotherSlot() {
        var inner = code().mov(0, 41).exit().prepare();
        var nested = new RunContext(1, 0);
        var outer = code().call(70_000)
                .alu(AluOp.ADD, 0, imm(1))
                .exit()
                .prepare(Helpers.none().with(helper(70_000, (_, _, _, _, _, _) -> inner.run(nested))), 10);
        assertThat(outer.run(new RunContext(0, 0))).isEqualTo(42);
    }

    @Test
    void shouldForgetMapsAfterRun() {
        var array = BpfMap.create(MapSpec.of("a", MapType.ARRAY, 4, 8, 1), 1);
        var run = new RunContext(0, 0);
        code(array).mov(0, 0).exit().prepare().run(run);
        assertThatThrownBy(() -> code().wide(1, Addresses.mapValues(0))
                        .load(AccessSize.BYTE, 0, 1, 0)
                        .exit()
                        .prepare()
                        .run(run))
                .isInstanceOf(ProgramFault.class)
                .hasMessageContaining("read of no region");
    }

    @Test
    void shouldNameContextsOutsideTheirSegment() {
        assertThatThrownBy(() -> new RunContext(0, 0).context(MemorySegment.ofArray(new byte[4]), 2, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("offset=2, length=3, allowed inside the segment's 4");
    }

    /** Once compiled, a run with map, ring and helper calls allocates nothing. */
    @Test
    void shouldAllocateNothingPerRun() {
        var hash = BpfMap.create(MapSpec.of("h", MapType.HASH, 8, 8, 64), 1);
        var counter = code(hash, ring)
                .load(AccessSize.DOUBLE, 6, 1, 0)
                .store(AccessSize.DOUBLE, 10, -8, reg(6))
                .map(1, 0)
                .stack(2, -8)
                .call(1)
                .jumpIf(Condition.NE, 0, imm(0), "found")
                .store(AccessSize.DOUBLE, 10, -16, imm(0))
                .map(1, 0)
                .stack(2, -8)
                .stack(3, -16)
                .mov(4, 0)
                .call(2)
                .mov(0, 0)
                .exit()
                .label("found")
                .mov(1, 1)
                .add(new Instruction.Atomic(AccessSize.DOUBLE, AtomicOp.ADD, false, 0, 0, 1))
                .map(1, 1)
                .stack(2, -8)
                .mov(3, 8)
                .mov(4, 0)
                .call(130)
                .exit()
                .prepare();
        var context = MemorySegment.ofArray(new long[1]);
        var run = new RunContext(0, 0).context(context, 0, 8).eventNanos(1).thread(1, new long[4], 0);
        for (int i = 0; i < WARM_UP; i++) {
            once(counter, run, context, i);
        }
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 20 && least > 0; round++) {
            long before = allocated();
            for (int i = 0; i < MEASURED; i++) {
                once(counter, run, context, i);
            }
            least = Math.min(least, (allocated() - before) / MEASURED);
        }
        assertThat(least).isZero();
        assertThat(ring.refused()).isZero();
    }

    private void once(Executable program, RunContext run, MemorySegment context, int i) {
        context.set(java.lang.foreign.ValueLayout.JAVA_LONG, 0, i % 64);
        program.run(run);
        if (i % 64 == 0) {
            ring.drain((_, _, _) -> {}, Integer.MAX_VALUE);
        }
    }

    private static long allocated() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        return threads.getCurrentThreadAllocatedBytes();
    }
}
