package io.vertebra.connectors.spi;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.config.Delivery;
import io.vertebra.connectors.TestRecords;
import io.vertebra.runtime.output.OutputBatch;
import io.vertebra.runtime.output.StreamDescriptor;
import io.vertebra.vm.btf.Btf;
import io.vertx.core.json.JsonObject;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordJsonTest {

    @Test
    void shouldNameFieldsInOrder() {
        var batch = OutputBatch.of(TestRecords.stream("slow"), 0, 0, List.of(TestRecords.record(7, 3, "/a\"<b>")));
        assertThat(RecordJson.record(batch, 0).encode())
                .isEqualTo("{\"connection\":7,\"route\":3,\"path\":\"/a\\\"<b>\"}");
    }

    @ParameterizedTest
    @CsvSource({
        "9007199254740992, 9007199254740992",
        "9007199254740993, '\"9007199254740993\"'",
        "-9007199254740992, -9007199254740992",
        "-9007199254740993, '\"-9007199254740993\"'",
        "-9223372036854775808, '\"-9223372036854775808\"'",
    })
    void shouldKeepEveryDigit(long number, String json) {
        assertThat(new JsonObject().put("n", RecordJson.json(number)).encode()).isEqualTo("{\"n\":" + json + "}");
    }

    @Test
    void shouldWriteBigIntegersAsText() {
        var value = RecordJson.json(Map.of("n", List.of(BigInteger.TWO.pow(64).subtract(BigInteger.ONE))));
        assertThat(value).hasToString("{\"n\":[\"18446744073709551615\"]}");
    }

    @Test
    void shouldShowUntypedRecordsAsHex() {
        var stream = new StreamDescriptor("raw", "set", "map", Delivery.BEST_EFFORT, List.of(), "", Btf.EMPTY, 0);
        var batch = OutputBatch.of(stream, 0, 0, List.of(new byte[] {0x0f, (byte) 0xff}));
        assertThat(RecordJson.record(batch, 0).encode()).isEqualTo("{\"hex\":\"0fff\"}");
    }

    @Test
    void shouldShowRecordsShorterThanTheirTypeAsHex() {
        var batch = OutputBatch.of(TestRecords.stream("slow"), 0, 0, List.of(new byte[] {1, 2, 3}));
        assertThat(RecordJson.record(batch, 0).encode()).isEqualTo("{\"hex\":\"010203\"}");
    }

    @Test
    void shouldWrapRecordsThatAreNoStruct() {
        var stream = new StreamDescriptor("n", "set", "map", Delivery.BEST_EFFORT, List.of(), "", TestRecords.BTF, 2);
        var batch = OutputBatch.of(stream, 0, 0, List.of(new byte[] {42, 0, 0, 0}));
        assertThat(RecordJson.record(batch, 0).encode()).isEqualTo("{\"value\":42}");
        assertThat(RecordJson.value(TestRecords.BTF, 2, MemorySegment.ofArray(new byte[] {1, 0, 0, 0})))
                .isEqualTo(1L);
    }
}
