package io.vertebra.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.Test;

class LetterTest {

    private static final ProducerRecord<byte[], byte[]> RECORD = record(new byte[] {1, 2});

    private static ProducerRecord<byte[], byte[]> record(byte[] key) {
        List<Header> headers =
                List.of(new RecordHeader("ce_id", new byte[] {7}), new RecordHeader("größe", new byte[0]));
        return new ProducerRecord<>("vertebra.größe", null, key, new byte[] {3, 4, 5}, headers);
    }

    @Test
    void shouldReadWhatItHasWritten() {
        var read = Letter.decode(Letter.encode(RECORD));
        assertThat(read.topic()).isEqualTo(RECORD.topic());
        assertThat(read.key()).isEqualTo(RECORD.key());
        assertThat(read.value()).isEqualTo(RECORD.value());
        assertThat(read.headers()).isEqualTo(RECORD.headers());
        assertThat(Letter.decode(Letter.encode(record(null))).key()).isNull();
    }

    @Test
    void shouldRefuseWhatIsNoLetter() {
        var letter = Letter.encode(RECORD);
        for (int length = 0; length < letter.length; length++) {
            var cut = Arrays.copyOf(letter, length);
            assertThatThrownBy(() -> Letter.decode(cut))
                    .isInstanceOf(SerializationException.class)
                    .hasMessage("record in the spool is not whole: " + length + " bytes");
        }
        for (int length : new int[] {Integer.MAX_VALUE, Integer.MIN_VALUE, -1}) { // of the topic
            var wrong = ByteBuffer.wrap(letter.clone()).putInt(5, length).array();
            assertThatThrownBy(() -> Letter.decode(wrong)).isInstanceOf(SerializationException.class);
        }
        letter[0] = 9;
        assertThatThrownBy(() -> Letter.decode(letter)).hasMessage("record in the spool has form 9, known is 1");
    }
}
