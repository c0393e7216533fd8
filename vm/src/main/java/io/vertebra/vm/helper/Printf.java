package io.vertebra.vm.helper;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/**
 * The formats of {@code bpf_printk} and {@code bpf_snprintf}: {@code %d %i %u %x %X %o %c %s %p %px %pK %pI4 %%} with
 * the flags {@code - 0 +}, a width, a precision for strings, and the lengths {@code hh h l ll z}. Stateless.
 */
final class Printf {

    private static final int LONGEST_STRING = 512;
    private static final int WIDEST = 1024;

    private final HelperContext run;
    private final byte[] format;
    private final long[] arguments;
    private final boolean cautious;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private int at;
    private int used;

    private Printf(HelperContext run, byte[] format, long[] arguments, boolean cautious) {
        this.run = run;
        this.format = format;
        this.arguments = arguments;
        this.cautious = cautious;
    }

    /** The text, or null when the format is malformed or asks for more arguments than there are. */
    static byte[] format(HelperContext run, byte[] format, long[] arguments) {
        return new Printf(run, format, arguments, false).format();
    }

    /**
     * As {@link #format(HelperContext, byte[], long[])}, for formats and arguments that nobody has verified: also null
     * when an argument is followed that does not lead into memory with content.
     */
    static byte[] formatUnverified(HelperContext run, byte[] format, long[] arguments) {
        return new Printf(run, format, arguments, true).format();
    }

    /** The bytes before the NUL, at most {@code limit}. */
    static byte[] string(HelperContext run, long address, long limit) {
        var bytes = new ByteArrayOutputStream();
        for (long i = 0; i < limit; i++) {
            int value = byteAt(run, address + i);
            if (value == 0) {
                break;
            }
            bytes.write(value);
        }
        return bytes.toByteArray();
    }

    /** The unsigned byte at an address. */
    static int byteAt(HelperContext run, long address) {
        return run.segment(address, 1, false).get(ValueLayout.JAVA_BYTE, run.offset(address)) & 0xff;
    }

    private byte[] format() {
        while (at < format.length) {
            byte next = format[at++];
            if (next != '%') {
                out.write(next);
            } else if (!conversion()) {
                return null;
            }
        }
        return out.toByteArray();
    }

    private boolean conversion() {
        boolean left = false;
        boolean zeros = false;
        boolean plus = false;
        while (peek() == '-' || peek() == '0' || peek() == '+') {
            left |= peek() == '-';
            zeros |= peek() == '0';
            plus |= peek() == '+';
            at++;
        }
        int width = number(0);
        int precision = LONGEST_STRING;
        if (peek() == '.') {
            at++;
            precision = number(0);
        }
        int bytes = length();
        int kind = peek();
        at++;
        if (kind == '%') {
            out.write('%');
            return true;
        }
        if (width > WIDEST || used == arguments.length || kind < 0) {
            return false;
        }
        byte[] text = text(kind, arguments[used++], bytes, precision, plus);
        if (text == null) {
            return false;
        }
        pad(text, width, left, zeros && !left && kind != 's' && kind != 'c');
        return true;
    }

    private byte[] text(int kind, long argument, int bytes, int precision, boolean plus) {
        int unused = 64 - bytes * 8;
        long signed = argument << unused >> unused;
        long unsigned = argument << unused >>> unused;
        return switch (kind) {
            case 'd', 'i' -> ascii((plus && signed >= 0 ? "+" : "") + signed);
            case 'u' -> ascii(Long.toUnsignedString(unsigned));
            case 'x' -> ascii(Long.toHexString(unsigned));
            case 'X' -> ascii(Long.toHexString(unsigned).toUpperCase(java.util.Locale.ROOT));
            case 'o' -> ascii(Long.toOctalString(unsigned));
            case 'c' -> new byte[] {(byte) argument};
            case 's' -> text(argument, Math.min(precision, LONGEST_STRING));
            case 'p' -> pointer(argument);
            default -> null;
        };
    }

    private byte[] text(long address, int limit) {
        for (int i = 0; cautious && i < limit; i++) {
            if (!run.hasContent(address + i, 1)) {
                return null;
            }
            if (byteAt(run, address + i) == 0) {
                break;
            }
        }
        return string(run, address, limit);
    }

    private byte[] pointer(long argument) {
        if (peek() == 'I' || peek() == 'i') {
            at++;
            if (peek() != '4') {
                return null;
            }
            at++;
            if (cautious && !run.hasContent(argument, Integer.BYTES)) {
                return null;
            }
            return ascii(byteAt(run, argument) + "." + byteAt(run, argument + 1) + "." + byteAt(run, argument + 2) + "."
                    + byteAt(run, argument + 3));
        }
        if (peek() == 'x' || peek() == 'K') {
            at++;
        }
        return ascii(java.util.HexFormat.of().toHexDigits(argument));
    }

    private void pad(byte[] text, int width, boolean left, boolean zeros) {
        int missing = Math.max(0, width - text.length);
        int sign = zeros && text.length > 0 && (text[0] == '-' || text[0] == '+') ? 1 : 0;
        out.write(text, 0, sign);
        for (int i = 0; i < missing && !left; i++) {
            out.write(zeros ? '0' : ' ');
        }
        out.write(text, sign, text.length - sign);
        for (int i = 0; i < missing && left; i++) {
            out.write(' ');
        }
    }

    /** The bytes of an integer argument. */
    private int length() {
        int bytes = 4;
        while (true) {
            switch (peek()) {
                case 'h' -> bytes /= 2;
                case 'l', 'z' -> bytes = 8;
                default -> {
                    return Math.max(1, bytes);
                }
            }
            at++;
        }
    }

    private int number(int from) {
        int value = from;
        while (peek() >= '0' && peek() <= '9') {
            value = Math.min(WIDEST + 1, value * 10 + (peek() - '0'));
            at++;
        }
        return value;
    }

    private int peek() {
        return at < format.length ? format[at] : -1;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
