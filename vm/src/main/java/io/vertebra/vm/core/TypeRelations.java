package io.vertebra.vm.core;

import io.vertebra.vm.btf.Btf;
import io.vertebra.vm.btf.BtfType;
import io.vertebra.vm.format.ObjectFormatException;
import java.util.List;

/**
 * When a local type and one of the target stand for the same thing. Typedefs and modifiers never matter. Types may be
 * cyclic through pointers, and hostile ones could multiply, so the work and the depth are bounded. Not thread-safe.
 */
final class TypeRelations {

    private static final int MAX_DEPTH = 32;
    private static final int MAX_WORK = 5_000_000;

    private final Btf local;
    private final Btf target;
    private int work;

    TypeRelations(Btf local, Btf target) {
        this.local = local;
        this.target = target;
    }

    /** Counts one comparison. */
    void step() {
        if (++work > MAX_WORK) {
            throw new ObjectFormatException("its types need more than %d comparisons".formatted(MAX_WORK));
        }
    }

    /**
     * Whether a field may be read as another: structs and unions always; pointers and floats of any kind; integers of any
     * size and sign; enums of one name or without; arrays by their elements.
     */
    boolean fieldsCompatible(int localId, int targetId) {
        int depth = MAX_DEPTH;
        var a = local.resolved(localId);
        var b = target.resolved(targetId);
        while (a instanceof BtfType.Array x && b instanceof BtfType.Array y && depth-- > 0) {
            step();
            a = local.resolved(x.element());
            b = target.resolved(y.element());
        }
        return switch (a) {
            case BtfType.Struct _ -> b instanceof BtfType.Struct;
            case BtfType.Pointer _ -> b instanceof BtfType.Pointer;
            case BtfType.Float _ -> b instanceof BtfType.Float;
            case BtfType.Int x -> b instanceof BtfType.Int y && x.bitOffset() == 0 && y.bitOffset() == 0;
            case BtfType.Enum x -> b instanceof BtfType.Enum y && nameless(x, y);
            case BtfType.Forward x -> b instanceof BtfType.Forward y && nameless(x, y);
            case BtfType.Array _,
                    BtfType.Void _,
                    BtfType.Typedef _,
                    BtfType.Modifier _,
                    BtfType.Function _,
                    BtfType.Prototype _,
                    BtfType.Variable _,
                    BtfType.DataSection _,
                    BtfType.DeclTag _ -> false;
        };
    }

    private static boolean nameless(BtfType a, BtfType b) {
        return a.name().isEmpty() || b.name().isEmpty() || EssentialName.same(a.name(), b.name());
    }

    /**
     * Whether a type exists as another: of the same kind, with pointers, arrays and prototypes followed, and nothing said
     * of members.
     */
    boolean compatible(int localId, int targetId) {
        return CoreTarget.sameKind(local.type(localId), target.type(targetId)) && compatible(localId, targetId, 0);
    }

    private boolean compatible(int localId, int targetId, int depth) {
        descend(depth);
        var a = local.resolved(localId);
        var b = target.resolved(targetId);
        if (!CoreTarget.sameKind(a, b)) {
            return false;
        }
        return switch (a) {
            case BtfType.Void _, BtfType.Struct _, BtfType.Enum _, BtfType.Forward _ -> true;
            case BtfType.Int x -> x.bitOffset() == 0 && ((BtfType.Int) b).bitOffset() == 0;
            case BtfType.Pointer x -> compatible(x.target(), ((BtfType.Pointer) b).target(), depth + 1);
            case BtfType.Array x -> compatible(x.element(), ((BtfType.Array) b).element(), depth + 1);
            case BtfType.Prototype x -> prototypes(x, (BtfType.Prototype) b, (l, t) -> compatible(l, t, depth + 1));
            case BtfType.Float _,
                    BtfType.Typedef _,
                    BtfType.Modifier _,
                    BtfType.Function _,
                    BtfType.Variable _,
                    BtfType.DataSection _,
                    BtfType.DeclTag _ -> false;
        };
    }

    /** Between a local type and one of the target. */
    private interface Relation {
        boolean holds(int localId, int targetId);
    }

    private static boolean prototypes(BtfType.Prototype a, BtfType.Prototype b, Relation relation) {
        if (a.parameters().size() != b.parameters().size()) {
            return false;
        }
        for (int i = 0; i < a.parameters().size(); i++) {
            if (!relation.holds(
                    a.parameters().get(i).type(), b.parameters().get(i).type())) {
                return false;
            }
        }
        return relation.holds(a.result(), b.result());
    }

    /**
     * Whether a type matches another: all that the local one declares is there under the same name with a matching type.
     * Behind a pointer, a struct matches by name alone, and by its forward declaration.
     */
    boolean matches(int localId, int targetId) {
        return matches(localId, targetId, false, 0);
    }

    private boolean matches(int localId, int targetId, boolean behindPointer, int depth) {
        descend(depth);
        var a = local.resolved(localId);
        var b = target.resolved(targetId);
        if (!EssentialName.same(a.name(), b.name())) {
            return false;
        }
        return switch (a) {
            case BtfType.Void _ -> b instanceof BtfType.Void;
            case BtfType.Int x -> b instanceof BtfType.Int y && x.size() == y.size() && x.signed() == y.signed();
            case BtfType.Enum x -> b instanceof BtfType.Enum y && x.size() == y.size() && enumerators(x, y);
            case BtfType.Forward x ->
                (b instanceof BtfType.Forward y && x.union() == y.union())
                        || (behindPointer && b instanceof BtfType.Struct s && s.union() == x.union());
            case BtfType.Struct x
            when behindPointer ->
                (b instanceof BtfType.Struct s && s.union() == x.union())
                        || (b instanceof BtfType.Forward y && y.union() == x.union());
            case BtfType.Struct x ->
                b instanceof BtfType.Struct s
                        && s.union() == x.union()
                        && members(x.members(), s.members(), behindPointer, depth);
            case BtfType.Pointer x ->
                b instanceof BtfType.Pointer y && matches(x.target(), y.target(), true, depth + 1);
            case BtfType.Array x ->
                b instanceof BtfType.Array y
                        && x.count() == y.count()
                        && matches(x.element(), y.element(), behindPointer, depth + 1);
            case BtfType.Prototype x ->
                b instanceof BtfType.Prototype y && prototypes(x, y, (l, t) -> matches(l, t, behindPointer, depth + 1));
            case BtfType.Float _,
                    BtfType.Typedef _,
                    BtfType.Modifier _,
                    BtfType.Function _,
                    BtfType.Variable _,
                    BtfType.DataSection _,
                    BtfType.DeclTag _ -> false;
        };
    }

    private boolean members(
            List<BtfType.Member> locals, List<BtfType.Member> targets, boolean behindPointer, int depth) {
        return locals.stream()
                .allMatch(x -> targets.stream().anyMatch(y -> {
                    step();
                    return EssentialName.same(x.name(), y.name())
                            && matches(x.type(), y.type(), behindPointer, depth + 1);
                }));
    }

    private boolean enumerators(BtfType.Enum a, BtfType.Enum b) {
        return a.values().size() <= b.values().size()
                && a.values().stream()
                        .allMatch(x -> b.values().stream().anyMatch(y -> {
                            step();
                            return EssentialName.same(x.name(), y.name());
                        }));
    }

    private void descend(int depth) {
        step();
        if (depth > MAX_DEPTH) {
            throw new ObjectFormatException("its types are nested deeper than %d".formatted(MAX_DEPTH));
        }
    }
}
