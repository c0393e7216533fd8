package io.vertebra.vm.btf;

import java.math.BigInteger;

/**
 * Is told a value, part by part in the order of its declaration: see {@link BtfValues} for what each kind of type becomes.
 * One value is one call, or those between a begin and its end.
 *
 * @param <E> what it may fail with
 */
public interface BtfVisitor<E extends Exception> {

    /** A struct, a union or a data section; until its end, each value follows its name. */
    void beginStruct() throws E;

    /** The name of the member whose value follows. */
    void member(String name) throws E;

    /** The end of the innermost struct. */
    void endStruct() throws E;

    /** An array; until its end, each value is an element. */
    void beginArray() throws E;

    /** The end of the innermost array. */
    void endArray() throws E;

    /** An integer. */
    void integer(long value) throws E;

    /** An integer that {@code long} cannot hold. */
    void integer(BigInteger value) throws E;

    /** A floating-point number of 4 bytes. */
    void floating(float value) throws E;

    /** A floating-point number of 8 bytes. */
    void floating(double value) throws E;

    /** A bool. */
    void bool(boolean value) throws E;

    /** Text, the name of an enumerator, or a pointer. */
    void text(String value) throws E;
}
