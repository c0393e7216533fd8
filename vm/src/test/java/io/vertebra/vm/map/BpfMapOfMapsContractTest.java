package io.vertebra.vm.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What both maps of maps do. */
abstract class BpfMapOfMapsContractTest {

    static final MapSpec INNER = MapSpec.of("inner", MapType.ARRAY, 4, 8, 1);

    final BpfMapOfMaps map = (BpfMapOfMaps) BpfMap.create(spec().withInner(INNER), 3);

    /** A map of four maps with 4-byte keys. */
    abstract MapSpec spec();

    static byte[] key(int number) {
        return BpfMapContractTest.key(number);
    }

    static BpfMap inner() {
        return BpfMap.create(INNER, 1);
    }

    @Test
    void shouldGiveWhatWasPut() {
        var first = inner();
        var second = inner();
        assertThat(map.put(key(1), first)).isZero();
        assertThat(map.put(key(3), second)).isZero();
        assertThat(map.inner(key(1))).containsSame(first);
        assertThat(map.inner(key(3))).containsSame(second);
        assertThat(map.inner(key(0))).isEmpty();
        assertThat(map.size()).isEqualTo(2);
    }

    @Test
    void shouldReplaceAndRemove() {
        var second = inner();
        map.put(key(1), inner());
        map.put(key(1), second);
        assertThat(map.inner(key(1))).containsSame(second);
        assertThat(map.remove(key(1))).isZero();
        assertThat(map.inner(key(1))).isEmpty();
        assertThat(map.remove(key(1))).isEqualTo(Errno.ENOENT);
        assertThat(map.size()).isZero();
    }

    @Test
    void shouldRefuseMoreThanFits() {
        for (int i = 0; i < 4; i++) {
            assertThat(map.put(key(i), inner())).isZero();
        }
        assertThat(map.put(key(4), inner())).isEqualTo(Errno.E2BIG);
    }

    @Test
    void shouldVisitInnerMaps() {
        var first = inner();
        map.put(key(2), first);
        var seen = new ArrayList<BpfMap>();
        map.forEachInner((key, inner) -> {
            assertThat(key).isEqualTo(key(2));
            seen.add(inner);
        });
        assertThat(seen).containsExactly(first);
    }

    @Test
    void shouldNameOtherShapes() {
        var other = BpfMap.create(MapSpec.of("other", MapType.ARRAY, 4, 16, 1), 1);
        assertThatThrownBy(() -> map.put(key(0), other))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("map `m`: inner map `other` is ARRAY with key_size=4, value_size=16, max_entries=1, "
                        + "map_flags=0, needed is ARRAY with key_size=4, value_size=8, max_entries=1, map_flags=0");
    }

    @Test
    void shouldNeedShape() {
        assertThatThrownBy(() -> BpfMap.create(spec(), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("map `m`: nothing says what its inner maps look like, declare one with "
                        + "__array(values, ...)");
    }

    @Test
    void shouldRefuseNumbersAsValues() {
        assertThat(map.update(key(0), new byte[4], BpfMap.ANY)).isEqualTo(Errno.EINVAL);
        assertThat(map.delete(key(0))).isEqualTo(Errno.EINVAL);
        assertThat(map.getPerSlot(key(0))).isEmpty();
    }

    /** Each key has one map that is its own: a lookup gives that map or nothing, whatever is put and removed. */
    @Test
    void shouldNeverGiveMapOfAnotherKey() throws Exception {
        var own = new BpfMap[200];
        for (int i = 0; i < own.length; i++) {
            own[i] = inner();
        }
        var stop = new AtomicBoolean();
        var writer = Thread.ofPlatform().start(() -> {
            for (int i = 0; !stop.get(); i++) {
                int key = i % own.length;
                if (map.put(key(key), own[key]) == 0) {
                    map.remove(key(key));
                }
            }
        });
        try {
            for (int i = 0; i < 200_000; i++) {
                int key = i % own.length;
                var found = map.inner(key(key));
                if (found.isPresent() && found.get() != own[key]) {
                    throw new AssertionError("key " + key);
                }
            }
        } finally {
            stop.set(true);
            writer.join();
        }
    }
}
