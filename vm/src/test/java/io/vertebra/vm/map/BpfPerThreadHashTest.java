package io.vertebra.vm.map;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

class BpfPerThreadHashTest extends BpfMapContractTest {

    private static final int SLOTS = 3;

    @Override
    MapSpec spec(int maxEntries) {
        return MapSpec.of("m", MapType.JBPF_PER_THREAD_HASHMAP, 4, VALUE_SIZE, maxEntries);
    }

    @Override
    int slots() {
        return SLOTS;
    }

    private long update(int slot, int key, long value) {
        return map.update(MemorySegment.ofArray(key(key)), 0, MemorySegment.ofArray(value(value)), 0, BpfMap.ANY, slot);
    }

    private long find(int slot, int key) {
        long offset = map.lookup(MemorySegment.ofArray(key(key)), 0, slot);
        return offset < 0 ? -1 : map.values().get(Words.LONG, offset);
    }

    private long delete(int slot, int key) {
        return map.delete(MemorySegment.ofArray(key(key)), 0, slot);
    }

    @Test
    void shouldShowOnlyTheSlotsOwnKeys() {
        update(0, 1, 10);
        update(1, 1, 11);
        update(1, 2, 12);
        assertThat(List.of(find(0, 1), find(1, 1), find(2, 1), find(0, 2))).containsExactly(10L, 11L, -1L, -1L);
        assertThat(delete(2, 1)).isEqualTo(Errno.ENOENT);
        assertThat(delete(1, 1)).isZero();
        assertThat(List.of(find(0, 1), find(1, 1))).containsExactly(10L, -1L);
        assertThat(entries()).isEqualTo(Map.of(1, 10L, 2, 12L));
        assertThat(map.delete(key(1))).isZero();
        assertThat(map.delete(key(1))).isEqualTo(Errno.ENOENT);
        assertThat(map.getPerSlot(key(2)).get(1)).isEqualTo(value(12));
    }

    @Test
    void shouldGiveEachSlotItsOwnRoom() {
        for (int slot = 0; slot < SLOTS; slot++) {
            for (int i = 0; i < CAPACITY; i++) {
                assertThat(update(slot, 100 * slot + i, i)).isZero();
            }
            assertThat(update(slot, 100 * slot + CAPACITY, 0)).isEqualTo(Errno.E2BIG);
            assertThat(update(slot, 100 * slot, 5)).as("a key that is there").isZero();
        }
        assertThat(map.size()).isEqualTo(CAPACITY);
        assertThat(entries()).hasSize(SLOTS * CAPACITY);
    }

    @Test
    void shouldBehaveLikeOneMapForEachSlot() {
        long seed = ThreadLocalRandom.current().nextLong();
        var random = new Random(seed);
        var models = List.of(new HashMap<Integer, Long>(), new HashMap<Integer, Long>(), new HashMap<Integer, Long>());
        for (int step = 0; step < 20_000; step++) {
            int slot = random.nextInt(SLOTS);
            int key = random.nextInt(CAPACITY + 4);
            var model = models.get(slot);
            String place = "seed " + seed + ", step " + step;
            if (random.nextBoolean()) {
                assertThat(delete(slot, key)).as(place).isEqualTo(model.remove(key) == null ? Errno.ENOENT : 0);
            } else {
                boolean fits = model.containsKey(key) || model.size() < CAPACITY;
                assertThat(update(slot, key, step)).as(place).isEqualTo(fits ? 0 : Errno.E2BIG);
                if (fits) {
                    model.put(key, (long) step);
                }
            }
            assertThat(find(slot, key)).as(place).isEqualTo(model.getOrDefault(key, -1L));
        }
    }
}
