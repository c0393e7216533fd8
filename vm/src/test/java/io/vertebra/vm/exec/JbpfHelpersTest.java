package io.vertebra.vm.exec;

import static io.vertebra.vm.exec.Code.code;
import static io.vertebra.vm.exec.Code.imm;
import static io.vertebra.vm.exec.Code.reg;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.vm.helper.Helpers;
import io.vertebra.vm.helper.JbpfHelpers;
import io.vertebra.vm.isa.Instruction.AccessSize;
import io.vertebra.vm.isa.Instruction.Condition;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.map.BpfOutput;
import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The helpers of jbpf's ABI, called from programs. */
class JbpfHelpersTest {

    /** Each has a test here, or in {@link JbpfChannelsTest}. */
    private static final List<Integer> TESTED = List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18);

    private final List<String> lines = new ArrayList<>();
    private final Helpers helpers = Helpers.none().with(JbpfHelpers.all((_, line) -> lines.add(line)));
    private final BpfMap hash = BpfMap.create(MapSpec.of("h", MapType.HASH, 4, 8, 2), 1);
    private final BpfMap array = BpfMap.create(MapSpec.of("a", MapType.ARRAY, 4, 8, 2), 1);

    private long run(Code code) {
        return code.exit().prepare(helpers, 10_000).run(new RunContext(0, 0));
    }

    private Code withKey(BpfMap map, int key) {
        return code(map).store(AccessSize.WORD, 10, -4, imm(key)).map(1, 0).stack(2, -4);
    }

    private long update(BpfMap map, int key, int value) {
        return run(withKey(map, key)
                .store(AccessSize.DOUBLE, 10, -16, imm(value))
                .stack(3, -16)
                .mov(4, 99)
                .call(3));
    }

    /** The value, or -1 without one. */
    private long lookup(int helper, BpfMap map, int key) {
        return run(withKey(map, key)
                .call(helper)
                .movReg(1, 0)
                .mov(0, -1)
                .jumpIf(Condition.EQ, 1, imm(0), "missing")
                .load(AccessSize.DOUBLE, 0, 1, 0)
                .label("missing"));
    }

    @Test
    void shouldTestEachHelper() {
        assertThat(helpers.all()).extracting(h -> h.prototype().id()).containsExactlyElementsOf(TESTED);
    }

    @Test
    void shouldUpdateLookUpAndReset() {
        assertThat(List.of(update(hash, 7, 70), update(hash, 8, 80), update(hash, 9, 90)))
                .as("full")
                .containsExactly(0L, 0L, -4L);
        assertThat(update(hash, 7, 71)).as("also when full").isZero();
        assertThat(lookup(1, hash, 7)).isEqualTo(71);
        assertThat(lookup(2, hash, 7)).isZero();
        assertThat(lookup(1, hash, 7)).as("zeroed in the map").isZero();
        assertThat(lookup(2, hash, 9)).isEqualTo(-1);
        assertThat(update(array, 2, 1)).as("beyond the array").isEqualTo(-1);
        assertThat(lookup(1, array, 2)).isEqualTo(-1);
    }

    @Test
    void shouldDeleteAndClear() {
        update(hash, 7, 70);
        update(hash, 8, 80);
        assertThat(run(withKey(hash, 7).call(4))).isZero();
        assertThat(run(withKey(hash, 7).call(4))).isEqualTo(-1);
        assertThat(run(withKey(array, 0).call(4))).isEqualTo(-2);
        assertThat(run(code(hash).map(1, 0).call(5))).isZero();
        assertThat(hash.size()).isZero();
        update(array, 1, 5);
        assertThat(run(code(array).map(1, 0).call(5))).isZero();
        assertThat(lookup(1, array, 1)).isZero();
        var ring = BpfMap.create(MapSpec.of("r", MapType.RINGBUF, 0, 0, 64), 1);
        assertThat(run(code(ring).map(1, 0).call(5))).isEqualTo(-2);
    }

    private Code dump(BpfMap map, int size) {
        return code(map)
                .store(AccessSize.DOUBLE, 10, -32, imm(-1))
                .map(1, 0)
                .stack(2, -32)
                .mov(3, size)
                .mov(4, 0)
                .call(6);
    }

    @Test
    void shouldDumpKeysAndValues() {
        update(hash, 7, 70);
        assertThat(run(dump(hash, 24))).isEqualTo(1);
        assertThat(run(dump(hash, 24).load(AccessSize.WORD, 0, 10, -32))).isEqualTo(7);
        assertThat(run(dump(hash, 24).load(AccessSize.DOUBLE, 0, 10, -28))).isEqualTo(70);
        update(hash, 8, 80);
        assertThat(run(dump(hash, 24))).isEqualTo(2);
        assertThat(run(dump(hash, 23))).as("too small").isZero();
        assertThat(run(dump(hash, 23).load(AccessSize.DOUBLE, 0, 10, -32))).isZero();
        assertThat(run(dump(array, 24))).isEqualTo(-2);
    }

    @Test
    void shouldTellTimesToTheNanosecond() {
        long before = Instant.now().toEpochMilli();
        long now = run(code().call(7));
        assertThat(now / 1_000_000).isBetween(before, Instant.now().toEpochMilli());
        boolean fine = false;
        for (int i = 0; i < 10_000 && !fine; i++) {
            fine = run(code().call(7)) % 256 != 0;
        }
        assertThat(fine).isTrue();
        long start = run(code().mov(1, 1).call(8));
        assertThat(run(code().mov(1, 0).call(8)) - start).isNotNegative();
        assertThat(run(code().mov(1, 5).mov(2, 12).call(9))).isEqualTo(7);
        assertThat(run(code().mov(1, 12).mov(2, 5).call(9))).isZero();
    }

    private long hash(String text, int size) {
        var memory = MemorySegment.ofArray(text.getBytes(StandardCharsets.ISO_8859_1));
        var run = new RunContext(0, 0).context(memory, 0, memory.byteSize());
        return code().mov(2, size).call(10).exit().prepare(helpers, 10).run(run);
    }

    /** The longer vectors are those in the hash's own description. */
    @Test
    void shouldHashAsLookup3() {
        assertThat(hash("Hello, World!\0", 14)).isEqualTo(0xb3a4ed74L);
        assertThat(hash("x", 0)).isEqualTo(0xdeadbeefL);
        assertThat(hash("Four score and seven years ago", 30)).isEqualTo(0x17770551L);
    }

    @Test
    void shouldPrint() {
        run(code().wide(1, 0x6425L) // "%d"
                .store(AccessSize.DOUBLE, 10, -8, reg(1))
                .stack(1, -8)
                .mov(2, 3)
                .mov(3, 42)
                .call(11));
        assertThat(lines).containsExactly("42");
    }

    private long printString(long address) {
        var text = BpfMap.create(MapSpec.of("t", MapType.ARRAY, 4, 8, 1), 1);
        text.update(new byte[4], "text\0\0\0\0".getBytes(StandardCharsets.US_ASCII), BpfMap.ANY);
        return run(code(text)
                .wide(1, 0x7325L) // "%s"
                .store(AccessSize.DOUBLE, 10, -8, reg(1))
                .stack(1, -8)
                .mov(2, 3)
                .wide(3, address)
                .call(11));
    }

    /** As in jbpf: a string that is none is not followed, and nothing is printed. */
    @Test
    void shouldPrintStringsWhereStringsAre() {
        assertThat(printString(Addresses.mapValues(0))).isZero();
        assertThat(printString(Addresses.mapValues(0) + 2)).isZero();
        assertThat(lines).containsExactly("text", "xt");
        assertThat(printString(0)).isEqualTo(-1);
        assertThat(printString(Addresses.map(0))).isEqualTo(-1);
        assertThat(printString(Addresses.mapValues(0) + 8)).isEqualTo(-1);
        assertThat(printString(-1)).isEqualTo(-1);
        assertThat(printString(Addresses.framePointer(0) - 8))
                .as("the stack, which may hold what nobody wrote")
                .isEqualTo(-1);
        assertThat(lines).hasSize(2);
    }

    private List<Long> limited(long nanos, Code code) {
        var executable = code.exit().prepare(helpers, 10_000);
        var run = new RunContext(0, 0).timeLimit(nanos);
        return List.of(executable.run(run), executable.run(run));
    }

    @Test
    void shouldTellWhenTheTimeIsOver() {
        Code marked = code().call(13).call(14);
        for (int i = 0; i < 100; i++) {
            marked.call(14);
        }
        assertThat(limited(1, marked)).containsExactly(1L, 1L);
        assertThat(limited(Long.MAX_VALUE, code().call(13).call(14))).containsExactly(0L, 0L);
        assertThat(limited(0, code().call(13).call(14))).as("no limit").containsExactly(0L, 0L);
        assertThat(limited(1_000_000_000, code().call(14)))
                .as("the first question begins to measure")
                .containsExactly(0L, 0L);
    }

    private long output(BpfMap map, int size) {
        return run(code(map)
                .store(AccessSize.DOUBLE, 10, -16, imm(5))
                .store(AccessSize.DOUBLE, 10, -8, imm(6))
                .map(1, 0)
                .stack(2, -16)
                .mov(3, size)
                .call(12));
    }

    @Test
    void shouldOutputRecords() {
        var ring = (BpfOutput) BpfMap.create(MapSpec.of("r", MapType.JBPF_RINGBUF, 0, 8, 2), 1);
        assertThat(output(ring, 9)).as("longer than value_size").isEqualTo(-1);
        assertThat(List.of(output(ring, 8), output(ring, 8), output(ring, 8)))
                .as("full")
                .containsExactly(0L, 0L, -1L);
        var records = new ArrayList<Long>();
        ring.drain((data, offset, _) -> records.add(data.get(ValueLayout.JAVA_LONG, offset)), 10);
        assertThat(records).containsExactly(5L, 5L);
        assertThat(output(array, 8)).isEqualTo(-1);
    }

    @Test
    void shouldGiveRandomNumbersThatAreNotNegative() {
        for (int i = 0; i < 100; i++) {
            assertThat(run(code().call(15))).isBetween(0L, (long) Integer.MAX_VALUE);
        }
    }
}
