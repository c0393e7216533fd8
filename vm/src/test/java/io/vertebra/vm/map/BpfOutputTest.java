package io.vertebra.vm.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BpfOutputTest {

    private static final int SLOTS = 3;

    private static BpfOutput create(MapType type, int valueSize, int entries) {
        return (BpfOutput) BpfMap.create(MapSpec.of("o", type, 0, valueSize, entries), SLOTS);
    }

    private static List<Long> drain(BpfOutput output) {
        var records = new ArrayList<Long>();
        output.drain((data, offset, length) -> records.add(data.get(ValueLayout.JAVA_LONG, offset)), 1000);
        return records;
    }

    @Test
    void shouldGiveEachSlotOneBuffer() {
        var output = create(MapType.JBPF_OUTPUT, 12, 4);
        assertThat(output.send(0)).isEqualTo(Errno.ENOENT);
        long first = output.reserve(0);
        long second = output.reserve(1);
        assertThat(second - first).isEqualTo(output.stride()).isEqualTo(128);
        assertThat(output.reserve(0)).isEqualTo(first);
        output.values().set(ValueLayout.JAVA_LONG, first, 11);
        output.values().set(ValueLayout.JAVA_LONG, second, 22);
        assertThat(output.pending()).isZero();
        assertThat(output.send(1)).isZero();
        assertThat(output.send(1)).isEqualTo(Errno.ENOENT);
        assertThat(output.send(0)).isZero();
        assertThat(drain(output)).containsExactly(22L, 11L);
        assertThat(output.copies()).isEqualTo(SLOTS);
    }

    @ParameterizedTest
    @CsvSource({"108, 100", "1, 1", "71696, 10", "8, 10000"})
    void shouldHaveRoomForAllEntries(int valueSize, int entries) {
        for (var type : List.of(MapType.JBPF_OUTPUT, MapType.JBPF_RINGBUF)) {
            var output = create(type, valueSize, entries);
            var data = MemorySegment.ofArray(new byte[valueSize]);
            for (int i = 0; i < entries; i++) {
                output.reserve(2);
                assertThat(type == MapType.JBPF_OUTPUT ? output.send(2) : output.output(data, 0, valueSize))
                        .as("%s, record %d", type, i)
                        .isZero();
            }
            assertThat(output.submitted()).isEqualTo(entries);
            assertThat(output.size()).isEqualTo(entries);
            assertThat(output.refused()).isZero();
            assertThat(output.memoryBytes()).isLessThan(4L * entries * (valueSize + 16) + 3L * (valueSize + 128) + 64);
        }
    }

    @Test
    void shouldNotMixTheTwoWays() {
        var data = MemorySegment.ofArray(new byte[8]);
        assertThat(create(MapType.JBPF_OUTPUT, 8, 4).output(data, 0, 8)).isEqualTo(Errno.EINVAL);
        var ring = create(MapType.JBPF_RINGBUF, 8, 4);
        assertThat(ring.reserve(0)).isEqualTo(BpfMap.NOT_FOUND);
        assertThat(ring.send(0)).isEqualTo(Errno.ENOENT);
        assertThat(ring.values().byteSize()).isZero();
        assertThat(ring.output(data, 0, 9)).isEqualTo(Errno.E2BIG);
        assertThat(ring.output(data, 0, -1)).isEqualTo(Errno.E2BIG);
    }

    @Test
    void shouldNotifyTheConsumer() {
        var calls = new AtomicInteger();
        var output = create(MapType.JBPF_OUTPUT, 8, 4);
        output.onSubmit(calls::incrementAndGet);
        output.reserve(0);
        assertThat(calls).hasValue(0);
        output.send(0);
        assertThat(calls).hasValue(1);
        assertThat(output.ready()).isTrue();
    }

    /** Each slot counts upwards; the consumer sees all numbers of each in order. */
    @Test
    void shouldKeepTheOrderOfEachSlot() throws Exception {
        int records = 20_000;
        var output = create(MapType.JBPF_OUTPUT, 8, 16);
        var next = new long[SLOTS];
        try (var threads = Executors.newFixedThreadPool(SLOTS)) {
            for (int slot = 0; slot < SLOTS; slot++) {
                int own = slot;
                threads.execute(() -> {
                    for (long i = 0; i < records; i++) {
                        output.values().set(ValueLayout.JAVA_LONG, output.reserve(own), i * SLOTS + own);
                        while (output.send(own) != 0) {
                            Thread.onSpinWait();
                        }
                    }
                });
            }
            for (int drained = 0; drained < SLOTS * records; ) {
                for (long record : drain(output)) {
                    assertThat(record / SLOTS).isEqualTo(next[(int) (record % SLOTS)]++);
                    drained++;
                }
            }
        }
        assertThat(output.submitted()).isEqualTo((long) SLOTS * records);
        assertThat(output.pending()).isZero();
    }

    @Test
    void shouldNameWrongSizes() {
        assertThatThrownBy(() -> create(MapType.JBPF_OUTPUT, 0, 4))
                .hasMessage("map `o`: value_size=0, allowed at least 1");
        assertThatThrownBy(() -> create(MapType.JBPF_RINGBUF, 8, 0))
                .hasMessage("map `o`: max_entries=0, allowed [1, 2147483647]");
        assertThatThrownBy(() -> create(MapType.JBPF_RINGBUF, Integer.MAX_VALUE, Integer.MAX_VALUE))
                .hasMessage("map `o`: max_entries=2147483647 of 2147483647 bytes, allowed 1073741824 bytes in all");
        assertThatThrownBy(() -> BpfMap.create(MapSpec.of("o", MapType.JBPF_OUTPUT, 4, 8, 1), 1))
                .hasMessage("map `o`: key_size=4, allowed 0, because a JBPF_OUTPUT has no keys");
    }
}
