package io.vertebra.vm.btf;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.vm.object.ObjectFile;
import io.vertebra.vm.object.TestObjects;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What clang laid out: the expected values are those that {@code records.bpf.c} initialises its variables with. */
class CompiledRecordsTest {

    private static final ObjectFile OBJECT = TestObjects.read("records");

    /** Pairs in declaration order. */
    private static Map<String, Object> struct(Object... pairs) {
        var struct = new LinkedHashMap<String, Object>();
        for (int i = 0; i < pairs.length; i += 2) {
            struct.put((String) pairs[i], pairs[i + 1]);
        }
        return struct;
    }

    private static Map<String, Object> point(long x, long y) {
        return struct("x", x, "y", y);
    }

    /** {@code toString} has the order of the members and the elements too, at every depth. */
    private static void assertStruct(Object actual, Map<String, Object> expected) {
        assertThat(actual).isEqualTo(expected).hasToString(expected.toString());
    }

    private static Optional<Object> record(String struct, String hex) {
        int type = OBJECT.btf().find(BtfType.Struct.class, struct).orElseThrow();
        return BtfValues.record(
                OBJECT.btf(), type, MemorySegment.ofArray(HexFormat.of().parseHex(hex.replace(" ", ""))));
    }

    @Test
    void shouldReadNumbersOfEverySize() {
        var all = BigInteger.ONE.shiftLeft(128).subtract(BigInteger.ONE);
        assertStruct(
                OBJECT.variable("numbers"),
                struct(
                        "u8",
                        255L,
                        "s8",
                        -128L,
                        "u16",
                        65_535L,
                        "s16",
                        -32_768L,
                        "u32",
                        4_294_967_295L,
                        "s32",
                        -2_147_483_648L,
                        "u64",
                        new BigInteger("18446744073709551615"),
                        "s64",
                        Long.MIN_VALUE,
                        "u128",
                        all,
                        "s128",
                        BigInteger.ONE.shiftLeft(100).negate(),
                        "yes",
                        true,
                        "no",
                        false,
                        "letter",
                        (long) 'v',
                        "tenth",
                        0.1f,
                        "third",
                        1.0 / 3,
                        "route",
                        7L,
                        "pointer",
                        "0xffff888000001234",
                        "function",
                        "0x0"));
    }

    @Test
    void shouldNameEnumsOfBothSizes() {
        assertStruct(
                OBJECT.variable("enums"),
                struct(
                        "busy",
                        "STATE_BUSY",
                        "lost",
                        "STATE_LOST",
                        "unnamed",
                        4L,
                        "large",
                        "WIDE_LARGE",
                        "other",
                        0x9999999999L,
                        "color",
                        "COLOR_BLUE",
                        "colors",
                        List.of("COLOR_RED", 3L, "COLOR_BLUE")));
    }

    @Test
    void shouldReadBitFieldsOfEveryType() {
        assertStruct(
                OBJECT.variable("bits"),
                struct(
                        "low",
                        5L,
                        "negative",
                        -3L,
                        "set",
                        true,
                        "clear",
                        false,
                        "state",
                        "STATE_LOST",
                        "color",
                        "COLOR_BLUE",
                        "wide",
                        0xabcdef0123L,
                        "minus",
                        -2L,
                        "after",
                        9L));
    }

    @Test
    void shouldReadCharArraysAsText() {
        assertStruct(
                OBJECT.variable("texts"),
                struct(
                        "plain",
                        "plain",
                        "full",
                        "full",
                        "inside",
                        "in",
                        "invalid",
                        "a\ufffd\ufffd(",
                        "utf8",
                        "h\u00e9",
                        "bytes",
                        List.of(1L, 2L, 0L, 255L),
                        "small",
                        List.of(-1L, 1L),
                        "names",
                        List.of("ab", "cd")));
    }

    @Test
    void shouldReadWhatIsInsideEachOther() {
        assertStruct(
                OBJECT.variable("nested"),
                struct(
                        "at",
                        point(1, -2),
                        "inner",
                        struct("left", 3L, "deep", point(4, 5)),
                        "hoisted",
                        6L,
                        "whole",
                        0x00080007L,
                        "low",
                        7L,
                        "high",
                        8L,
                        "ip",
                        struct("address", 0x0100007fL, "octets", List.of(127L, 0L, 0L, 1L)),
                        "path",
                        List.of(point(9, 10), point(11, 12)),
                        "grid",
                        List.of(List.of(1L, -2L, 3L), List.of(4L, 5L, -6L)),
                        "squares",
                        List.of(List.of(point(1, 2)), List.of(point(3, 4))),
                        "empty",
                        struct(),
                        "last",
                        13L));
    }

    @Test
    void shouldReadFlexibleArraysToTheEndOfTheRecord() {
        var text = HexFormat.of().formatHex("a longer text".getBytes(StandardCharsets.UTF_8));
        assertThat(record("variable", "02000000 07" + text))
                .contains(struct("count", 2L, "kind", 7L, "text", "a longer text"));
        assertThat(record("variable", "02000000 07")).contains(struct("count", 2L, "kind", 7L, "text", ""));
        assertThat(record("variable", "02000000")).isEmpty();
        assertThat(record("points", "0200 0000 01000000 02000000 03000000 ffffffff 0909"))
                .contains(struct("count", 2L, "points", List.of(point(1, 2), point(3, -1))));
        assertThat(record("legacy", "02000000 0100 0200")).contains(struct("count", 2L, "values", List.of(1L, 2L)));
    }

    @Test
    void shouldReadAnArrayAtTheEndAsFarAsTheRecordGoes() {
        assertThat(record("path", "01000000 2f746d70")).contains(struct("pid", 1L, "path", "/tmp"));
        assertThat(record("path", "01000000")).contains(struct("pid", 1L, "path", ""));
        assertThat(record("path", "010000")).isEmpty();
        assertThat(record("path", "01000000" + "2f".repeat(16) + "616161"))
                .contains(struct("pid", 1L, "path", "/".repeat(16)));
    }

    @Test
    void shouldLeaveShortRecordsAndIgnoreWhatIsBehindLongOnes() {
        assertThat(record("point", "01000000 0200")).isEmpty();
        assertThat(record("point", "01000000 02000000 ffff")).contains(point(1, 2));
    }
}
