package io.vertebra.vm.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BpfRingBufferTest {

    private final BpfRingBuffer ring = create(256);

    private static BpfRingBuffer create(int bytes) {
        return (BpfRingBuffer) BpfMap.create(MapSpec.of("r", MapType.RINGBUF, 0, 0, bytes), 1);
    }

    private static long output(BpfRingBuffer ring, byte... data) {
        return ring.output(MemorySegment.ofArray(data), 0, data.length, 0);
    }

    private static List<byte[]> drain(BpfRingBuffer ring) {
        var records = new ArrayList<byte[]>();
        ring.drain(
                (data, offset, length) ->
                        records.add(data.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE)),
                Integer.MAX_VALUE);
        return records;
    }

    @Test
    void shouldGiveRecordsInOrder() {
        output(ring, (byte) 1);
        output(ring, (byte) 2, (byte) 3);
        output(ring);
        assertThat(ring.pending()).isEqualTo(3);
        assertThat(drain(ring)).containsExactly(new byte[] {1}, new byte[] {2, 3}, new byte[0]);
        assertThat(ring.pending()).isZero();
        assertThat(ring.submitted()).isEqualTo(3);
    }

    @Test
    void shouldStopAtReservedRecord() {
        long first = ring.reserve(8);
        output(ring, (byte) 2);
        assertThat(drain(ring)).isEmpty();
        assertThat(ring.pending()).isEqualTo(1);
        ring.submit(first, 0);
        assertThat(drain(ring)).hasSize(2);
    }

    @Test
    void shouldSkipDiscardedRecords() {
        long first = ring.reserve(8);
        output(ring, (byte) 2);
        ring.discard(first, 0);
        assertThat(drain(ring)).containsExactly(new byte[] {2});
        assertThat(ring.discarded()).isEqualTo(1);
        assertThat(ring.submitted()).isEqualTo(1);
    }

    @Test
    void shouldRefuseWhenFull() {
        int fits = 0;
        while (output(ring, new byte[8]) == 0) {
            fits++;
        }
        assertThat(fits).isEqualTo(16);
        assertThat(ring.refused()).isEqualTo(1);
        assertThat(ring.query(BpfRingBuffer.AVAILABLE)).isEqualTo(256);
        drain(ring);
        assertThat(output(ring, new byte[8])).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, 248})
    void shouldTakeEverySizeAtEveryPlace(int size) {
        var data = new byte[size];
        new Random(size).nextBytes(data);
        for (int i = 0; i < 200; i++) {
            assertThat(output(ring, data)).isZero();
            assertThat(drain(ring)).containsExactly(data);
            assertThat(output(ring, (byte) i)).isZero();
            assertThat(drain(ring)).containsExactly(new byte[] {(byte) i});
        }
    }

    @Test
    void shouldRefuseWhatNeverFits() {
        assertThat(ring.reserve(249)).isEqualTo(BpfMap.NOT_FOUND);
        assertThat(ring.reserve(-1)).isEqualTo(BpfMap.NOT_FOUND);
        assertThat(ring.reserve(Long.MAX_VALUE)).isEqualTo(BpfMap.NOT_FOUND);
        assertThat(ring.refused()).isEqualTo(3);
    }

    @Test
    void shouldObeyLimit() {
        for (int i = 0; i < 5; i++) {
            output(ring, (byte) i);
        }
        var seen = new AtomicInteger();
        assertThat(ring.drain((_, _, _) -> seen.incrementAndGet(), 3)).isEqualTo(3);
        assertThat(seen).hasValue(3);
        assertThat(ring.pending()).isEqualTo(2);
    }

    @Test
    void shouldGoOnAfterConsumerThrew() {
        output(ring, (byte) 1);
        output(ring, (byte) 2);
        assertThatThrownBy(() -> ring.drain(
                        (_, _, _) -> {
                            throw new IllegalStateException("no");
                        },
                        10))
                .hasMessage("no");
        assertThat(drain(ring)).containsExactly(new byte[] {2});
    }

    /** Lengths that reach beyond the tail, and a record where nobody has reserved one. */
    @ParameterizedTest
    @ValueSource(longs = {25 << 2 | 2, 248 << 2 | 2, -1, 1L << 40 | 3, Long.MIN_VALUE | 2})
    void shouldBelieveNoHeaderBeyondTheTail(long header) {
        output(ring, new byte[16]);
        output(ring, (byte) 1);
        drain(ring);
        output(ring, (byte) 2);
        output(ring, (byte) 3);
        ring.values().set(ValueLayout.JAVA_LONG, 24 + 16, header);
        assertThat(drain(ring)).isEmpty();
        assertThat(ring.ready()).isFalse();
        assertThat(ring.pending()).isEqualTo(2);
        assertThat(ring.reserve(0)).isEqualTo(BpfMap.NOT_FOUND);
        assertThat(drain(ring)).isEmpty();
    }

    @Test
    void shouldBelieveNoHeaderAtTheTail() {
        ring.values().set(ValueLayout.JAVA_LONG, 0, 2);
        assertThat(drain(ring)).isEmpty();
        assertThat(ring.reserve(0)).isEqualTo(BpfMap.NOT_FOUND);
    }

    @Test
    void shouldNotifyOnlyWaitingConsumer() {
        var calls = new AtomicInteger();
        ring.onSubmit(calls::incrementAndGet);
        output(ring, (byte) 1);
        assertThat(calls).hasValue(1);
        output(ring, (byte) 2);
        assertThat(calls).as("the consumer has not reached this record").hasValue(1);
        assertThat(ring.ready()).isTrue();
        drain(ring);
        assertThat(ring.ready()).isFalse();
        ring.output(MemorySegment.ofArray(new byte[1]), 0, 1, BpfRingBuffer.NO_WAKEUP);
        assertThat(calls).hasValue(1);
        ring.output(MemorySegment.ofArray(new byte[1]), 0, 1, BpfRingBuffer.FORCE_WAKEUP);
        assertThat(calls).hasValue(2);
    }

    @Test
    void shouldNotifyWhenFirstRecordComesLate() {
        var calls = new AtomicInteger();
        ring.onSubmit(calls::incrementAndGet);
        long first = ring.reserve(8);
        output(ring, (byte) 2);
        assertThat(calls).hasValue(0);
        ring.discard(first, 0);
        assertThat(calls).hasValue(1);
    }

    @Test
    void shouldRefuseUnknownFlags() {
        assertThat(ring.output(MemorySegment.ofArray(new byte[1]), 0, 1, 4)).isEqualTo(Errno.EINVAL);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 8, 24, 100, Integer.MIN_VALUE})
    void shouldNameCapacityThatIsNoPowerOfTwo(int bytes) {
        assertThatThrownBy(() -> create(bytes))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("map `r`: max_entries=")
                .hasMessageContaining("a power of two");
    }

    @Test
    void shouldAccountForEveryRecordOfManyProducers() throws Exception {
        long seed = ThreadLocalRandom.current().nextLong();
        var shared = create(1 << 12);
        int producers = 3;
        var last = new long[producers];
        var threads = new ArrayList<Thread>();
        for (int p = 0; p < producers; p++) {
            int producer = p;
            threads.add(Thread.ofPlatform().start(() -> produce(shared, producer, new Random(seed + producer))));
        }
        long drained = 0;
        while (threads.stream().anyMatch(Thread::isAlive) || shared.ready()) {
            drained += shared.drain((data, offset, length) -> check(last, data, offset, length), 64);
        }
        assertThat(shared.pending()).as("seed " + seed).isZero();
        assertThat(drained).as("seed " + seed).isEqualTo(shared.submitted());
        assertThat(shared.submitted() + shared.discarded() + shared.refused())
                .as("seed " + seed)
                .isEqualTo(producers * 100_000L);
        assertThat(shared.values().toArray(ValueLayout.JAVA_BYTE))
                .as("all zeroed")
                .containsOnly(0);
    }

    /** Records: producer, running number, and as many copies of the number as the length tells. */
    private static void produce(BpfRingBuffer ring, int producer, Random random) {
        for (int i = 1; i <= 100_000; i++) {
            int words = 2 + random.nextInt(10);
            long record = ring.reserve(words * 8L);
            if (record < 0) {
                continue;
            }
            ring.values().set(ValueLayout.JAVA_LONG, record, producer);
            for (int w = 1; w < words; w++) {
                ring.values().set(ValueLayout.JAVA_LONG, record + w * 8L, i);
            }
            if (random.nextInt(10) == 0) {
                ring.discard(record, 0);
            } else {
                ring.submit(record, 0);
            }
        }
    }

    private static void check(long[] last, MemorySegment data, long offset, int length) {
        int producer = (int) data.get(ValueLayout.JAVA_LONG, offset);
        long number = data.get(ValueLayout.JAVA_LONG, offset + 8);
        if (number <= last[producer]) {
            throw new AssertionError("record " + number + " after " + last[producer]);
        }
        last[producer] = number;
        for (int at = 16; at < length; at += 8) {
            if (data.get(ValueLayout.JAVA_LONG, offset + at) != number) {
                throw new AssertionError("torn record " + number);
            }
        }
    }
}
