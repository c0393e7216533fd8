package io.vertebra.connectors.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertebra.config.Decoder;
import io.vertebra.config.MetricSpec.LabelSpec;
import io.vertebra.connectors.spi.ConnectorException;
import io.vertebra.vm.btf.Btf;
import io.vertebra.vm.btf.BtfType;
import io.vertebra.vm.btf.BtfType.Enumerator;
import io.vertebra.vm.btf.BtfType.Member;
import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Each decoder, on {@code struct { enum colour colour; __u8 ip4[4]; __u8 ip6[16]; __u16 code; char name[10]; }}. */
class KeyLabelsTest {

    private static final List<String> FIELDS = List.of("colour", "ip4", "ip6", "code", "name");
    private static final Decoder UINT = new Decoder.Uint();
    private static final Decoder HEX = new Decoder.Hex();
    private static final Decoder TEXT = new Decoder.Text();
    private static final Decoder IP = new Decoder.InetIp();
    private static final Decoder ENUM = new Decoder.EnumName();

    private static final Btf BTF = new Btf(List.of(
            new BtfType.Void(),
            new BtfType.Int("__u8", 1, 8, 0, false, false, false),
            new BtfType.Int("__u16", 2, 16, 0, false, false, false),
            new BtfType.Int("char", 1, 8, 0, true, false, false),
            new BtfType.Enum(
                    "colour", 4, false, List.of(new Enumerator("RED", 0), new Enumerator("BLUE", 0xffff_ffffL))),
            new BtfType.Array(1, 1, 4),
            new BtfType.Array(1, 1, 16),
            new BtfType.Array(3, 1, 10),
            new BtfType.Struct(
                    "key",
                    36,
                    false,
                    List.of(
                            new Member("colour", 4, 0, 0),
                            new Member("ip4", 5, 32, 0),
                            new Member("ip6", 6, 64, 0),
                            new Member("code", 2, 192, 0),
                            new Member("name", 7, 208, 0)))));

    private static final MapSpec MAP = new MapSpec("m", MapType.HASH, 36, 8, 8, 0, false, new byte[0], BTF, 8, 0);

    private static byte[] key(int colour, int code, String name) {
        return ByteBuffer.allocate(36)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(colour)
                .put(new byte[] {10, 0, (byte) 200, 1})
                .put(new byte[] {0x20, 1, 0x0d, (byte) 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1})
                .putShort((short) code)
                .put(name.getBytes(StandardCharsets.UTF_8))
                .array();
    }

    private static LabelSpec label(String name, Decoder... decoders) {
        return new LabelSpec(name, List.of(decoders), OptionalLong.empty());
    }

    private static KeyLabels labels(LabelSpec... replaced) {
        var all = Map.of(
                "colour", label("colour", ENUM),
                "ip4", label("ip4", IP),
                "ip6", label("ip6", IP),
                "code", label("code", UINT),
                "name", label("name", TEXT));
        return new KeyLabels(
                MAP,
                FIELDS.stream()
                        .map(field -> List.of(replaced).stream()
                                .filter(label -> label.name().equals(field))
                                .findFirst()
                                .orElse(all.get(field)))
                        .toList());
    }

    @Test
    void shouldDecodeEveryKindOfField() {
        assertThat(labels().of(key(0, 65_535, "one")))
                .contains(List.of("RED", "10.0.200.1", "2001:db8::1", "65535", "one"));
        assertThat(labels().of(key(-1, 0, "")).orElseThrow().getFirst()).isEqualTo("BLUE");
        assertThat(labels().of(key(7, 0, "")).orElseThrow().getFirst()).isEqualTo("unknown:7");
        assertThat(labels(label("code", new Decoder.Int()))
                        .of(key(0, 65_535, ""))
                        .orElseThrow()
                        .get(3))
                .isEqualTo("-1");
        assertThat(labels(label("code", HEX))
                        .of(key(0, 65_535, ""))
                        .orElseThrow()
                        .get(3))
                .isEqualTo("0xffff");
    }

    @Test
    void shouldChainDecoders() {
        var table = Map.of("1", "one", "2", "two");
        assertThat(code(1, UINT, new Decoder.StaticMap(table, false))).contains("one");
        assertThat(code(3, UINT, new Decoder.StaticMap(table, false))).contains("unknown:3");
        assertThat(code(3, UINT, new Decoder.StaticMap(table, true))).contains("3");
        assertThat(code(3, new Decoder.StaticMap(table, true))).contains("3");
        assertThat(code(0x1f, HEX, new Decoder.Regexp(List.of("^0x(.)(.)$")), new Decoder.StaticMap(table, false)))
                .contains("one");
    }

    private static Optional<String> code(int value, Decoder... decoders) {
        return labels(label("code", decoders)).of(key(0, value, "")).map(texts -> texts.get(3));
    }

    @Test
    void shouldLeaveOutWhatNoExpressionMatches() {
        var paths = labels(label("name", new Decoder.Regexp(List.of("^/(api)/", "^/static"))));
        assertThat(paths.of(key(0, 0, "/api/v1")).orElseThrow().get(4)).isEqualTo("api");
        assertThat(paths.of(key(0, 0, "/static/x")).orElseThrow().get(4)).isEqualTo("/static/x");
        assertThat(paths.of(key(0, 0, "/other"))).isEmpty();
    }

    @Test
    void shouldNameWhatDoesNotFit() {
        assertRefused("label `code`: enum needs a key field of an enum type of C", label("code", ENUM));
        assertRefused("label `code`: inet_ip needs a key field of 4 or 16 bytes, this one has 2", label("code", IP));
        assertRefused(
                "label `name`: its first decoder does not fit a key field that is text; use string",
                label("name", UINT));
        assertRefused(
                "label `code`: after the first decoder only static_map and regexp are possible",
                label("code", UINT, TEXT));
        assertRefused("label `name`: regexp `a(`: missing closing )", label("name", new Decoder.Regexp(List.of("a("))));
        assertRefused(
                "label `code`: its size is 4, the key's field has 2",
                new LabelSpec("code", List.of(UINT), OptionalLong.of(4)));
    }

    private static void assertRefused(String message, LabelSpec label) {
        assertThatThrownBy(() -> labels(label))
                .isInstanceOf(ConnectorException.class)
                .hasMessage(message);
    }
}
