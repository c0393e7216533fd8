package io.vertebra.connectors.spi;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordJsonTest {

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
}
