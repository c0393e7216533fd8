package io.vertebra.vm.btf;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.vm.btf.BtfType.Array;
import io.vertebra.vm.btf.BtfType.Int;
import io.vertebra.vm.btf.BtfType.Member;
import io.vertebra.vm.btf.BtfType.Pointer;
import io.vertebra.vm.btf.BtfType.Struct;
import io.vertebra.vm.btf.BtfType.Typedef;
import io.vertebra.vm.btf.BtfType.Void;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BtfLayoutsTest {

    private static final Int U64 = new Int("u64", 8, 64, 0, false, false, false);
    private static final Int S64 = new Int("s64", 8, 64, 0, true, false, false);

    private static Btf types(BtfType... types) {
        var all = new ArrayList<BtfType>(List.of(new Void()));
        all.addAll(List.of(types));
        return new Btf(all);
    }

    private static Struct struct(String name, int size, Member... members) {
        return new Struct(name, size, false, List.of(members));
    }

    @Test
    void shouldLookThroughNamesOfTypes() {
        var left = types(U64, struct("a", 8, new Member("x", 1, 0, 0)));
        var right = types(U64, new Typedef("__u64", 1), struct("b", 8, new Member("x", 2, 0, 0)));
        assertThat(BtfLayouts.same(left, 2, right, 3)).isTrue();
    }

    @Test
    void shouldTellApartWhatAValueMeans() {
        var left = types(U64, struct("a", 16, new Member("x", 1, 0, 0), new Member("y", 1, 64, 0)));
        for (var other : List.of(
                struct("a", 16, new Member("y", 1, 0, 0), new Member("x", 1, 64, 0)),
                struct("a", 24, new Member("x", 1, 0, 0), new Member("y", 1, 64, 0)),
                struct("a", 16, new Member("x", 1, 0, 0)),
                struct("a", 16, new Member("x", 2, 0, 0), new Member("y", 1, 64, 0)),
                struct("a", 16, new Member("x", 3, 0, 0), new Member("y", 1, 64, 0)),
                new Struct("a", 16, true, List.of(new Member("x", 1, 0, 0), new Member("y", 1, 64, 0))))) {
            var right = types(U64, S64, new Pointer(1), other);
            assertThat(BtfLayouts.same(left, 2, right, 4)).as(other.toString()).isFalse();
        }
    }

    @Test
    void shouldCompareArraysAndUndeclaredTypes() {
        var left = types(U64, new Array(1, 1, 4));
        assertThat(BtfLayouts.same(left, 2, types(U64, new Array(1, 1, 4)), 2)).isTrue();
        assertThat(BtfLayouts.same(left, 2, types(U64, new Array(1, 1, 5)), 2)).isFalse();
        assertThat(BtfLayouts.same(left, 2, types(S64, new Array(1, 1, 4)), 2)).isFalse();
        assertThat(BtfLayouts.same(left, 0, Btf.EMPTY, 0)).isTrue();
        assertThat(BtfLayouts.same(left, 1, Btf.EMPTY, 0)).isFalse();
    }
}
