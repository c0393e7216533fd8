package io.vertebra.vm.helper;

import static io.vertebra.vm.helper.HelperPrototype.Argument.READABLE_OR_NULL;
import static io.vertebra.vm.helper.HelperPrototype.Argument.SCALAR;
import static io.vertebra.vm.helper.HelperPrototype.Argument.SIZE_OR_ZERO;
import static io.vertebra.vm.helper.HelperPrototype.Result;
import static io.vertebra.vm.helper.StandardHelpers.helper;

import io.vertebra.vm.map.Errno;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** The Internet checksum (RFC 1071): helper 28. Stateless. */
final class Checksum {

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final long WORD = 0xffff_ffffL;

    private Checksum() {}

    static Helper difference() {
        return helper(
                28,
                "csum_diff",
                Result.SCALAR,
                Checksum::difference,
                READABLE_OR_NULL,
                SIZE_OR_ZERO,
                READABLE_OR_NULL,
                SIZE_OR_ZERO,
                SCALAR);
    }

    /** The seed plus {@code to} minus {@code from}, in one's complement, folded to 16 bits as Linux does since 6.13. */
    private static long difference(HelperContext run, long from, long fromSize, long to, long toSize, long seed) {
        if (((fromSize | toSize) & 3) != 0) {
            return Errno.EINVAL;
        }
        long start = seed & WORD;
        if (fromSize == 0) {
            return fold(sum(run, to, toSize, start));
        }
        return toSize == 0
                ? fold(~sum(run, from, fromSize, ~start & WORD) & WORD)
                : fold(add(sum(run, to, toSize, start), ~sum(run, from, fromSize, 0) & WORD));
    }

    private static long sum(HelperContext run, long address, long size, long seed) {
        if (size == 0) {
            return seed;
        }
        MemorySegment memory = run.segment(address, size, false);
        long offset = run.offset(address);
        long sum = seed;
        for (long i = 0; i < size; i += Integer.BYTES) {
            sum = add(sum, Integer.toUnsignedLong(memory.get(INT, offset + i)));
        }
        return sum;
    }

    /** One's complement: the carry comes back at the other end. */
    private static long add(long a, long b) {
        long sum = a + b;
        return (sum & WORD) + (sum >>> Integer.SIZE);
    }

    private static long fold(long sum) {
        long once = (sum & 0xffff) + (sum >>> Short.SIZE);
        return (once & 0xffff) + (once >>> Short.SIZE);
    }
}
