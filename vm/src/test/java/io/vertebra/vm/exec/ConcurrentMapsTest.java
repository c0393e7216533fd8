package io.vertebra.vm.exec;

import static io.vertebra.vm.exec.Code.code;
import static io.vertebra.vm.exec.Code.imm;
import static io.vertebra.vm.exec.Code.reg;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.Instruction.AccessSize;
import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.AtomicOp;
import io.vertebra.vm.isa.Instruction.Condition;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What programs on several threads see of each other through maps. */
class ConcurrentMapsTest {

    private static final int THREADS = 4;
    private static final int RUNS = 20_000;

    private interface Job {
        void run(int thread);
    }

    private static void onAllThreads(String place, Job job) throws Exception {
        try (var pool = Executors.newFixedThreadPool(THREADS)) {
            var done = new ArrayList<Future<?>>();
            for (int t = 0; t < THREADS; t++) {
                int thread = t;
                done.add(pool.submit(() -> job.run(thread)));
            }
            for (var one : done) {
                assertThatCode(one::get).as(place).doesNotThrowAnyException();
            }
        }
    }

    private static byte[] bytes(int number) {
        return ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(number)
                .array();
    }

    private static ByteBuffer buffer(byte[] value) {
        return ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN);
    }

    @ParameterizedTest
    @EnumSource(names = {"WORD", "DOUBLE"})
    void shouldCountExactlyInHashes(AccessSize size) throws Exception {
        var hash = BpfMap.create(MapSpec.of("h", MapType.HASH, 4, 8, 4), 1);
        hash.update(bytes(7), new byte[8], BpfMap.ANY);
        var increment = code(hash)
                .store(AccessSize.WORD, 10, -4, imm(7))
                .map(1, 0)
                .stack(2, -4)
                .call(1)
                .mov(1, 1)
                .add(new Instruction.Atomic(size, AtomicOp.ADD, true, 0, 0, 1))
                .exit()
                .prepare();
        onAllThreads("count", thread -> {
            var run = new RunContext(thread, 0);
            for (int i = 0; i < RUNS; i++) {
                increment.run(run);
            }
        });
        assertThat(buffer(hash.get(bytes(7)).orElseThrow()).getLong()).isEqualTo((long) THREADS * RUNS);
    }

    @ParameterizedTest
    @EnumSource(names = {"PERCPU_ARRAY", "PERCPU_HASH"})
    void shouldKeepSlotsIsolated(MapType type) throws Exception {
        var map = BpfMap.create(MapSpec.of("p", type, 4, 8, 4), THREADS);
        map.update(bytes(1), new byte[8], BpfMap.ANY);
        var increment = code(map)
                .store(AccessSize.WORD, 10, -4, imm(1))
                .map(1, 0)
                .stack(2, -4)
                .call(1)
                .load(AccessSize.DOUBLE, 1, 0, 0)
                .alu(AluOp.ADD, 1, imm(1))
                .store(AccessSize.DOUBLE, 0, 0, reg(1))
                .exit()
                .prepare();
        onAllThreads("isolated", thread -> {
            var run = new RunContext(thread, 0);
            for (int i = 0; i < RUNS * (thread + 1); i++) {
                increment.run(run);
            }
        });
        var copies = map.getPerSlot(bytes(1));
        for (int slot = 0; slot < THREADS; slot++) {
            assertThat(buffer(copies.get(slot)).getLong()).isEqualTo((long) RUNS * (slot + 1));
        }
    }

    /**
     * Runs insert, look up, wait and delete few keys in a storm. The value is the key, and whatever a run reads through
     * the pointer that its lookup gave must be that key, also after others deleted or evicted it and inserted other keys.
     */
    @ParameterizedTest
    @EnumSource(names = {"HASH", "LRU_HASH"})
    void shouldNeverShowForeignKeys(MapType type) throws Exception {
        long seed = ThreadLocalRandom.current().nextLong();
        var map = BpfMap.create(MapSpec.of("h", type, 4, 8, 64), THREADS);
        // r6: pointer, r7: key from the context, r8: rounds; 1 when another key was seen
        var program = code(map)
                .load(AccessSize.WORD, 7, 1, 0)
                .store(AccessSize.WORD, 10, -4, reg(7))
                .store(AccessSize.DOUBLE, 10, -16, reg(7))
                .map(1, 0)
                .stack(2, -4)
                .stack(3, -16)
                .mov(4, 0)
                .call(2)
                .map(1, 0)
                .stack(2, -4)
                .call(1)
                .jumpIf(Condition.EQ, 0, imm(0), "gone")
                .movReg(6, 0)
                .map(1, 0)
                .stack(2, -4)
                .call(3)
                .mov(8, 50)
                .label("again")
                .load(AccessSize.DOUBLE, 1, 6, 0)
                .jumpIf(Condition.NE, 1, reg(7), "foreign")
                .alu(AluOp.SUB, 8, imm(1))
                .jumpIf(Condition.NE, 8, imm(0), "again")
                .label("gone")
                .mov(0, 0)
                .exit()
                .label("foreign")
                .mov(0, 1)
                .exit()
                .prepare();
        onAllThreads("seed " + seed, thread -> {
            var random = new Random(seed + thread);
            var run = new RunContext(thread, 0);
            for (int i = 0; i < RUNS; i++) {
                var key = MemorySegment.ofArray(bytes(1 + random.nextInt(300)));
                if (program.run(run.context(key, 0, 4)) != 0) {
                    throw new AssertionError("foreign key in run " + i);
                }
            }
        });
    }
}
