package io.vertebra.cli.option;

import java.util.HexFormat;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Bytes as people type them: {@code 0a0b}, {@code 0a 0b} or {@code 0x0a0b}. */
public final class HexBytes {

    private static final int SHOWN = 40;

    private final byte[] bytes;

    private HexBytes(byte[] bytes) {
        this.bytes = bytes;
    }

    /** For options; picocli would take an array for a list of values. */
    public static final class Converter implements ITypeConverter<HexBytes> {
        @Override
        public HexBytes convert(String value) {
            try {
                return new HexBytes(parse(value));
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    /** The bytes, a copy. */
    public byte[] toArray() {
        return bytes.clone();
    }

    /**
     * Reads bytes.
     *
     * @throws IllegalArgumentException naming what is not a byte
     */
    public static byte[] parse(String text) {
        var digits = text.replaceAll("\\s", "").replaceFirst("^0[xX]", "");
        for (int i = 0; i < digits.length(); i++) {
            if (!HexFormat.isHexDigit(digits.charAt(i))) {
                throw new IllegalArgumentException(
                        "`%s` at digit %d of `%s` is not hex".formatted(digits.charAt(i), i + 1, shortened(digits)));
            }
        }
        if (digits.length() % 2 != 0) {
            throw new IllegalArgumentException(
                    "`%s` has %d digits, two are needed for each byte".formatted(shortened(digits), digits.length()));
        }
        return HexFormat.of().parseHex(digits);
    }

    private static String shortened(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
    }
}
