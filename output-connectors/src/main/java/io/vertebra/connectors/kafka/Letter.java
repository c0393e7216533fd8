package io.vertebra.connectors.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.SerializationException;

/**
 * A record of Kafka as bytes, complete: form 1, topic, key (length -1 for none), value, number of headers, name and value
 * of each; lengths are 4 bytes, most significant first.
 */
final class Letter {

    private static final int FORM = 1;
    private static final int ABSENT = -1;

    private Letter() {}

    static byte[] encode(ProducerRecord<byte[], byte[]> record) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.writeByte(FORM);
            write(out, record.topic().getBytes(UTF_8));
            write(out, record.key());
            write(out, record.value());
            var headers = record.headers().toArray();
            out.writeInt(headers.length);
            for (var header : headers) {
                write(out, header.key().getBytes(UTF_8));
                write(out, header.value());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e); // not in memory
        }
        return bytes.toByteArray();
    }

    /**
     * What {@link #encode} has made.
     *
     * @throws SerializationException when it is nothing of the kind
     */
    static ProducerRecord<byte[], byte[]> decode(byte[] letter) {
        try (var in = new DataInputStream(new ByteArrayInputStream(letter))) {
            int form = in.readByte();
            if (form != FORM) {
                throw new IOException("form " + form + ", known is " + FORM);
            }
            var record = new ProducerRecord<>(new String(read(in), UTF_8), read(in), read(in));
            for (int left = in.readInt(); left > 0; left--) {
                record.headers().add(new String(read(in), UTF_8), read(in));
            }
            return record;
        } catch (IOException e) {
            throw new SerializationException("record in the spool cannot be read: " + e.getMessage(), e);
        }
    }

    private static void write(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes == null ? ABSENT : bytes.length);
        if (bytes != null) {
            out.write(bytes);
        }
    }

    private static byte[] read(DataInputStream in) throws IOException {
        int length = in.readInt();
        return length == ABSENT ? null : in.readNBytes(length);
    }
}
