package io.vertebra.vm.map;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import java.util.HashMap;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

class BpfLruHashTest extends BpfMapContractTest {

    @Override
    MapSpec spec(int maxEntries) {
        return MapSpec.of("m", MapType.LRU_HASH, 4, VALUE_SIZE, maxEntries);
    }

    @Test
    void shouldDropTheOneThatWasNotUsed() {
        for (int i = 0; i < CAPACITY; i++) {
            map.update(key(i), value(i), BpfMap.ANY);
        }
        for (int i = 0; i < CAPACITY; i++) {
            if (i != 5) {
                map.getPerSlot(key(i));
            }
        }
        assertThat(map.update(key(100), value(100), BpfMap.ANY)).isZero();
        assertThat(map.getPerSlot(key(5))).isEmpty();
        assertThat(map.size()).isEqualTo(CAPACITY);
        assertThat(all(map, 0, 4, 6, 15, 100)).containsExactly(value(0), value(4), value(6), value(15), value(100));
    }

    @Test
    void shouldKeepWhatIsUsedAllTheTime() {
        map.update(key(7), value(7), BpfMap.ANY);
        for (int i = 1000; i < 5000; i++) {
            assertThat(map.update(key(i), value(i), BpfMap.NOEXIST)).isZero();
            assertThat(map.getPerSlot(key(7)).getFirst()).isEqualTo(value(7));
            assertThat(map.getPerSlot(key(i)).getFirst()).isEqualTo(value(i));
        }
        assertThat(map.size()).isEqualTo(CAPACITY);
    }

    /** Which key is dropped is not promised; what is there must be right, and the newest must be there. */
    @Override
    @Test
    void shouldBehaveLikeModelUnderRandomUse() {
        long seed = ThreadLocalRandom.current().nextLong();
        var random = new Random(seed);
        var written = new HashMap<Integer, Long>();
        for (int step = 0; step < 20_000; step++) {
            int key = random.nextInt(3 * CAPACITY);
            long value = random.nextLong();
            assertThat(map.update(key(key), value(value), BpfMap.ANY))
                    .as("seed " + seed)
                    .isZero();
            written.put(key, value);
            assertThat(number(map.getPerSlot(key(key)).getFirst())).isEqualTo(value);
            if (random.nextInt(5) == 0) {
                map.delete(key(random.nextInt(3 * CAPACITY)));
            }
            assertThat(map.size()).isLessThanOrEqualTo(CAPACITY);
        }
        assertThat(written).as("seed " + seed).containsAllEntriesOf(entries());
    }
}
