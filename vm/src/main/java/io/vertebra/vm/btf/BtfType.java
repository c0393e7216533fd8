package io.vertebra.vm.btf;

import java.util.List;

/**
 * One BTF type, a record per kind (kernel documentation, <a
 * href="https://docs.kernel.org/bpf/btf.html">bpf/btf</a>). References to other types are ids into the {@link Btf} that
 * holds both; id 0 is {@code void}.
 */
public sealed interface BtfType {

    /** The C name; empty where the kind has none or the type is anonymous. */
    String name();

    /** {@code void}, id 0. */
    record Void() implements BtfType {
        @Override
        public String name() {
            return "void";
        }
    }

    /** An integer of {@code size} bytes; {@code bits} may be smaller in old-style bit fields. */
    record Int(String name, int size, int bits, int bitOffset, boolean signed, boolean character, boolean bool)
            implements BtfType {}

    /** A pointer. */
    record Pointer(int target) implements BtfType {
        @Override
        public String name() {
            return "";
        }
    }

    /** An array of {@code count} elements. */
    record Array(int element, int index, int count) implements BtfType {
        @Override
        public String name() {
            return "";
        }
    }

    /** A struct, or a union when {@code union}; {@code size} bytes. */
    record Struct(String name, int size, boolean union, List<Member> members) implements BtfType {}

    /** An enum of {@code size} bytes (ENUM and ENUM64). */
    record Enum(String name, int size, boolean signed, List<Enumerator> values) implements BtfType {}

    /** A forward declaration. */
    record Forward(String name, boolean union) implements BtfType {}

    /** A typedef. */
    record Typedef(String name, int target) implements BtfType {}

    /** {@code const}, {@code volatile}, {@code restrict} or a {@code btf_type_tag} (whose text is the name). */
    record Modifier(String name, Kind kind, int target) implements BtfType {
        /** Which modifier. */
        public enum Kind {
            CONST,
            VOLATILE,
            RESTRICT,
            TYPE_TAG
        }
    }

    /** A function with its prototype. */
    record Function(String name, int prototype, int linkage) implements BtfType {}

    /** A function prototype. */
    record Prototype(int result, List<Parameter> parameters) implements BtfType {
        @Override
        public String name() {
            return "";
        }
    }

    /** A global variable. */
    record Variable(String name, int type, int linkage) implements BtfType {}

    /** A data section: its variables with offset and size. */
    record DataSection(String name, int size, List<Placed> variables) implements BtfType {}

    /** A {@code btf_decl_tag} on a type, or on the member or parameter {@code component} of it (-1: the type itself). */
    record DeclTag(String name, int target, int component) implements BtfType {}

    /** A floating-point type. */
    record Float(String name, int size) implements BtfType {}

    /** A struct member; {@code bitSize} is 0 unless it is a bit field. */
    record Member(String name, int type, int bitOffset, int bitSize) {}

    /** A named enum value. */
    record Enumerator(String name, long value) {}

    /** A function parameter. */
    record Parameter(String name, int type) {}

    /** A variable's place in its section. */
    record Placed(int variable, int offset, int size) {}
}
