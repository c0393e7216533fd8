package io.vertebra.vm.core;

import io.vertebra.vm.btf.Btf;
import io.vertebra.vm.btf.BtfType;
import java.util.ArrayList;
import java.util.List;

/** Type tables for tests: each method adds a type and gives its id. */
final class Types {

    private final List<BtfType> types = new ArrayList<>(List.of(new BtfType.Void()));

    int add(BtfType type) {
        types.add(type);
        return types.size() - 1;
    }

    int unsigned(String name, int bytes) {
        return add(new BtfType.Int(name, bytes, bytes * 8, 0, false, false, false));
    }

    int signed(String name, int bytes) {
        return add(new BtfType.Int(name, bytes, bytes * 8, 0, true, false, false));
    }

    int pointer(int target) {
        return add(new BtfType.Pointer(target));
    }

    int array(int element, int count) {
        return add(new BtfType.Array(element, 1, count));
    }

    int struct(String name, int bytes, BtfType.Member... members) {
        return add(new BtfType.Struct(name, bytes, false, List.of(members)));
    }

    int union(String name, int bytes, BtfType.Member... members) {
        return add(new BtfType.Struct(name, bytes, true, List.of(members)));
    }

    int enumeration(String name, int bytes, BtfType.Enumerator... values) {
        return add(new BtfType.Enum(name, bytes, true, List.of(values)));
    }

    static BtfType.Member member(String name, int type, int offset) {
        return new BtfType.Member(name, type, offset * 8, 0);
    }

    static BtfType.Member bits(String name, int type, int bit, int size) {
        return new BtfType.Member(name, type, bit, size);
    }

    static BtfType.Enumerator value(String name, long value) {
        return new BtfType.Enumerator(name, value);
    }

    Btf btf() {
        return new Btf(types);
    }

    CoreTarget target() {
        return CoreTarget.of("hook `test/event`", btf());
    }
}
