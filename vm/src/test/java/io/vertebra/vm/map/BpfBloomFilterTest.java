package io.vertebra.vm.map;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class BpfBloomFilterTest {

    private final BpfBloomFilter filter =
            (BpfBloomFilter) BpfMap.create(MapSpec.of("b", MapType.BLOOM_FILTER, 0, 4, 1000), 1);

    private static byte[] value(int number) {
        return ByteBuffer.allocate(4).putInt(number).array();
    }

    @Test
    void shouldNeverForget() {
        for (int i = 0; i < 1000; i++) {
            assertThat(filter.update(new byte[0], value(i), BpfMap.ANY)).isZero();
        }
        for (int i = 0; i < 1000; i++) {
            assertThat(filter.mayContain(value(i))).isTrue();
        }
    }

    @Test
    void shouldRarelyBeWrong() {
        for (int i = 0; i < 1000; i++) {
            filter.update(new byte[0], value(i), BpfMap.ANY);
        }
        int wrong = 0;
        for (int i = 1000; i < 11_000; i++) {
            wrong += filter.mayContain(value(i)) ? 1 : 0;
        }
        assertThat(wrong).isLessThan(600);
    }

    @Test
    void shouldBeginEmpty() {
        assertThat(filter.mayContain(value(1))).isFalse();
    }

    @Test
    void shouldRefuseFlags() {
        assertThat(filter.update(new byte[0], value(1), BpfMap.EXIST)).isEqualTo(Errno.EINVAL);
    }
}
