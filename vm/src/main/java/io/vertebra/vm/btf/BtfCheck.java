package io.vertebra.vm.btf;

import io.vertebra.vm.format.ObjectFormatException;
import java.util.List;
import java.util.Locale;

/**
 * The rules that a table must keep before anything walks it: ids exist and have a fitting kind, no type contains itself
 * by value, nothing is deeper than {@link #MAX_DEPTH} or larger than {@link #MAX_SIZE}, members lie inside their
 * struct, and a value has no more parts than its size explains (unions of unions could multiply them).
 */
final class BtfCheck {

    /** Typedefs, modifiers, arrays and structs inside each other; recursive readers rely on it. */
    static final int MAX_DEPTH = 64;

    /** Bytes of one value. */
    static final long MAX_SIZE = Integer.MAX_VALUE;

    /** Scalars that may lie on one byte, through unions. */
    private static final long MAX_OVERLAP = 64;

    /** Scalars that any type may have. */
    private static final long MIN_PARTS = 65_536;

    /** Keeps sums and products of parts far from overflow. */
    private static final long MANY_PARTS = 1L << 40;

    private static final int UNKNOWN = 0;
    private static final int ACTIVE = -1;

    private final List<BtfType> types;
    private final Btf btf;
    private final int[] depths;
    private final long[] sizes;
    private final long[] parts;

    BtfCheck(List<BtfType> types) {
        this.types = types;
        this.btf = new Btf(types);
        this.depths = new int[types.size()];
        this.sizes = new long[types.size()];
        this.parts = new long[types.size()];
    }

    void run() {
        for (int id = 0; id < types.size(); id++) {
            try {
                references(types.get(id));
            } catch (ObjectFormatException e) {
                throw e.in(describe(id));
            }
        }
        for (int id = 0; id < types.size(); id++) {
            depth(id, 0);
        }
        for (int id = 0; id < types.size(); id++) {
            try {
                contents(id);
            } catch (ObjectFormatException e) {
                throw e.in(describe(id));
            }
        }
    }

    private void references(BtfType type) {
        switch (type) {
            case BtfType.Pointer t -> type(t.target());
            case BtfType.Array t -> {
                type(t.element());
                type(t.index());
            }
            case BtfType.Struct t -> t.members().forEach(m -> type(m.type()));
            case BtfType.Typedef t -> type(t.target());
            case BtfType.Modifier t -> type(t.target());
            case BtfType.Function t -> is(t.prototype(), BtfType.Prototype.class);
            case BtfType.Prototype t -> {
                type(t.result());
                t.parameters().forEach(p -> type(p.type()));
            }
            case BtfType.Variable t -> type(t.type());
            case BtfType.DataSection t -> t.variables().forEach(v -> is(v.variable(), BtfType.Variable.class));
            case BtfType.DeclTag t -> exists(t.target());
            case BtfType.Void _, BtfType.Int _, BtfType.Enum _, BtfType.Forward _, BtfType.Float _ -> {}
        }
    }

    /** A type that others may name: variables, sections and tags only stand for themselves, in the kernel too. */
    private void type(int id) {
        exists(id);
        if (types.get(id) instanceof BtfType.Variable
                || types.get(id) instanceof BtfType.DataSection
                || types.get(id) instanceof BtfType.DeclTag) {
            throw new ObjectFormatException("refers to %s, which has no values".formatted(describe(id)));
        }
    }

    private void exists(int id) {
        if (id < 0 || id >= types.size()) {
            throw new ObjectFormatException(
                    "refers to type %s, ids are 0 to %d".formatted(Integer.toUnsignedString(id), types.size() - 1));
        }
    }

    private void is(int id, Class<? extends BtfType> kind) {
        exists(id);
        if (!kind.isInstance(types.get(id))) {
            throw new ObjectFormatException(
                    "refers to %s, which must be a %s".formatted(describe(id), kind.getSimpleName()));
        }
    }

    /** Depth, size and parts of a type by value; linear, because each is computed once. */
    private int depth(int id, int outer) {
        if (depths[id] == ACTIVE) {
            throw new ObjectFormatException(describe(id) + ": contains itself by value");
        }
        if (depths[id] == UNKNOWN && outer <= MAX_DEPTH) {
            depths[id] = ACTIVE;
            depths[id] = 1 + inner(id, outer + 1);
        }
        if (depths[id] + outer > MAX_DEPTH) {
            throw new ObjectFormatException("%s: nested deeper than %d types".formatted(describe(id), MAX_DEPTH));
        }
        return depths[id];
    }

    private int inner(int id, int outer) {
        return switch (types.get(id)) {
            case BtfType.Typedef t -> same(id, t.target(), outer);
            case BtfType.Modifier t -> same(id, t.target(), outer);
            case BtfType.Variable t -> same(id, t.type(), outer);
            case BtfType.Array t -> {
                int depth = depth(t.element(), outer);
                measured(id, t.count() * sizes[t.element()], t.count() * parts[t.element()]);
                yield depth;
            }
            case BtfType.Struct t -> {
                int deepest = 0;
                long sum = 0;
                for (var member : t.members()) {
                    deepest = Math.max(deepest, depth(member.type(), outer));
                    sum += parts[member.type()];
                }
                measured(id, t.size(), sum);
                yield deepest;
            }
            case BtfType.DataSection t -> measured(id, t.size(), 0);
            case BtfType.Int _, BtfType.Pointer _, BtfType.Enum _, BtfType.Float _ -> measured(id, btf.sizeOf(id), 1);
            case BtfType.Void _, BtfType.Forward _, BtfType.Function _, BtfType.Prototype _, BtfType.DeclTag _ ->
                measured(id, 0, 0);
        };
    }

    private int same(int id, int target, int outer) {
        int depth = depth(target, outer);
        measured(id, sizes[target], parts[target]);
        return depth;
    }

    private int measured(int id, long size, long scalars) {
        if (size > MAX_SIZE) {
            throw new ObjectFormatException(
                    "%s: %d bytes, allowed are at most %d".formatted(describe(id), size, MAX_SIZE));
        }
        if (scalars > MAX_OVERLAP * size + MIN_PARTS) {
            throw new ObjectFormatException("%s: %d scalars in %d bytes, allowed are at most %d on each byte"
                    .formatted(describe(id), scalars, size, MAX_OVERLAP));
        }
        sizes[id] = size;
        parts[id] = Math.min(scalars, MANY_PARTS);
        return 0;
    }

    private void contents(int id) {
        switch (types.get(id)) {
            case BtfType.Array t -> value(t.element());
            case BtfType.Struct t -> t.members().forEach(m -> member(t, m));
            case BtfType.Void _,
                    BtfType.Int _,
                    BtfType.Pointer _,
                    BtfType.Enum _,
                    BtfType.Forward _,
                    BtfType.Typedef _,
                    BtfType.Modifier _,
                    BtfType.Function _,
                    BtfType.Prototype _,
                    BtfType.Variable _,
                    BtfType.DataSection _,
                    BtfType.DeclTag _,
                    BtfType.Float _ -> {}
        }
    }

    private void member(BtfType.Struct struct, BtfType.Member member) {
        value(member.type());
        boolean number = btf.resolved(member.type()) instanceof BtfType.Int
                || btf.resolved(member.type()) instanceof BtfType.Enum;
        boolean aligned = member.bitSize() == 0 && member.bitOffset() % Byte.SIZE == 0;
        if ((!aligned && !number) || member.bitSize() > Long.SIZE) {
            throw new ObjectFormatException(
                    "member `%s`: bit field of %d bits at bit %d, allowed are integers and enums of at most 64 bits"
                            .formatted(member.name(), member.bitSize(), member.bitOffset()));
        }
        if (member.bitOffset() + bits(member) > (long) struct.size() * Byte.SIZE) {
            throw new ObjectFormatException("member `%s`: %d bits at bit %d exceed %d bytes"
                    .formatted(member.name(), bits(member), member.bitOffset(), struct.size()));
        }
    }

    /** Bits that a member occupies: a bit field, new style or old style (in its integer type), or a whole value. */
    private long bits(BtfType.Member member) {
        if (member.bitSize() > 0) {
            return member.bitSize();
        }
        return btf.resolved(member.type()) instanceof BtfType.Int t
                ? t.bitOffset() + t.bits()
                : sizes[member.type()] * Byte.SIZE;
    }

    private void value(int id) {
        switch (btf.resolved(id)) {
            case BtfType.Int _,
                    BtfType.Pointer _,
                    BtfType.Array _,
                    BtfType.Struct _,
                    BtfType.Enum _,
                    BtfType.Float _ -> {}
            case BtfType.Void _,
                    BtfType.Forward _,
                    BtfType.Typedef _,
                    BtfType.Modifier _,
                    BtfType.Function _,
                    BtfType.Prototype _,
                    BtfType.Variable _,
                    BtfType.DataSection _,
                    BtfType.DeclTag _ ->
                throw new ObjectFormatException("holds %s, which has no values".formatted(describe(id)));
        }
    }

    private String describe(int id) {
        var type = types.get(id);
        return "BTF type %d (%s `%s`)"
                .formatted(id, type.getClass().getSimpleName().toLowerCase(Locale.ROOT), type.name());
    }
}
