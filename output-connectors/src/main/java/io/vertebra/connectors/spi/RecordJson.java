package io.vertebra.connectors.spi;

import io.vertebra.vm.btf.BtfValues;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Records and map values as JSON, typed by BTF, the same for every connector:
 *
 * <ul>
 *   <li>a struct is an object with its members in declaration order; an array is an array; text, names of enums and pointers
 *       are strings, as {@link BtfValues} has them
 *   <li>a floating-point number is a number with the fewest digits that tell it; what JSON has no number for is a string, {@code
 *       "NaN"}
 *   <li>an integer is a number while every JSON reader can hold it exactly (from -2^53 to 2^53), else its decimal digits as
 *       a string
 *   <li>bytes without a type are {@code {"hex": "..."}}
 *   <li>a record that is no struct is {@code {"value": ...}}
 * </ul>
 */
public final class RecordJson {

    /** The name of a record's value that is no struct. */
    public static final String VALUE = "value";

    /** Largest integer up to which a 64-bit floating-point number is exact (RFC 8259 section 6). */
    private static final long EXACT = 1L << 53;

    private RecordJson() {}

    /** A value that BTF gave, or a {@code byte[]} without a type, as a record. */
    public static JsonObject object(Object value) {
        var json = json(value);
        return json instanceof JsonObject object ? object : new JsonObject().put(VALUE, json);
    }

    /** A value as {@link BtfValues} reads it, or a {@code byte[]} without a type, in JSON's types. */
    public static Object json(Object value) {
        return switch (value) {
            case Map<?, ?> struct -> struct(struct);
            case List<?> array -> array(array);
            case Long number -> isExact(number) ? number : number.toString();
            case BigInteger number -> number.toString();
            case byte[] bytes -> new JsonObject().put("hex", HexFormat.of().formatHex(bytes));
            case null, default -> value;
        };
    }

    /** Whether an integer is a number in JSON. */
    public static boolean isExact(long number) {
        return number >= -EXACT && number <= EXACT;
    }

    private static JsonObject struct(Map<?, ?> struct) {
        var object = new JsonObject();
        struct.forEach((name, member) -> object.put((String) name, json(member)));
        return object;
    }

    private static JsonArray array(List<?> elements) {
        var array = new JsonArray();
        elements.forEach(element -> array.add(json(element)));
        return array;
    }
}
