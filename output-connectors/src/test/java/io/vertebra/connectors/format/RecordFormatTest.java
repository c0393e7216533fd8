package io.vertebra.connectors.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.config.Delivery;
import io.vertebra.config.StreamFormat;
import io.vertebra.connectors.TestRecords;
import io.vertebra.connectors.spi.ConnectorContext;
import io.vertebra.runtime.output.OutputBatch;
import io.vertebra.runtime.output.RecordKinds;
import io.vertebra.runtime.output.RecordKinds.Kind;
import io.vertebra.runtime.output.StreamDescriptor;
import io.vertebra.vm.btf.Btf;
import io.vertebra.vm.btf.BtfType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecordFormatTest {

    private static String json(StreamDescriptor stream, byte[] record) {
        return json(stream, CompiledRecords.batch(stream, record));
    }

    private static String json(StreamDescriptor stream, OutputBatch batch) {
        var record = TypedRecord.of(batch, 0);
        var written = new String(RecordFormat.of(stream).encode(record).bytes(), StandardCharsets.UTF_8);
        assertThat(record.json().encode()).as("as an object").isEqualTo(written);
        return written;
    }

    private static String json(String variable) {
        return json(CompiledRecords.stream(variable, StreamFormat.JSON), CompiledRecords.bytes(variable));
    }

    @Test
    void shouldWriteEveryNumberWithAllItsDigits() {
        assertThat(json("numbers")).isEqualTo("""
            {"u8":255,"s8":-128,"u16":65535,"s16":-32768,"u32":4294967295,"s32":-2147483648,\
            "u64":"18446744073709551615","s64":"-9223372036854775808",\
            "u128":"340282366920938463463374607431768211455","s128":"-1267650600228229401496703205376",\
            "yes":true,"no":false,"letter":118,"tenth":0.1,"third":0.3333333333333333,"route":7,\
            "pointer":"0xffff888000001234","function":"0x0"}\
            """);
    }

    @Test
    void shouldWriteTextsEnumsAndBits() {
        assertThat(json("texts")).isEqualTo("""
            {"plain":"plain","full":"full","inside":"in","invalid":"a\ufffd\ufffd(","utf8":"h\u00e9",\
            "bytes":[1,2,0,255],"small":[-1,1],"names":["ab","cd"]}\
            """);
        assertThat(json("enums")).isEqualTo("""
            {"busy":"STATE_BUSY","lost":"STATE_LOST","unnamed":4,"large":"WIDE_LARGE","other":659706976665,\
            "color":"COLOR_BLUE","colors":["COLOR_RED",3,"COLOR_BLUE"]}\
            """);
        assertThat(json("bits")).isEqualTo("""
            {"low":5,"negative":-3,"set":true,"clear":false,"state":"STATE_LOST","color":"COLOR_BLUE",\
            "wide":737894400291,"minus":-2,"after":9}\
            """);
    }

    @Test
    void shouldWriteWhatIsInsideEachOther() {
        assertThat(json("nested")).isEqualTo("""
            {"at":{"x":1,"y":-2},"inner":{"left":3,"deep":{"x":4,"y":5}},"hoisted":6,"whole":524295,"low":7,"high":8,\
            "ip":{"address":16777343,"octets":[127,0,0,1]},"path":[{"x":9,"y":10},{"x":11,"y":12}],\
            "grid":[[1,-2,3],[4,5,-6]],"squares":[[{"x":1,"y":2}],[{"x":3,"y":4}]],"empty":{},"last":13}\
            """);
    }

    @Test
    void shouldWriteNumbersThatJsonDoesNotHaveAsText() {
        var record = CompiledRecords.bytes("numbers");
        var stream = CompiledRecords.stream("numbers", StreamFormat.JSON);
        var struct = (BtfType.Struct) stream.btf().resolved(stream.recordType());
        int third = stream.btf().member(struct, "third").orElseThrow().bitOffset() / Byte.SIZE;
        ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN).putDouble(third, Double.NaN);
        assertThat(json(stream, record)).contains("\"third\":\"NaN\"");
    }

    @Test
    void shouldShowUntypedAndShortRecordsAsHex() {
        var raw = new StreamDescriptor("raw", "set", "map", Delivery.BEST_EFFORT, List.of(), "", Btf.EMPTY, 0);
        assertThat(json(raw, new byte[] {0x0f, (byte) 0xff})).isEqualTo("{\"hex\":\"0fff\"}");
        assertThat(json(TestRecords.stream("slow"), new byte[] {1, 2, 3})).isEqualTo("{\"hex\":\"010203\"}");
    }

    @Test
    void shouldWrapRecordsThatAreNoStruct() {
        var stream = new StreamDescriptor("n", "set", "map", Delivery.BEST_EFFORT, List.of(), "", TestRecords.BTF, 2);
        assertThat(json(stream, new byte[] {42, 0, 0, 0})).isEqualTo("{\"value\":42}");
    }

    @Test
    void shouldNameTheKindInTheTypeOfTheEvent() {
        var kinds = new RecordKinds(8, 4, Map.of(3L, new Kind("slow", TestRecords.SLOW)));
        var stream = TestRecords.stream("files").withKinds(kinds);
        var batch = OutputBatch.of(
                stream, 7, 0, List.of(TestRecords.record(1, 3, "/a"), TestRecords.record(1, 4, ""), new byte[2]));
        var events = new StreamEvents(new ConnectorContext("log", null, "/jvm/test/1")).of(stream);
        assertThat(events.event(batch, 0).encode())
                .isEqualTo("{\"specversion\":\"1.0\",\"id\":\"files/7\",\"source\":\"/jvm/test/1/test-set\","
                        + "\"type\":\"io.vertebra.files.slow\",\"time\":\"1970-01-01T00:00:00Z\","
                        + "\"data\":{\"connection\":1,\"route\":3,\"path\":\"/a\"}}");
        assertThat(events.event(batch, 1).getString("type")).isEqualTo("io.vertebra.files");
        assertThat(events.event(batch, 1).getJsonObject("data").getString("hex"))
                .startsWith("010000000000000004000000");
        assertThat(events.event(batch, 2).getJsonObject("data").encode()).isEqualTo("{\"hex\":\"0000\"}");
    }

    @Test
    void shouldWriteBytesAsTheyAreWithoutAnyType() {
        var stream = TestRecords.stream("slow").withFormat(StreamFormat.RAW);
        var batch = OutputBatch.of(stream, 0, 0, List.of(new byte[] {1, 2, (byte) 0xff}));
        var payload = RecordFormat.of(stream).encode(TypedRecord.of(batch, 0));
        assertThat(payload.bytes()).containsExactly(1, 2, 0xff);
        assertThat(payload.contentType()).isEqualTo("application/octet-stream");
        var event = new StreamEvents(new ConnectorContext("log", null, "/jvm"))
                .of(stream)
                .event(batch, 0);
        assertThat(event.getString("datacontenttype")).isEqualTo("application/octet-stream");
        assertThat(event.encode()).endsWith("\"data_base64\":\"AQL/\"}");
    }
}
