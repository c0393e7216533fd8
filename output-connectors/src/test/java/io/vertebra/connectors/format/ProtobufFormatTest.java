package io.vertebra.connectors.format;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.TextFormat;
import io.vertebra.config.Delivery;
import io.vertebra.config.StreamFormat;
import io.vertebra.connectors.TestRecords;
import io.vertebra.runtime.output.RecordKinds;
import io.vertebra.runtime.output.RecordKinds.Kind;
import io.vertebra.runtime.output.StreamDescriptor;
import io.vertebra.vm.btf.Btf;
import io.vertebra.vm.btf.BtfType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Records go to a reader that has nothing but the schema, as consumers do. */
class ProtobufFormatTest {

    private static final List<String> TYPES =
            List.of("numbers", "enums", "bits", "texts", "nested", "variable", "points", "path");

    /** What the reader makes of a record, in the text format of Protocol Buffers. */
    private static String read(StreamDescriptor stream, byte[] record) throws Exception {
        var payload = RecordFormat.of(stream).encode(TypedRecord.of(CompiledRecords.batch(stream, record), 0));
        assertThat(payload.contentType()).isEqualTo("application/protobuf");
        var name = payload.schema().orElseThrow().split(":")[3];
        var descriptor = reader(ProtobufFormat.schema(stream).descriptorSet(), name);
        return TextFormat.printer()
                .emittingSingleLine(true)
                .printToString(DynamicMessage.parseFrom(descriptor, payload.bytes()));
    }

    private static String read(String variable) throws Exception {
        return read(CompiledRecords.stream(variable, StreamFormat.PROTOBUF), CompiledRecords.bytes(variable));
    }

    private static Descriptor reader(byte[] schema, String message) throws Exception {
        var file = FileDescriptor.buildFrom(FileDescriptorSet.parseFrom(schema).getFile(0), new FileDescriptor[0]);
        return file.findMessageTypeByName(message.substring(message.lastIndexOf('.') + 1));
    }

    private static ProtobufSchema schema() {
        var btf = CompiledRecords.OBJECT.btf();
        return ProtobufSchema.of(
                "my-set.2",
                "records",
                btf,
                TYPES.stream()
                        .map(name -> btf.named("struct " + name).orElseThrow())
                        .toList());
    }

    private static byte[] resource(String name) throws IOException {
        try (var in = ProtobufFormatTest.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        }
    }

    @Test
    void shouldWriteTheSchemaThatProtocCompiledToTheSameDescriptors() throws Exception {
        assertThat(schema().text()).isEqualTo(new String(resource("records.proto"), StandardCharsets.UTF_8));
        assertThat(FileDescriptorSet.parseFrom(schema().descriptorSet()))
                .isEqualTo(FileDescriptorSet.parseFrom(resource("records.desc")));
    }

    @Test
    void shouldWriteNumbersOfEverySize() throws Exception {
        assertThat(read("numbers"))
                .isEqualTo("u8: 255 s8: -128 u16: 65535 s16: -32768 u32: 4294967295 s32: -2147483648"
                        + " u64: 18446744073709551615 s64: -9223372036854775808 u128: \"" + "\\377".repeat(16)
                        + "\" s128: \"" + "\\000".repeat(12) + "\\360\\377\\377\\377\" yes: true letter: 118"
                        + " tenth: 0.1 third: 0.3333333333333333 route: 7 pointer: "
                        + Long.toUnsignedString(0xffff888000001234L));
    }

    @Test
    void shouldWriteEnumsBitsAndTexts() throws Exception {
        assertThat(read("enums"))
                .isEqualTo("busy: STATE_BUSY lost: STATE_LOST unnamed: 4 large: 78187493520 other: 659706976665"
                        + " color: COLOR_BLUE colors: COLOR_RED colors: 3 colors: COLOR_BLUE");
        assertThat(read("bits"))
                .isEqualTo("low: 5 negative: -3 set: true state: STATE_LOST color: COLOR_BLUE wide: 737894400291"
                        + " minus: -2 after: 9");
        assertThat(read("texts"))
                .isEqualTo(
                        "plain: \"plain\" full: \"full\" inside: \"in\" invalid: \"a\\357\\277\\275\\357\\277\\275(\""
                                + " utf8: \"h\\303\\251\" bytes: \"\\001\\002\\000\\377\" small: -1 small: 1"
                                + " names: \"ab\" names: \"cd\"");
    }

    @Test
    void shouldWriteWhatIsInsideEachOther() throws Exception {
        assertThat(read("nested"))
                .isEqualTo("at { x: 1 y: -2 } inner { left: 3 deep { x: 4 y: 5 } } hoisted: 6 whole: 524295 low: 7"
                        + " high: 8 ip { address: 16777343 octets: \"\\177\\000\\000\\001\" } path { x: 9 y: 10 }"
                        + " path { x: 11 y: 12 } grid { values: 1 values: -2 values: 3 }"
                        + " grid { values: 4 values: 5 values: -6 } squares { values { x: 1 y: 2 } }"
                        + " squares { values { x: 3 y: 4 } } empty { } last: 13");
    }

    @Test
    void shouldWriteTheMessageOfEachKindAndBytesOfNone() throws Exception {
        var btf = CompiledRecords.OBJECT.btf();
        var kinds = new RecordKinds(
                0,
                4,
                Map.of(
                        1L, new Kind("path", btf.named("struct path").orElseThrow()),
                        2L, new Kind("variable", btf.named("struct variable").orElseThrow())));
        var stream = CompiledRecords.stream("path", StreamFormat.PROTOBUF).withKinds(kinds);
        assertThat(read(stream, new byte[] {1, 0, 0, 0, '/', 'a'})).isEqualTo("pid: 1 path: \"/a\"");
        assertThat(read(stream, new byte[] {2, 0, 0, 0, 9, 'b'})).isEqualTo("count: 2 kind: 9 text: \"b\"");
        for (var other : List.of(new byte[] {3, 0, 0, 0}, new byte[] {2, 0}, new byte[] {2, 0, 0, 0})) {
            var payload = RecordFormat.of(stream).encode(TypedRecord.of(CompiledRecords.batch(stream, other), 0));
            assertThat(payload.contentType()).isEqualTo("application/octet-stream");
            assertThat(payload.schema()).isEmpty();
            assertThat(payload.bytes()).isEqualTo(other);
        }
    }

    @Test
    void shouldWrapWhatIsNoStruct() throws Exception {
        var stream = new StreamDescriptor(
                        "count-1", "set", "map", Delivery.BEST_EFFORT, List.of(), "", TestRecords.BTF, 1)
                .withFormat(StreamFormat.PROTOBUF);
        assertThat(read(stream, new byte[] {42, 0, 0, 0, 0, 0, 0, 0})).isEqualTo("value: 42");
        assertThat(ProtobufFormat.schema(stream).text()).contains("message count_1 {\n  uint64 value = 1;\n}");
    }

    @Test
    void shouldKeepNumbersAndTellSchemasApart() {
        var before = types("first", "second");
        var after = types("first", "second", "third");
        assertThat(before.text()).contains("  uint32 second = 2;");
        assertThat(after.text()).contains("  uint32 second = 2;\n  uint32 third = 3;");
        assertThat(before.uri(before.message(1)))
                .isNotEqualTo(after.uri(after.message(1)))
                .matches("urn:vertebra:proto:vertebra\\.set\\.event:[0-9a-f]{16}")
                .isEqualTo(types("first", "second").uri(before.message(1)));
    }

    private static ProtobufSchema types(String... members) {
        var int32 = new BtfType.Int("__u32", 4, 32, 0, false, false, false);
        var fields = Arrays.stream(members)
                .map(name -> new BtfType.Member(name, 2, 0, 0))
                .toList();
        var btf = new Btf(List.<BtfType>of(new BtfType.Void(), new BtfType.Struct("event", 4, true, fields), int32));
        return ProtobufSchema.of("set", "events", btf, List.of(1));
    }

    @Test
    void shouldGiveEveryNameOnce() throws Exception {
        var two = new BtfType.Enumerator("event", 1);
        var types = Stream.<BtfType>of(
                        new BtfType.Void(),
                        new BtfType.Struct(
                                "event",
                                12,
                                false,
                                List.of(
                                        new BtfType.Member("a_b", 2, 0, 0),
                                        new BtfType.Member("aB", 3, 32, 0),
                                        new BtfType.Member("inner", 4, 64, 0))),
                        new BtfType.Enum("state", 4, false, List.of(two, new BtfType.Enumerator("same", 1))),
                        new BtfType.Struct("state", 4, false, List.of(new BtfType.Member("event", 5, 0, 0))),
                        new BtfType.Struct("", 4, true, List.of(new BtfType.Member("x", 5, 0, 0))),
                        new BtfType.Int("int", 4, 32, 0, true, false, false))
                .toList();
        var schema = ProtobufSchema.of("set", "events", new Btf(types), List.of(1));
        assertThat(schema.text()).isEqualTo("""
            syntax = "proto3";

            package vertebra.set;

            message state_2 {
              sint32 event = 1;
            }

            message event_2_inner {
              sint32 x = 1;
            }

            message event_2 {
              state a_b = 1 [json_name = "a_b"];
              state_2 aB = 2;
              event_2_inner inner = 3;
            }

            enum state {
              option allow_alias = true;
              STATE_UNSPECIFIED = 0;
              event = 1;
              same = 1;
            }
            """);
        assertThat(reader(schema.descriptorSet(), "event_2").getFields()).hasSize(3);
    }
}
