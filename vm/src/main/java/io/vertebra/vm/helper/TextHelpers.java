package io.vertebra.vm.helper;

import static io.vertebra.vm.helper.HelperPrototype.Argument.CONST_STRING;
import static io.vertebra.vm.helper.HelperPrototype.Argument.READABLE;
import static io.vertebra.vm.helper.HelperPrototype.Argument.READABLE_OR_NULL;
import static io.vertebra.vm.helper.HelperPrototype.Argument.SCALAR;
import static io.vertebra.vm.helper.HelperPrototype.Argument.SIZE;
import static io.vertebra.vm.helper.HelperPrototype.Argument.SIZE_OR_ZERO;
import static io.vertebra.vm.helper.HelperPrototype.Argument.WRITABLE;
import static io.vertebra.vm.helper.HelperPrototype.Argument.WRITABLE_LONG;
import static io.vertebra.vm.helper.HelperPrototype.Result;
import static io.vertebra.vm.helper.StandardHelpers.helper;

import io.vertebra.vm.map.Errno;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Helpers on text: 6, 105, 106, 165, 177, 182. Stateless. */
final class TextHelpers {

    /** The most arguments that {@code snprintf} and {@code trace_vprintk} take, {@code MAX_BPRINTF_VARARGS}. */
    private static final int MOST_ARGUMENTS = 12;

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final MemorySegment NOTHING = MemorySegment.ofArray(new byte[0]);

    private TextHelpers() {}

    static List<Helper> all(TraceSink sink) {
        return List.of(
                // As in Linux, r3 to r5 are not declared: a format may use any of them, as a number or as a string.
                helper(
                        6,
                        "trace_printk",
                        Result.SCALAR,
                        (run, format, size, a, b, c) -> trace(sink, run, format, size, a, b, c),
                        READABLE,
                        SIZE),
                helper(
                        105,
                        "strtol",
                        Result.SCALAR,
                        (run, text, size, flags, to, _) -> parse(run, text, size, flags, to, true),
                        READABLE,
                        SIZE,
                        SCALAR,
                        WRITABLE_LONG),
                helper(
                        106,
                        "strtoul",
                        Result.SCALAR,
                        (run, text, size, flags, to, _) -> parse(run, text, size, flags, to, false),
                        READABLE,
                        SIZE,
                        SCALAR,
                        WRITABLE_LONG),
                helper(
                        165,
                        "snprintf",
                        Result.SCALAR,
                        TextHelpers::print,
                        WRITABLE,
                        SIZE_OR_ZERO,
                        CONST_STRING,
                        READABLE_OR_NULL,
                        SIZE_OR_ZERO),
                helper(
                        177,
                        "trace_vprintk",
                        Result.SCALAR,
                        (run, format, size, data, length, _) -> traceMany(sink, run, format, size, data, length),
                        READABLE,
                        SIZE,
                        READABLE_OR_NULL,
                        SIZE_OR_ZERO),
                helper(182, "strncmp", Result.SCALAR, TextHelpers::compare, READABLE, SIZE, CONST_STRING));
    }

    private static long trace(TraceSink sink, HelperContext run, long format, long size, long... arguments) {
        return put(sink, run, Printf.format(run, sized(run, format, size), arguments));
    }

    /** As helper 6, for a format that nobody has verified; it may be on the stack. */
    static long traceUnverified(TraceSink sink, HelperContext run, long format, long size, long... arguments) {
        return put(sink, run, Printf.formatUnverified(run, sized(run, format, size), arguments));
    }

    private static long put(TraceSink sink, HelperContext run, byte[] text) {
        if (text == null) {
            return Errno.EINVAL;
        }
        int end = text.length > 0 && text[text.length - 1] == '\n' ? text.length - 1 : text.length;
        sink.line(run, new String(text, 0, end, StandardCharsets.UTF_8));
        return text.length;
    }

    private static long traceMany(TraceSink sink, HelperContext run, long format, long size, long data, long length) {
        return validArguments(length) ? trace(sink, run, format, size, arguments(run, data, length)) : Errno.EINVAL;
    }

    /** Writes as much as fits, and zeros behind it; gives the size that the whole text needs, a NUL included. */
    private static long print(HelperContext run, long to, long size, long format, long data, long length) {
        byte[] text = validArguments(length)
                ? Printf.format(run, Printf.string(run, format, Long.MAX_VALUE), arguments(run, data, length))
                : null;
        if (size != 0) {
            // All of it counts as initialised from here on, whatever becomes of the text.
            int copied = text == null ? 0 : (int) Math.min(text.length, size - 1);
            var target = run.memory(to, size, true).fill((byte) 0);
            MemorySegment.copy(text == null ? NOTHING : MemorySegment.ofArray(text), 0, target, 0, copied);
        }
        return text == null ? Errno.EINVAL : text.length + 1L;
    }

    private static boolean validArguments(long length) {
        return length >= 0 && length % 8 == 0 && length <= MOST_ARGUMENTS * 8L;
    }

    private static long[] arguments(HelperContext run, long data, long length) {
        var arguments = new long[(int) (length / 8)];
        if (length > 0) {
            var memory = run.segment(data, length, false);
            for (int i = 0; i < arguments.length; i++) {
                arguments[i] = memory.get(LONG, run.offset(data) + i * 8L);
            }
        }
        return arguments;
    }

    /** The bytes of a sized string, to its first NUL. */
    private static byte[] sized(HelperContext run, long address, long size) {
        run.segment(address, size, false);
        return Printf.string(run, address, size);
    }

    /** As C's {@code strncmp} over at most {@code size} bytes. */
    private static long compare(HelperContext run, long text, long size, long other, long d, long e) {
        for (long i = 0; i < size; i++) {
            int left = Printf.byteAt(run, text + i);
            int right = Printf.byteAt(run, other + i);
            if (left != right || left == 0) {
                return (long) left - right;
            }
        }
        return 0;
    }

    /**
     * Parses a number of base 8, 10, 16 or, with flags 0, of the base that its prefix tells; gives the characters used.
     * White space may precede; what follows the digits is not looked at.
     */
    private static long parse(HelperContext run, long text, long size, long flags, long to, boolean signed) {
        String characters = new String(sized(run, text, size), StandardCharsets.ISO_8859_1);
        // It counts as initialised from here on, also when there is no number.
        run.segment(to, Long.BYTES, true).set(LONG, run.offset(to), 0);
        if (flags != 0 && flags != 8 && flags != 10 && flags != 16) {
            return Errno.EINVAL;
        }
        int at = 0;
        while (at < characters.length() && " \t\n\u000b\f\r".indexOf(characters.charAt(at)) >= 0) {
            at++;
        }
        boolean negative = signed && at < characters.length() && characters.charAt(at) == '-';
        at += negative ? 1 : 0;
        int base = (int) flags;
        boolean hex = characters.regionMatches(true, at, "0x", 0, 2) && digits(characters, at + 2, 16) > at + 2;
        if (base == 0) {
            base = hex ? 16 : characters.startsWith("0", at) ? 8 : 10;
        }
        at += base == 16 && hex ? 2 : 0;
        int end = digits(characters, at, base);
        if (end == at) {
            return Errno.EINVAL;
        }
        try {
            String digits = characters.substring(at, end);
            long value = signed
                    ? Long.parseLong(negative ? "-" + digits : digits, base)
                    : Long.parseUnsignedLong(digits, base);
            run.segment(to, Long.BYTES, true).set(LONG, run.offset(to), value);
            return end;
        } catch (NumberFormatException _) {
            return Errno.ERANGE;
        }
    }

    private static int digits(String characters, int from, int base) {
        int at = from;
        while (at < characters.length()
                && characters.charAt(at) < 128
                && Character.digit(characters.charAt(at), base) >= 0) {
            at++;
        }
        return at;
    }
}
