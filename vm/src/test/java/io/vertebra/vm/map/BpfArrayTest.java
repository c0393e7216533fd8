package io.vertebra.vm.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertebra.vm.btf.Btf;
import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import org.junit.jupiter.api.Test;

class BpfArrayTest extends BpfMapContractTest {

    @Override
    MapSpec spec(int maxEntries) {
        return MapSpec.of("m", MapType.ARRAY, 4, VALUE_SIZE, maxEntries);
    }

    @Override
    boolean fixed() {
        return true;
    }

    @Test
    void shouldHaveNoIndexBeyondItsEnd() {
        assertThat(map.getPerSlot(key(CAPACITY))).isEmpty();
        assertThat(map.getPerSlot(key(-1))).isEmpty();
        assertThat(map.update(key(CAPACITY), value(1), BpfMap.ANY)).isEqualTo(Errno.E2BIG);
    }

    @Test
    void shouldNotDelete() {
        assertThat(map.delete(key(1))).isEqualTo(Errno.EINVAL);
    }

    @Test
    void shouldTakeEightByteKeysAsJbpfDoes() {
        var wide = BpfMap.create(MapSpec.of("m", MapType.ARRAY, 8, 4, 2), 1);
        byte[] one = {1, 0, 0, 0, 9, 9, 9, 9};
        assertThat(wide.update(one, new byte[] {5, 6, 7, 8}, BpfMap.ANY)).isZero();
        assertThat(wide.get(new byte[] {1, 0, 0, 0, 0, 0, 0, 0})).contains(new byte[] {5, 6, 7, 8});
    }

    @Test
    void shouldBeginWithItsInitialContent() {
        var data = BpfMap.create(global(false), 1);
        assertThat(data.get(key(0))).contains(new byte[] {1, 2, 3, 0, 0, 0});
        assertThat(data.writable()).isTrue();
    }

    @Test
    void shouldNotChangeWhenFrozen() {
        var data = BpfMap.create(global(true), 1);
        assertThat(data.update(key(0), new byte[6], BpfMap.ANY)).isEqualTo(Errno.EPERM);
        assertThat(data.delete(key(0))).isEqualTo(Errno.EPERM);
        assertThat(data.writable()).isFalse();
    }

    @Test
    void shouldNameTooLongInitialContent() {
        var spec = global(true).withInitial(new byte[9]);
        assertThatThrownBy(() -> BpfMap.create(spec, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("map `.data`: first value of 9 bytes, value_size=6");
    }

    @Test
    void shouldNameKeysThatAreNoIndex() {
        assertThatThrownBy(() -> BpfMap.create(MapSpec.of("m", MapType.ARRAY, 2, 4, 2), 1))
                .hasMessage("map `m`: key_size=2, allowed 4 and more: the key begins with an index");
    }

    @Test
    void shouldNameSizesThatNoArrayHas() {
        assertThatThrownBy(() -> BpfMap.create(MapSpec.of("m", MapType.ARRAY, 4, 1 << 20, Integer.MAX_VALUE), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("map `m`: max_entries=2147483647 needs 2251799812636672 bytes");
    }

    private static MapSpec global(boolean frozen) {
        return new MapSpec(".data", MapType.ARRAY, 4, 6, 1, 0, frozen, new byte[] {1, 2, 3}, Btf.EMPTY, 0, 0);
    }
}
