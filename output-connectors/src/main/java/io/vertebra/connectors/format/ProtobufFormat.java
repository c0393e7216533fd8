package io.vertebra.connectors.format;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import io.vertebra.runtime.output.RecordKinds.Kind;
import io.vertebra.runtime.output.StreamDescriptor;
import io.vertebra.vm.btf.Btf;
import io.vertebra.vm.btf.BtfType;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Records as messages of {@link ProtobufSchema}; a record that its type does not fit is its bytes. Thread-safe. */
public final class ProtobufFormat implements RecordFormat {

    private static final int WIDE = 2 * Long.BYTES;

    private final Btf btf;
    private final Map<Integer, Message> messages = new HashMap<>();

    /** The message of a type, and what names its schema. */
    private record Message(Descriptor descriptor, Optional<String> uri) {}

    /** The format of a stream whose record types are declared. */
    ProtobufFormat(StreamDescriptor stream) {
        this.btf = stream.btf();
        var schema = schema(stream);
        types(stream).forEach(type -> {
            var message = schema.message(type);
            messages.put(type, new Message(message, Optional.of(schema.uri(message))));
        });
    }

    /** The schema of a stream's records, in the package of its codelet set. */
    public static ProtobufSchema schema(StreamDescriptor stream) {
        return ProtobufSchema.of(
                stream.codeletSet(), stream.name(), stream.btf(), types(stream).toList());
    }

    /** The types that records of a stream have, none when they are undeclared. */
    private static Stream<Integer> types(StreamDescriptor stream) {
        return Stream.concat(stream.kinds().byValue().values().stream().map(Kind::type), Stream.of(stream.recordType()))
                .filter(type -> type != 0)
                .distinct();
    }

    @Override
    public Payload encode(TypedRecord record) {
        if (record.value().isEmpty()) {
            return Payload.Binary.raw(record.bytes());
        }
        var message = messages.get(record.kind().type());
        var bytes = message(
                        message.descriptor(),
                        record.kind().type(),
                        record.value().get())
                .toByteArray();
        return new Payload.Binary("application/protobuf", message.uri(), bytes);
    }

    private DynamicMessage message(Descriptor descriptor, int type, Object value) {
        if (btf.resolved(type) instanceof BtfType.Struct struct && value instanceof Map<?, ?> fields) {
            return struct(descriptor, struct, fields);
        }
        var only = DynamicMessage.newBuilder(descriptor);
        put(only, descriptor.getFields().getFirst(), type, value);
        return only.build();
    }

    private DynamicMessage struct(Descriptor descriptor, BtfType.Struct struct, Map<?, ?> fields) {
        var message = DynamicMessage.newBuilder(descriptor);
        var declared = btf.members(struct);
        for (int i = 0; i < declared.size(); i++) {
            var member = declared.get(i);
            put(message, descriptor.getFields().get(i), member.type(), fields.get(member.name()));
        }
        return message.build();
    }

    private void put(DynamicMessage.Builder into, FieldDescriptor field, int type, Object value) {
        if (field.isRepeated() && btf.resolved(type) instanceof BtfType.Array array) {
            ((List<?>) value).forEach(element -> into.addRepeatedField(field, single(field, array.element(), element)));
        } else {
            into.setField(field, single(field, type, value));
        }
    }

    private Object single(FieldDescriptor field, int type, Object value) {
        return switch (field.getType()) {
            case BOOL, STRING, FLOAT, DOUBLE -> value;
            case SINT32, UINT32 -> ((Number) value).intValue();
            case SINT64, UINT64 -> number(type, value);
            case ENUM -> field.getEnumType().findValueByNumberCreatingIfUnknown((int) number(type, value));
            case BYTES -> value instanceof List<?> bytes ? bytes(bytes) : wide((BigInteger) value);
            case MESSAGE -> message(field.getMessageType(), type, value);
            default -> throw new IllegalStateException("field `" + field.getFullName() + "` of a type that no C has");
        };
    }

    private long number(int type, Object value) {
        return switch (btf.resolved(type)) {
            case BtfType.Pointer _ -> Long.parseUnsignedLong((String) value, 2, ((String) value).length(), 16);
            case BtfType.Enum t
            when value instanceof String name ->
                t.values().stream()
                        .filter(enumerator -> enumerator.name().equals(name))
                        .findFirst()
                        .orElseThrow()
                        .value();
            default -> ((Number) value).longValue();
        };
    }

    private static ByteString bytes(List<?> numbers) {
        var bytes = new byte[numbers.size()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = ((Number) numbers.get(i)).byteValue();
        }
        return ByteString.copyFrom(bytes);
    }

    /** Sixteen bytes as they were in memory. */
    private static ByteString wide(BigInteger number) {
        return ByteString.copyFrom(ByteBuffer.allocate(WIDE)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(number.longValue())
                .putLong(number.shiftRight(Long.SIZE).longValue())
                .flip());
    }
}
