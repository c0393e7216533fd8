package io.vertebra.vm.btf;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * Memory seen through BTF: turns the bytes of a record, a map value or a global variable into Java values.
 *
 * <table>
 * <caption>What each kind becomes</caption>
 * <tr><td>struct, union, data section</td><td>{@code LinkedHashMap<String, Object>} in declaration order; the members
 * of an anonymous struct or union join those of the outer one; each member of a union is there, read from the same
 * bytes</td></tr>
 * <tr><td>array</td><td>{@code List<Object>}; of {@code char}: {@code String} up to the first NUL, or all of it when there
 * is none; what is not UTF-8 in it becomes U+FFFD</td></tr>
 * <tr><td>integer, also a {@code char} alone</td><td>{@code Long}; above {@code Long.MAX_VALUE} or of 16 bytes {@code
 * BigInteger}</td></tr>
 * <tr><td>pointer</td><td>{@code String} in hexadecimal, {@code 0xffff888000001234}</td></tr>
 * <tr><td>bool</td><td>{@code Boolean}</td></tr>
 * <tr><td>enum</td><td>the enumerator's name, the first of several; the number when none has it</td></tr>
 * <tr><td>float</td><td>{@code Float} or {@code Double}; of other than 4 and 8 bytes the bytes as {@code
 * BigInteger}</td></tr>
 * </table>
 *
 * <p>Stateless; as thread-safe as the memory that it reads.
 */
public final class BtfValues {

    private BtfValues() {}

    /**
     * The value of a type at an offset.
     *
     * @throws IndexOutOfBoundsException when the value does not lie in the memory
     * @throws IllegalArgumentException when the type has no values ({@code void}, a function, a forward declaration)
     */
    public static Object read(Btf btf, int type, MemorySegment memory, long offset) {
        var tree = new BtfTree();
        new BtfValueReader<>(btf, memory, tree).read(type, offset);
        return tree.value();
    }

    /**
     * The value of a record that fills the memory. An array at the end of a struct has the elements that the memory holds:
     * any number of them when it is a flexible array member, else at most as many as it declares. What lies behind the
     * value is not looked at.
     *
     * @return empty when the record is too short for its type
     * @throws IllegalArgumentException when the type has no values ({@code void}, a function, a forward declaration)
     */
    public static Optional<Object> record(Btf btf, int type, MemorySegment record) {
        var tree = new BtfTree();
        return record(btf, type, record, tree) ? Optional.of(tree.value()) : Optional.empty();
    }

    /** The same, told without making objects of it; false, and nothing told, when the record is too short for its type. */
    public static <E extends Exception> boolean record(Btf btf, int type, MemorySegment record, BtfVisitor<E> visitor)
            throws E {
        return new BtfValueReader<>(btf, record, visitor).record(type);
    }

    /**
     * Stores a Java value as a type: the reverse of {@link #read}, for values from a configuration.
     *
     * <p>An integer takes any integral {@code Number} in its range, a {@code bool} a {@code Boolean}, an enum the name
     * of an enumerator, a {@code char} array a {@code String} that fits with its NUL, an array a {@code List} of its
     * length, a struct a {@code Map} of some of its members (the others keep their value).
     *
     * @param name what messages call the value
     * @throws IllegalArgumentException when the value does not fit the type; the memory may be partly written
     */
    public static void write(Btf btf, int type, MemorySegment memory, long offset, String name, Object value) {
        new BtfValueWriter(btf, memory).write(type, offset, name, value);
    }

    /** Whether an array of the type is a string: {@code char}, which compilers write as an 8-bit integer named so. */
    public static boolean isCharacter(Btf btf, int type) {
        return btf.resolved(type) instanceof BtfType.Int t
                && t.size() == 1
                && (t.character() || t.name().equals("char"));
    }
}
