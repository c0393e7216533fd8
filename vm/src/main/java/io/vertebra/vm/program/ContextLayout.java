package io.vertebra.vm.program;

import java.util.List;
import java.util.Optional;

/**
 * The struct that r1 points to: the one definition that the verifier reads, the hook marshals by, and headers are
 * written from. Fields lie in declaration order at natural C alignment, little endian.
 *
 * @param name the C struct's name, for example {@code gateway_request_received}
 * @param size bytes, a multiple of the largest alignment; 0 for a program without a context
 * @param fields in offset order, not overlapping
 */
public record ContextLayout(String name, int size, List<Field> fields) {

    /**
     * One readable field. Bytes between fields are padding and may not be read.
     *
     * @param name snake case
     * @param offset bytes from the start of the struct
     * @param size 1, 2, 4 or 8; for a {@link Kind#STRING} 2 + its capacity
     * @param kind what a load of it gives
     * @param encoding how the bits of a {@link Kind#SCALAR} are meant
     * @param formerNames what older versions of the hook called it; a codelet's relocations find it by these too
     */
    public record Field(String name, int offset, int size, Kind kind, Encoding encoding, List<String> formerNames) {

        /** Makes the list immutable. */
        public Field {
            formerNames = List.copyOf(formerNames);
        }

        /** An unsigned number, or no number, that never had another name. */
        public Field(String name, int offset, int size, Kind kind) {
            this(name, offset, size, kind, Encoding.UNSIGNED, List.of());
        }
    }

    /** How the bits of a number are meant. */
    public enum Encoding {
        /** A binary number; also truth values. */
        UNSIGNED,
        /** A two's complement number. */
        SIGNED,
        /** An IEEE 754 number of 4 or 8 bytes. */
        FLOAT
    }

    /** What a context field holds. */
    public enum Kind {
        /** An integer; any naturally aligned narrower load inside the field is allowed. */
        SCALAR,
        /** {@code struct { __u16 len; char s[N]; }}: bytes that may be read in any size. */
        STRING,
        /** {@code data}: a pointer to the first payload byte; only loads of the whole field. */
        PAYLOAD,
        /** {@code data_end}: a pointer after the last payload byte; only loads of the whole field. */
        PAYLOAD_END
    }

    /** The context of a program that gets none. */
    public static final ContextLayout NONE = new ContextLayout("none", 0, List.of());

    /** Makes the list immutable. */
    public ContextLayout {
        fields = List.copyOf(fields);
    }

    /** The field that covers all bytes of an access, if one does. */
    public Optional<Field> covering(long offset, int bytes) {
        return fields.stream()
                .filter(f -> offset >= f.offset() && offset + bytes <= f.offset() + f.size())
                .findFirst();
    }

    /** Whether the context has a payload. */
    public boolean hasPayload() {
        return fields.stream().anyMatch(f -> f.kind() == Kind.PAYLOAD);
    }
}
