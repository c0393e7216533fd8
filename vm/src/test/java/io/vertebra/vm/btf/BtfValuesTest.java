package io.vertebra.vm.btf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertebra.vm.btf.BtfType.Member;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BtfValuesTest {

    private static final BtfType.Int U8 = new BtfType.Int("unsigned char", 1, 8, 0, false, false, false);
    private static final BtfType.Int CHAR = new BtfType.Int("char", 1, 8, 0, true, false, false);
    private static final BtfType.Int S32 = new BtfType.Int("int", 4, 32, 0, true, false, false);
    private static final BtfType.Int U64 = new BtfType.Int("u64", 8, 64, 0, false, false, false);
    private static final BtfType.Int U128 = new BtfType.Int("u128", 16, 128, 0, false, false, false);
    private static final BtfType.Int BOOL = new BtfType.Int("bool", 1, 8, 0, false, false, true);

    /** The type under test has id 1. */
    private static Object read(String hex, BtfType... types) {
        return BtfValues.read(table(types), 1, memory(hex), 0);
    }

    private static Btf table(BtfType... types) {
        var all = new java.util.ArrayList<BtfType>(List.of(new BtfType.Void()));
        all.addAll(List.of(types));
        return new Btf(all);
    }

    private static MemorySegment memory(String hex) {
        return MemorySegment.ofArray(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    @Test
    void shouldReadIntegers() {
        assertThat(read("ff", U8)).isEqualTo(255L);
        assertThat(read("fe ff ff ff", S32)).isEqualTo(-2L);
        assertThat(read("ff ff ff ff ff ff ff 7f", U64)).isEqualTo(Long.MAX_VALUE);
        assertThat(read("00 00 00 00 00 00 00 80", U64)).isEqualTo(BigInteger.ONE.shiftLeft(63));
        assertThat(read("01 00 00 00 00 00 00 00 02 00 00 00 00 00 00 00", U128))
                .isEqualTo(BigInteger.ONE.shiftLeft(65).add(BigInteger.ONE));
        assertThat(read("08 00 00 00 00 00 00 00", new BtfType.Pointer(0))).isEqualTo("0x8");
    }

    @Test
    void shouldReadBoolsEnumsAndFloats() {
        assertThat(read("01", BOOL)).isEqualTo(true);
        assertThat(read("00", BOOL)).isEqualTo(false);
        var color = new BtfType.Enum(
                "color", 4, true, List.of(new BtfType.Enumerator("RED", -1), new BtfType.Enumerator("BLUE", 2)));
        assertThat(read("ff ff ff ff", color)).isEqualTo("RED");
        assertThat(read("02 00 00 00", color)).isEqualTo("BLUE");
        assertThat(read("03 00 00 00", color)).isEqualTo(3L);
        assertThat(read("00 00 00 00 00 00 e0 3f", new BtfType.Float("double", 8)))
                .isEqualTo(0.5);
        assertThat(read("00 00 c0 3f", new BtfType.Float("float", 4))).isEqualTo(1.5f);
    }

    @Test
    void shouldReadArraysAndText() {
        assertThat(read("01 02 03", new BtfType.Array(2, 2, 3), U8)).isEqualTo(List.of(1L, 2L, 3L));
        assertThat(read("61 c3 a9 00 62", new BtfType.Array(2, 2, 5), CHAR)).isEqualTo("a\u00e9");
        assertThat(read("61 62", new BtfType.Array(2, 2, 2), CHAR)).isEqualTo("ab");
        assertThat(read("", new BtfType.Array(2, 2, 1_000_000_000), new BtfType.Struct("empty", 0, false, List.of())))
                .isEqualTo(List.of());
    }

    @Test
    void shouldReadStructsInOrder() {
        var struct = new BtfType.Struct(
                "outer",
                8,
                false,
                List.of(new Member("b", 2, 0, 0), new Member("", 3, 32, 0), new Member("a", 4, 8, 0)));
        var union = new BtfType.Struct("", 4, true, List.of(new Member("whole", 5, 0, 0), new Member("low", 2, 0, 0)));
        assertThat(read("01 02 00 00 04 03 00 00", struct, U8, union, BOOL, S32))
                .isEqualTo(Map.of("b", 1L, "whole", 772L, "low", 4L, "a", true))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.map(String.class, Object.class))
                .containsExactly(
                        Map.entry("b", 1L), Map.entry("whole", 772L), Map.entry("low", 4L), Map.entry("a", true));
    }

    @Test
    void shouldWriteMembersOfAnonymousStructs() {
        var outer =
                new BtfType.Struct("outer", 8, false, List.of(new Member("first", 2, 0, 0), new Member("", 3, 32, 0)));
        var inner = new BtfType.Struct("", 4, false, List.of(new Member("low", 2, 0, 4), new Member("high", 2, 4, 28)));
        var btf = table(outer, S32, inner);
        var memory = MemorySegment.ofArray(new byte[8]);
        var value = Map.of("first", 1L, "low", -3L, "high", 5L);
        BtfValues.write(btf, 1, memory, 0, "v", value);
        assertThat(BtfValues.read(btf, 1, memory, 0)).isEqualTo(value);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BtfValues.write(btf, 1, memory, 0, "v", Map.of("middle", 1L)))
                .withMessage("variable `v.middle`: value 1: struct `outer` has the members [first, low, high]");
    }

    @Test
    void shouldReadBitFieldsOfBothStyles() {
        var modern = new BtfType.Struct(
                "m",
                8,
                false,
                List.of(new Member("low", 2, 0, 3), new Member("signed", 2, 3, 5), new Member("wide", 3, 8, 40)));
        assertThat(read("f5 01 00 00 00 80 ff ff", modern, S32, U64))
                .isEqualTo(Map.of("low", -3L, "signed", -2L, "wide", 0x8000000001L));
        var three = new BtfType.Int("", 4, 3, 0, false, false, false);
        var old = new BtfType.Struct("o", 4, false, List.of(new Member("a", 2, 0, 0), new Member("b", 2, 29, 0)));
        assertThat(read("05 00 00 c0", old, three)).isEqualTo(Map.of("a", 5L, "b", 6L));
    }

    @Test
    void shouldRejectWhatHasNoValue() {
        assertThatIllegalArgumentException().isThrownBy(() -> read("00", new BtfType.Forward("f", false)));
        assertThatThrownBy(() -> read("00", S32)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void shouldReadBackWhatItWrote() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            int bits = 1 + random.nextInt(64);
            int at = random.nextInt(64);
            boolean signed = random.nextBoolean();
            var number = new BtfType.Int("n", 8, 64, 0, signed, false, false);
            var struct = new BtfType.Struct("s", 16, false, List.of(new Member("f", 2, at, bits)));
            var btf = table(struct, number);
            long raw = random.nextLong() >>> (64 - bits);
            Object value =
                    signed ? (Object) (raw << (64 - bits) >> (64 - bits)) : new BigInteger(Long.toUnsignedString(raw));
            var memory = MemorySegment.ofArray(new byte[16]);
            var filler = (byte) (random.nextBoolean() ? 0xff : 0);
            memory.fill(filler);
            BtfValues.write(btf, 1, memory, 0, "s", Map.of("f", value));
            assertThat(((Map<?, ?>) BtfValues.read(btf, 1, memory, 0)).get("f").toString())
                    .as("seed %d, run %d: %d bits at %d", seed, i, bits, at)
                    .isEqualTo(value.toString());
            assertThat(memory.get(ValueLayout.JAVA_BYTE, 15) & 0x80).isEqualTo(filler & 0x80);
        }
    }
}
