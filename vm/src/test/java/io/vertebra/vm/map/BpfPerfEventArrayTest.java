package io.vertebra.vm.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BpfPerfEventArrayTest {

    private final BpfPerfEventArray events = create(0);

    private static BpfPerfEventArray create(int entries) {
        return (BpfPerfEventArray) BpfMap.create(MapSpec.of("e", MapType.PERF_EVENT_ARRAY, 4, 4, entries), 3);
    }

    private long output(int slot, int number) {
        return events.output(
                slot, MemorySegment.ofArray(new byte[] {(byte) number}), 0, 1, BpfPerfEventArray.CURRENT_CPU);
    }

    private List<Integer> drain(int limit) {
        var numbers = new ArrayList<Integer>();
        events.drain((data, offset, length) -> numbers.add((int) data.get(ValueLayout.JAVA_BYTE, offset)), limit);
        return numbers;
    }

    @Test
    void shouldDrainAllSlots() {
        output(0, 1);
        output(2, 2);
        output(0, 3);
        assertThat(events.ready()).isTrue();
        assertThat(events.pending()).isEqualTo(3);
        assertThat(drain(10)).containsExactly(1, 3, 2);
        assertThat(events.ready()).isFalse();
        assertThat(events.submitted()).isEqualTo(3);
        assertThat(events.pending()).isZero();
    }

    @Test
    void shouldTakeTurns() {
        for (int i = 0; i < 10; i++) {
            output(0, 10 + i);
            output(1, 20 + i);
        }
        assertThat(drain(1)).containsExactly(10);
        assertThat(drain(1)).containsExactly(20);
        assertThat(drain(1)).containsExactly(11);
        assertThat(drain(100)).hasSize(17);
    }

    @Test
    void shouldNotifyOnceForWaitingConsumer() {
        var calls = new AtomicInteger();
        output(0, 1);
        events.onSubmit(calls::incrementAndGet);
        output(0, 2);
        assertThat(calls).hasValue(0);
        output(1, 3);
        assertThat(calls).hasValue(1);
        drain(10);
        output(0, 4);
        assertThat(calls).hasValue(2);
    }

    @Test
    void shouldCountWhatFindsNoRoom() {
        int fits = 0;
        while (output(1, 7) == 0) {
            fits++;
        }
        assertThat(fits).isEqualTo(BpfPerfEventArray.RING_BYTES / 16);
        assertThat(events.refused()).isEqualTo(1);
        assertThat(output(0, 1)).as("another slot has its own room").isZero();
        assertThat(events.submitted()).isEqualTo(fits + 1);
    }

    @Test
    void shouldObeyIndexInFlags() {
        var data = MemorySegment.ofArray(new byte[8]);
        assertThat(events.output(2, data, 0, 8, 2)).isZero();
        assertThat(events.output(2, data, 0, 8, 1)).isEqualTo(Errno.EOPNOTSUPP);
        assertThat(events.output(2, data, 0, 8, 3)).isEqualTo(Errno.E2BIG);
        assertThat(create(2).output(2, data, 0, 8, 2)).isEqualTo(Errno.E2BIG);
        assertThat(events.output(2, data, 0, 8, 1L << 32)).isEqualTo(Errno.EINVAL);
    }

    @Test
    void shouldNameWrongSizes() {
        assertThatThrownBy(() -> BpfMap.create(MapSpec.of("e", MapType.PERF_EVENT_ARRAY, 4, 8, 1), 1))
                .hasMessage("map `e`: key_size=4, value_size=8, allowed 4 and 4");
    }
}
