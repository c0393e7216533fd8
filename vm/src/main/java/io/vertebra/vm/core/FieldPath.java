package io.vertebra.vm.core;

import io.vertebra.vm.btf.Btf;
import io.vertebra.vm.btf.BtfExtension.CoreRelocation;
import io.vertebra.vm.btf.BtfType;
import io.vertebra.vm.format.ObjectFormatException;
import java.util.ArrayList;
import java.util.List;

/**
 * The way from a struct to one of its fields: what C writes as {@code event[0].to[1].port}. Members without a name are
 * passed through and are no steps.
 *
 * @param steps the first is the element of the pointer that the access starts from
 * @param bitOffset from the start of the first struct
 */
record FieldPath(List<Step> steps, long bitOffset) {

    /** Steps of one path, as libbpf allows. */
    private static final int MAX_STEPS = 64;

    /** One step of a path. */
    sealed interface Step {}

    /** The element with a number, of a type that has no modifiers. */
    record Element(int type, int index) implements Step {}

    /** The named member with a number. */
    record Member(int struct, int index) implements Step {}

    /** A place of a walk. */
    record Mark(int type, int steps, long bitOffset) {}

    FieldPath {
        steps = List.copyOf(steps);
    }

    /** Where a walk has come to. */
    static final class Walk {
        private final Btf btf;
        private final List<Step> steps = new ArrayList<>();
        private long bitOffset;
        private int type;

        Walk(Btf btf, int root) {
            this.btf = btf;
            this.type = btf.resolve(root);
        }

        int type() {
            return type;
        }

        FieldPath path() {
            return new FieldPath(steps, bitOffset);
        }

        void element(int element, int index) {
            type = btf.resolve(element);
            long bytes = index * btf.sizeOf(type); // below 2^62
            add(bytes > Integer.MAX_VALUE ? Long.MAX_VALUE : bytes * Byte.SIZE);
            steps.add(new Element(type, index));
        }

        /** A member of the struct at hand; one without a name is no step. */
        void member(int index) {
            var member = ((BtfType.Struct) btf.type(type)).members().get(index);
            if (!member.name().isEmpty()) {
                steps.add(new Member(type, index));
            }
            add(member.bitOffset());
            type = btf.resolve(member.type());
        }

        /** Whether an array of the type at hand has an element: of any number, when it ends its struct without size. */
        boolean has(BtfType.Array array, int index) {
            boolean flexible = array.count() == 0
                    && steps.getLast() instanceof Member m
                    && m.index()
                            == ((BtfType.Struct) btf.type(m.struct())).members().size() - 1;
            return flexible || index < array.count();
        }

        /** The place at hand, to come back to. */
        Mark mark() {
            return new Mark(type, steps.size(), bitOffset);
        }

        void back(Mark mark) {
            type = mark.type();
            bitOffset = mark.bitOffset();
            steps.subList(mark.steps(), steps.size()).clear();
        }

        private void add(long bits) {
            bitOffset += Math.min(bits, (long) Integer.MAX_VALUE * Byte.SIZE + 1);
            if (bitOffset > (long) Integer.MAX_VALUE * Byte.SIZE || steps.size() > MAX_STEPS) {
                throw new ObjectFormatException("its path is too long, allowed are %d steps and %d bytes"
                        .formatted(MAX_STEPS, Integer.MAX_VALUE));
            }
        }
    }

    /** Reads a record's access string by the types of its object. */
    static FieldPath of(Btf btf, CoreRelocation relocation) {
        var access = relocation.access();
        var walk = new Walk(btf, relocation.type());
        walk.element(walk.type(), access.getFirst());
        for (int index : access.subList(1, access.size())) {
            switch (btf.type(walk.type())) {
                case BtfType.Struct struct -> {
                    inside("member", index, struct.members().size());
                    walk.member(index);
                }
                case BtfType.Array array -> {
                    if (!walk.has(array, index)) {
                        inside("element", index, array.count());
                    }
                    walk.element(array.element(), index);
                }
                default ->
                    throw new ObjectFormatException(
                            "access `%s` leads into `%s`, allowed are structs, unions and arrays"
                                    .formatted(
                                            CoreText.access(access),
                                            btf.type(walk.type()).name()));
            }
        }
        return walk.path();
    }

    private static void inside(String what, int index, int count) {
        if (index >= count) {
            throw new ObjectFormatException("%s %d, there are %d".formatted(what, index, count));
        }
    }
}
