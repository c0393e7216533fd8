package io.vertebra.runtime.hook;

import io.vertebra.vm.program.ContextLayout;
import io.vertebra.vm.program.ContextLayout.Encoding;
import io.vertebra.vm.program.ContextLayout.Field;
import io.vertebra.vm.program.ContextLayout.Kind;
import java.util.ArrayList;
import java.util.List;

/** Lays out a context struct as C does: fields in order, each at a multiple of its alignment. */
final class ContextBuilder {

    static final String PAYLOAD = "data";

    private static final String PAYLOAD_END = "data_end";
    private static final String PAYLOAD_LENGTH = "payload_len";
    private static final String META_DATA = "meta_data";
    private static final int LENGTH_PREFIX = 2; // the u16 before a string

    private final List<Field> fields = new ArrayList<>();
    private int size;
    private int alignment = 1;

    Field scalar(String name, int bytes, Encoding encoding, List<String> formerNames) {
        return add(name, bytes, bytes, Kind.SCALAR, encoding, formerNames);
    }

    Field text(String name, int capacity, List<String> formerNames) {
        var field = add(name, LENGTH_PREFIX + capacity, LENGTH_PREFIX, Kind.STRING, Encoding.UNSIGNED, formerNames);
        size = roundUp(size, LENGTH_PREFIX); // sizeof of the nested struct
        return field;
    }

    Field payload() {
        return payload(PAYLOAD_LENGTH, Integer.BYTES);
    }

    /** As jbpf's contexts begin; its {@code meta_data} has no use there, here it holds the length. */
    Field jbpfPayload() {
        return payload(META_DATA, Long.BYTES);
    }

    /** The field after {@code data_end} holds the payload's length before it was cut. */
    private Field payload(String length, int lengthBytes) {
        var field = unsigned(PAYLOAD, Long.BYTES, Kind.PAYLOAD);
        unsigned(PAYLOAD_END, Long.BYTES, Kind.PAYLOAD_END);
        unsigned(length, lengthBytes, Kind.SCALAR);
        return field;
    }

    boolean isEmpty() {
        return fields.isEmpty();
    }

    boolean has(String name) {
        return fields.stream()
                .anyMatch(f -> f.name().equals(name) || f.formerNames().contains(name));
    }

    ContextLayout build(String name) {
        return new ContextLayout(name, roundUp(size, alignment), fields);
    }

    private Field unsigned(String name, int bytes, Kind kind) {
        return add(name, bytes, bytes, kind, Encoding.UNSIGNED, List.of());
    }

    private Field add(String name, int bytes, int align, Kind kind, Encoding encoding, List<String> formerNames) {
        var field = new Field(name, roundUp(size, align), bytes, kind, encoding, formerNames);
        fields.add(field);
        size = field.offset() + bytes;
        alignment = Math.max(alignment, align);
        return field;
    }

    private static int roundUp(int value, int multiple) {
        return (value + multiple - 1) / multiple * multiple;
    }
}
