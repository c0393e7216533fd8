package io.vertebra.runtime.hook;

import io.vertebra.vm.exec.PayloadType;
import io.vertebra.vm.program.ContextLayout.Encoding;
import io.vertebra.vm.program.ContextLayout.Field;
import java.util.List;
import java.util.Optional;

/**
 * One parameter of a hook method.
 *
 * @param shape what it is
 * @param field where it goes in the context; for a payload the field {@code data}
 * @param key whether it chooses the core
 * @param names what its values from 0 on are called; empty when they have no names
 */
record HookArgument(Shape shape, Field field, boolean key, List<String> names) {

    /** What a parameter may be. */
    enum Shape {
        BOOLEAN(1),
        BYTE(1),
        SHORT(2),
        CHAR(2),
        INT(4),
        LONG(8),
        FLOAT(4),
        DOUBLE(8),
        ENUM(4),
        TEXT(2),
        BYTE_ARRAY(8),
        BYTE_BUFFER(8),
        SEGMENT(8);

        private final int alignment;

        Shape(int alignment) {
            this.alignment = alignment;
        }

        /** Alignment in the context; also the size, except for text. */
        int alignment() {
            return alignment;
        }

        /** How codelets are to read it. */
        Encoding encoding() {
            return switch (this) {
                case BYTE, SHORT, INT, LONG, ENUM -> Encoding.SIGNED;
                case FLOAT, DOUBLE -> Encoding.FLOAT;
                case BOOLEAN, CHAR, TEXT, BYTE_ARRAY, BYTE_BUFFER, SEGMENT -> Encoding.UNSIGNED;
            };
        }

        boolean payload() {
            return payloadType().isPresent();
        }

        /** What payload it is, if it is one. */
        Optional<PayloadType> payloadType() {
            return switch (this) {
                case BYTE_ARRAY -> Optional.of(PayloadType.BYTES);
                case BYTE_BUFFER -> Optional.of(PayloadType.BUFFER);
                case SEGMENT -> Optional.of(PayloadType.SEGMENT);
                case BOOLEAN, BYTE, SHORT, CHAR, INT, LONG, FLOAT, DOUBLE, ENUM, TEXT -> Optional.empty();
            };
        }
    }
}
