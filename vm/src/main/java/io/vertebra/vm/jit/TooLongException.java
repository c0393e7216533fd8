package io.vertebra.vm.jit;

/** A program that does not fit a class, or a part of it that does not fit a method. */
final class TooLongException extends RuntimeException {

    private static final long serialVersionUID = 1;

    TooLongException(String message, Throwable cause) {
        super(message, cause);
    }
}
