package io.vertebra.vm.btf;

import io.vertebra.vm.btf.BtfType.Array;
import io.vertebra.vm.btf.BtfType.Enum;
import io.vertebra.vm.btf.BtfType.Member;
import io.vertebra.vm.btf.BtfType.Struct;

/**
 * Compares types of two objects by what a value of them means: places, sizes, signs and names of all members. Names of
 * typedefs and of the types themselves do not count, nor what pointers point to. Stateless.
 */
public final class BtfLayouts {

    private BtfLayouts() {}

    /** Whether a value of the one type can be read as a value of the other; id 0 is equal only to id 0. */
    public static boolean same(Btf left, int leftType, Btf right, int rightType) {
        var a = left.resolved(leftType);
        var b = right.resolved(rightType);
        return switch (a) {
            case Struct s -> b instanceof Struct t && same(left, s, right, t);
            case Array s ->
                b instanceof Array t && s.count() == t.count() && same(left, s.element(), right, t.element());
            case Enum s ->
                b instanceof Enum t && s.size() == t.size() && s.values().equals(t.values());
            case BtfType.Int s -> b instanceof BtfType.Int t && same(s, t);
            case BtfType.Float s -> b instanceof BtfType.Float t && s.size() == t.size();
            case BtfType.Variable s -> b instanceof BtfType.Variable t && same(left, s.type(), right, t.type());
            case BtfType.DataSection s -> b instanceof BtfType.DataSection t && same(left, s, right, t);
            case BtfType.Pointer _ -> b instanceof BtfType.Pointer;
            case BtfType.Void _ -> b instanceof BtfType.Void;
            case BtfType.Forward _,
                    BtfType.Function _,
                    BtfType.Prototype _,
                    BtfType.DeclTag _,
                    BtfType.Typedef _,
                    BtfType.Modifier _ -> false; // types that no value has
        };
    }

    private static boolean same(BtfType.Int a, BtfType.Int b) {
        return a.size() == b.size()
                && a.bits() == b.bits()
                && a.bitOffset() == b.bitOffset()
                && a.signed() == b.signed()
                && a.bool() == b.bool();
    }

    private static boolean same(Btf left, Struct a, Btf right, Struct b) {
        if (a.size() != b.size()
                || a.union() != b.union()
                || a.members().size() != b.members().size()) {
            return false;
        }
        for (int i = 0; i < a.members().size(); i++) {
            if (!same(left, a.members().get(i), right, b.members().get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean same(Btf left, Member a, Btf right, Member b) {
        return a.name().equals(b.name())
                && a.bitOffset() == b.bitOffset()
                && a.bitSize() == b.bitSize()
                && same(left, a.type(), right, b.type());
    }

    private static boolean same(Btf left, BtfType.DataSection a, Btf right, BtfType.DataSection b) {
        if (a.size() != b.size() || a.variables().size() != b.variables().size()) {
            return false;
        }
        for (int i = 0; i < a.variables().size(); i++) {
            var s = a.variables().get(i);
            var t = b.variables().get(i);
            if (s.offset() != t.offset()
                    || s.size() != t.size()
                    || !left.type(s.variable())
                            .name()
                            .equals(right.type(t.variable()).name())
                    || !same(left, s.variable(), right, t.variable())) {
                return false;
            }
        }
        return true;
    }
}
