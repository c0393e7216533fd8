package io.vertebra.vm.format;

/**
 * A malformed object: an ELF file, its BTF, its instructions, or assembly text. It is the only exception that readers
 * throw for what they were given; the message names the entity (section, symbol, slot), then what was found, then what
 * is allowed.
 */
public final class ObjectFormatException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** An error with its complete message: entity, observed, allowed. */
    public ObjectFormatException(String message) {
        super(message);
    }

    private ObjectFormatException(String message, ObjectFormatException cause) {
        super(message, cause);
    }

    /** The same error, with the entity that contains it in front: {@code file: section: reason}. */
    public ObjectFormatException in(String entity) {
        return new ObjectFormatException(entity + ": " + getMessage(), this);
    }
}
