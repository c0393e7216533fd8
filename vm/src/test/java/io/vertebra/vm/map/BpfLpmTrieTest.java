package io.vertebra.vm.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BpfLpmTrieTest {

    private static BpfMap create(int dataBytes, int entries) {
        return BpfMap.create(MapSpec.of("t", MapType.LPM_TRIE, 4 + dataBytes, 1, entries), 1);
    }

    private static byte[] key(int prefix, int... data) {
        var key = ByteBuffer.allocate(4 + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(prefix);
        for (int b : data) {
            key.put((byte) b);
        }
        return key.array();
    }

    @Test
    void shouldFindLongestPrefix() {
        var trie = create(4, 10);
        trie.update(key(8, 10, 0, 0, 0), new byte[] {8}, BpfMap.ANY);
        trie.update(key(16, 10, 1, 0, 0), new byte[] {16}, BpfMap.ANY);
        trie.update(key(20, 10, 1, 0xf0, 0), new byte[] {20}, BpfMap.ANY);
        assertThat(trie.get(key(32, 10, 1, 0xf7, 9))).contains(new byte[] {20});
        assertThat(trie.get(key(32, 10, 1, 2, 9))).contains(new byte[] {16});
        assertThat(trie.get(key(32, 10, 9, 2, 9))).contains(new byte[] {8});
        assertThat(trie.get(key(12, 10, 1, 2, 9))).contains(new byte[] {8});
        assertThat(trie.get(key(32, 11, 1, 2, 9))).isEmpty();
        trie.update(key(0, 1, 2, 3, 4), new byte[] {1}, BpfMap.ANY);
        assertThat(trie.get(key(32, 11, 1, 2, 9))).contains(new byte[] {1});
    }

    @Test
    void shouldDeleteExactPrefixOnly() {
        var trie = create(4, 10);
        trie.update(key(16, 10, 1, 0, 0), new byte[] {16}, BpfMap.ANY);
        assertThat(trie.delete(key(17, 10, 1, 0, 0))).isEqualTo(Errno.ENOENT);
        assertThat(trie.delete(key(16, 10, 1, 77, 0))).isZero();
        assertThat(trie.get(key(32, 10, 1, 0, 0))).isEmpty();
    }

    @Test
    void shouldRefuseTooLongPrefix() {
        var trie = create(4, 10);
        assertThat(trie.update(key(33, 1, 2, 3, 4), new byte[1], BpfMap.ANY)).isEqualTo(Errno.EINVAL);
        assertThat(trie.delete(key(-1, 1, 2, 3, 4))).isEqualTo(Errno.EINVAL);
    }

    @Test
    void shouldSayThatItIsFull() {
        var trie = create(1, 1);
        trie.update(key(8, 1), new byte[1], BpfMap.ANY);
        assertThat(trie.update(key(8, 2), new byte[1], BpfMap.ANY)).isEqualTo(-28);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 5, 16})
    void shouldBehaveLikeModel(int bytes) {
        long seed = ThreadLocalRandom.current().nextLong();
        var random = new Random(seed);
        var trie = create(bytes, 5000);
        var model = new HashMap<String, Byte>();
        for (int step = 0; step < 5000; step++) {
            int prefix = random.nextInt(bytes * 8 + 1);
            var data = new int[bytes];
            for (int i = 0; i < bytes; i++) {
                data[i] = random.nextInt(4) * 0x55;
            }
            String bits = bits(data);
            switch (random.nextInt(4)) {
                case 0 ->
                    assertThat(trie.delete(key(prefix, data)))
                            .as("seed " + seed)
                            .isEqualTo(model.remove(bits.substring(0, prefix)) == null ? Errno.ENOENT : 0);
                case 1 -> {
                    byte value = (byte) random.nextInt();
                    model.put(bits.substring(0, prefix), value);
                    assertThat(trie.update(key(prefix, data), new byte[] {value}, BpfMap.ANY))
                            .isZero();
                }
                default -> {
                    Byte expected = null;
                    for (int length = prefix; length >= 0 && expected == null; length--) {
                        expected = model.get(bits.substring(0, length));
                    }
                    assertThat(trie.get(key(prefix, data)).map(v -> v[0]).orElse(null))
                            .as("seed " + seed)
                            .isEqualTo(expected);
                }
            }
        }
        assertThat(trie.size()).isEqualTo(model.size());
    }

    private static String bits(int... data) {
        var bits = new StringBuilder();
        for (int b : data) {
            bits.append(Integer.toBinaryString(0x100 | b), 1, 9);
        }
        return bits.toString();
    }

    @Test
    void shouldNameKeysWithoutData() {
        assertThatThrownBy(() -> create(0, 1))
                .hasMessage("map `t`: key_size=4, allowed [5, 260]: a 4-byte prefix length and data");
    }
}
