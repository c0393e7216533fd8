package io.vertebra.connectors.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * A record of Kafka as bytes, complete: form 1, number of headers, topic, key (length -1 for none), value, name and value of
 * each header; numbers and lengths are 4 bytes, most significant first.
 */
final class Letter {

    private static final byte FORM = 1;
    private static final int ABSENT = -1;

    private Letter() {}

    /**
     * A record's bytes.
     *
     * @throws ArithmeticException when they are more than 2 GiB
     */
    static byte[] encode(ProducerRecord<byte[], byte[]> record) {
        var headers = record.headers().toArray();
        List<byte[]> parts = new ArrayList<>(3 + 2 * headers.length);
        parts.add(record.topic().getBytes(UTF_8));
        parts.add(record.key());
        parts.add(record.value());
        for (var header : headers) {
            parts.add(header.key().getBytes(UTF_8));
            parts.add(header.value());
        }
        int size = Byte.BYTES + Integer.BYTES;
        for (var part : parts) {
            size = Math.addExact(size, Integer.BYTES + (part == null ? 0 : part.length));
        }
        var letter = ByteBuffer.allocate(size).put(FORM).putInt(headers.length);
        for (var part : parts) {
            write(part, letter);
        }
        return letter.array();
    }

    /**
     * What {@link #encode} has made.
     *
     * @throws SerializationException when it is nothing of the kind
     */
    static ProducerRecord<byte[], byte[]> decode(byte[] letter) {
        var from = ByteBuffer.wrap(letter);
        try {
            byte form = from.get();
            if (form != FORM) {
                throw new SerializationException("record in the spool has form " + form + ", known is " + FORM);
            }
            int count = from.getInt();
            var topic = text(from);
            var key = read(from);
            var value = read(from);
            List<Header> headers = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                headers.add(new RecordHeader(text(from), read(from)));
            }
            return new ProducerRecord<>(topic, null, key, value, headers);
        } catch (BufferUnderflowException e) {
            throw new SerializationException("record in the spool is not whole: " + letter.length + " bytes", e);
        }
    }

    private static void write(byte[] part, ByteBuffer into) {
        into.putInt(part == null ? ABSENT : part.length);
        if (part != null) {
            into.put(part);
        }
    }

    private static byte[] read(ByteBuffer from) {
        int length = from.getInt();
        if (length == ABSENT) {
            return null;
        }
        if (length < 0 || length > from.remaining()) {
            throw new BufferUnderflowException();
        }
        var part = new byte[length];
        from.get(part);
        return part;
    }

    private static String text(ByteBuffer from) {
        var bytes = read(from);
        if (bytes == null) {
            throw new BufferUnderflowException();
        }
        return new String(bytes, UTF_8);
    }
}
