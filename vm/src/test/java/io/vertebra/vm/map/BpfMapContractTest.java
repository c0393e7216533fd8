package io.vertebra.vm.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertebra.vm.program.MapSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/** What every map with 4-byte keys and 12-byte values does, seen from the host. */
abstract class BpfMapContractTest {

    static final int CAPACITY = 16;
    static final int VALUE_SIZE = 12;

    final BpfMap map = create(CAPACITY);

    /** A map with 4-byte keys and 12-byte values. */
    abstract MapSpec spec(int maxEntries);

    /** Copies of each value. */
    int slots() {
        return 1;
    }

    /** Whether all keys exist from the start. */
    boolean fixed() {
        return false;
    }

    final BpfMap create(int maxEntries) {
        return BpfMap.create(spec(maxEntries), 3);
    }

    static byte[] key(int number) {
        return ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(number)
                .array();
    }

    static byte[] value(long number) {
        return ByteBuffer.allocate(VALUE_SIZE)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(number)
                .putInt((int) ~number)
                .array();
    }

    static long number(byte[] value) {
        return ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }

    @Test
    void shouldGiveWhatWasStored() {
        assertThat(map.update(key(3), value(33), BpfMap.ANY)).isZero();
        assertThat(map.update(key(4), value(44), BpfMap.ANY)).isZero();
        assertThat(map.getPerSlot(key(3))).hasSize(slots()).first().isEqualTo(value(33));
        assertThat(map.getPerSlot(key(4)).getFirst()).isEqualTo(value(44));
    }

    @Test
    void shouldReplaceInPlace() {
        map.update(key(3), value(33), BpfMap.ANY);
        assertThat(map.update(key(3), value(34), BpfMap.EXIST)).isZero();
        assertThat(map.getPerSlot(key(3)).getFirst()).isEqualTo(value(34));
    }

    @Test
    void shouldKeepCopiesApart() {
        map.update(key(3), value(33), BpfMap.ANY);
        for (int slot = 1; slot < slots(); slot++) {
            assertThat(map.getPerSlot(key(3)).get(slot)).isEqualTo(new byte[VALUE_SIZE]);
        }
    }

    @Test
    void shouldRefuseToCreateWhatExists() {
        map.update(key(3), value(33), BpfMap.ANY);
        assertThat(map.update(key(3), value(34), BpfMap.NOEXIST)).isEqualTo(Errno.EEXIST);
        assertThat(map.getPerSlot(key(3)).getFirst()).isEqualTo(value(33));
    }

    @Test
    void shouldRefuseUnknownFlags() {
        assertThat(map.update(key(3), value(33), 4)).isEqualTo(Errno.EINVAL);
        assertThat(map.update(key(3), value(33), -1)).isEqualTo(Errno.EINVAL);
    }

    @Test
    void shouldVisitEachEntryOnce() {
        var expected = new HashMap<Integer, Long>();
        for (int i = 0; i < CAPACITY; i++) {
            map.update(key(i), value(i * 10L), BpfMap.ANY);
            expected.put(i, i * 10L);
        }
        assertThat(entries()).isEqualTo(expected);
        assertThat(map.size()).isEqualTo(CAPACITY);
    }

    @Test
    void shouldHaveAlignedAddressableValues() {
        assertThat(map.stride()).isEqualTo(16);
        assertThat(map.copies()).isEqualTo(slots());
        assertThat(map.values().byteSize() % 8).isZero();
    }

    @Test
    void shouldNameWrongSizes() {
        assertThatThrownBy(() -> map.getPerSlot(new byte[3]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("map `m`: key of 3 bytes, key_size=4");
        assertThatThrownBy(() -> map.update(key(1), new byte[11], 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("map `m`: value of 11 bytes, value_size=12");
    }

    @Test
    void shouldNameWrongCapacity() {
        assertThatThrownBy(() -> create(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("map `m`: max_entries=0, allowed [1, 2147483647]");
    }

    @Test
    void shouldBehaveLikeModelUnderRandomUse() {
        long seed = ThreadLocalRandom.current().nextLong();
        var random = new java.util.Random(seed);
        var model = new HashMap<Integer, Long>();
        for (int i = 0; i < CAPACITY && fixed(); i++) {
            model.put(i, 0L);
        }
        for (int step = 0; step < 20_000; step++) {
            int key = random.nextInt(CAPACITY + 4);
            String place = "seed " + seed + ", step " + step + ", key " + key;
            if (random.nextInt(3) == 0 && !fixed()) {
                assertThat(map.delete(key(key))).as(place).isEqualTo(model.remove(key) == null ? Errno.ENOENT : 0);
            } else {
                long flags = random.nextInt(3);
                long value = random.nextLong();
                long expected = expectedUpdate(model, key, flags);
                assertThat(map.update(key(key), value(value), flags)).as(place).isEqualTo(expected);
                if (expected == 0) {
                    model.put(key, value);
                }
            }
            if (step % 1000 == 0) {
                assertThat(entries()).as(place).isEqualTo(model);
            }
        }
        assertThat(entries()).as("seed " + seed).isEqualTo(model);
    }

    /** The result of an update where the model is exact; overridden by maps that drop entries. */
    long expectedUpdate(Map<Integer, Long> model, int key, long flags) {
        if (model.containsKey(key)) {
            return flags == BpfMap.NOEXIST ? Errno.EEXIST : 0;
        }
        if (flags == BpfMap.EXIST) {
            return fixed() ? Errno.E2BIG : Errno.ENOENT;
        }
        return model.size() == CAPACITY ? Errno.E2BIG : 0;
    }

    final Map<Integer, Long> entries() {
        var entries = new HashMap<Integer, Long>();
        map.forEach((key, values) -> {
            assertThat(values).hasSize(slots());
            long sum = values.stream().mapToLong(BpfMapContractTest::number).sum();
            assertThat(entries.put(
                            ByteBuffer.wrap(key).order(ByteOrder.LITTLE_ENDIAN).getInt(), sum))
                    .isNull();
        });
        return entries;
    }

    static List<byte[]> all(BpfMap map, int... keys) {
        return java.util.Arrays.stream(keys)
                .mapToObj(k -> map.getPerSlot(key(k)).getFirst())
                .toList();
    }
}
