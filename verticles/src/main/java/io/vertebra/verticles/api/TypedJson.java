package io.vertebra.verticles.api;

import io.vertebra.vm.btf.Btf;
import io.vertebra.vm.btf.BtfType;
import io.vertebra.vm.btf.BtfValues;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** JSON as bytes of a BTF type: the reverse of what reading answers, so that every answer can be sent back. */
final class TypedJson {

    private static final Pattern DECIMAL = Pattern.compile("-?[0-9]{1,39}");

    private TypedJson() {}

    /**
     * The bytes of a value.
     *
     * @param type BTF id, 0 when undeclared: then only {@code {"hex": "..."}} is possible
     * @param size bytes that are needed
     * @param name what messages call the value
     * @param json a value as {@link io.vertebra.connectors.spi.RecordJson} writes it
     * @throws IllegalArgumentException when it does not fit the type
     */
    static byte[] bytes(Btf btf, int type, int size, String name, Object json) {
        if (json == null) {
            throw new IllegalArgumentException(name + ": missing");
        }
        var raw = raw(name, json);
        if (raw.isPresent()) {
            if (raw.get().length != size) {
                throw new IllegalArgumentException(name + ": " + raw.get().length + " bytes, needed are " + size);
            }
            return raw.get();
        }
        if (type == 0) {
            throw new IllegalArgumentException(name + ": its type is not declared, send {\"hex\": \"...\"}");
        }
        var bytes = new byte[size];
        BtfValues.write(btf, type, MemorySegment.ofArray(bytes), 0, name, plain(btf, type, json));
        return bytes;
    }

    /**
     * The fields of a struct in Java's own types; of no struct, as they are.
     *
     * @param type BTF id, 0 when undeclared
     */
    static Map<String, Object> fields(Btf btf, int type, JsonObject json) {
        return type != 0 && btf.resolved(type) instanceof BtfType.Struct struct
                ? members(btf, struct, json)
                : json.getMap();
    }

    /**
     * The bytes of {@code {"hex": "..."}}; empty for anything else.
     *
     * @throws IllegalArgumentException when the digits are none
     */
    static Optional<byte[]> raw(String name, Object json) {
        if (!(json instanceof JsonObject object
                && object.size() == 1
                && object.getValue("hex") instanceof String digits)) {
            return Optional.empty();
        }
        if (!digits.matches("([0-9a-fA-F]{2})*")) {
            throw new IllegalArgumentException(name + ": `" + digits + "` is not hex");
        }
        return Optional.of(HexFormat.of().parseHex(digits));
    }

    /** Java's own types, with numbers in digits as numbers where the type is one. */
    private static Object plain(Btf btf, int type, Object json) {
        return switch (btf.resolved(type)) {
            case BtfType.Int t
            when !t.bool() && json instanceof String s && DECIMAL.matcher(s).matches() -> new BigInteger(s);
            case BtfType.Struct struct when json instanceof JsonObject object -> members(btf, struct, object);
            case BtfType.Array array
            when json instanceof JsonArray elements -> {
                var list = new ArrayList<>();
                elements.forEach(element -> list.add(plain(btf, array.element(), element)));
                yield list;
            }
            case BtfType _ -> json;
        };
    }

    private static Map<String, Object> members(Btf btf, BtfType.Struct struct, JsonObject object) {
        var members = new LinkedHashMap<String, Object>();
        object.forEach(entry -> members.put(
                entry.getKey(),
                btf.member(struct, entry.getKey())
                        .map(member -> plain(btf, member.type(), entry.getValue()))
                        .orElse(entry.getValue())));
        return members;
    }
}
