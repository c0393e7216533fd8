package io.vertebra.connectors.spi;

import io.vertebra.runtime.output.OutputBatch;
import io.vertebra.vm.btf.Btf;
import io.vertebra.vm.btf.BtfValues;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Records and map values as JSON, typed by BTF, the same for every connector:
 *
 * <ul>
 *   <li>a struct is an object with its members in declaration order; an array is an array; a {@code char} array is text up to
 *       its first NUL; an enum value is its name
 *   <li>an integer is a number while every JSON reader can hold it exactly (from -2^53 to 2^53), else its decimal digits as
 *       a string
 *   <li>bytes without a type are {@code {"hex": "..."}}
 * </ul>
 */
public final class RecordJson {

    /** Largest integer up to which a 64-bit floating-point number is exact (RFC 8259 section 6). */
    private static final long EXACT = 1L << 53;

    private RecordJson() {}

    /** One record of a batch; a record type that is not a struct becomes {@code {"value": ...}}. */
    public static JsonObject record(OutputBatch batch, int index) {
        var stream = batch.stream();
        var value = value(stream.btf(), stream.recordType(), batch.record(index));
        return value instanceof JsonObject object ? object : new JsonObject().put("value", value);
    }

    /**
     * Bytes of a declared type.
     *
     * @param type BTF id, 0 when undeclared
     * @return a {@link JsonObject}, {@link JsonArray}, String, Long, Double, Boolean or null
     */
    public static Object value(Btf btf, int type, MemorySegment bytes) {
        return type == 0 || btf.sizeOf(type) > bytes.byteSize()
                ? json(bytes.toArray(ValueLayout.JAVA_BYTE))
                : json(BtfValues.read(btf, type, bytes, 0));
    }

    /** A value as {@link BtfValues} reads it, or a {@code byte[]} without a type, in JSON's types. */
    public static Object json(Object value) {
        return switch (value) {
            case Map<?, ?> struct -> object(struct);
            case List<?> array -> array(array);
            case Long number -> Math.abs(number) <= EXACT && number != Long.MIN_VALUE ? number : number.toString();
            case BigInteger number -> number.toString();
            case byte[] bytes -> new JsonObject().put("hex", HexFormat.of().formatHex(bytes));
            case null, default -> value;
        };
    }

    private static JsonObject object(Map<?, ?> struct) {
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
