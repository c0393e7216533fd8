package io.vertebra.vm.helper;

import static io.vertebra.vm.helper.HelperPrototype.Argument.SIZE_OR_ZERO;
import static io.vertebra.vm.helper.HelperPrototype.Argument.SOURCE;
import static io.vertebra.vm.helper.HelperPrototype.Argument.WRITABLE;
import static io.vertebra.vm.helper.HelperPrototype.Result;
import static io.vertebra.vm.helper.StandardHelpers.helper;

import io.vertebra.vm.map.Errno;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * The probe_read family: 4, 45, 112-115. There is no memory but the codelet's own, so that user and kernel forms are the
 * same, and a source that the verifier did not prove readable faults. Stateless.
 */
final class MemoryHelpers {

    private MemoryHelpers() {}

    static List<Helper> all() {
        return List.of(
                read(4, "probe_read"),
                readString(45, "probe_read_str"),
                read(112, "probe_read_user"),
                read(113, "probe_read_kernel"),
                readString(114, "probe_read_user_str"),
                readString(115, "probe_read_kernel_str"));
    }

    /** {@code (dst, size, src)}: the source is as long as the destination. */
    private static Helper read(int id, String name) {
        return helper(id, name, Result.SCALAR, MemoryHelpers::copy, WRITABLE, SIZE_OR_ZERO, SOURCE);
    }

    private static Helper readString(int id, String name) {
        return helper(id, name, Result.SCALAR, MemoryHelpers::copyString, WRITABLE, SIZE_OR_ZERO, SOURCE);
    }

    private static long copy(HelperContext run, long to, long size, long from, long d, long e) {
        if (size == 0) {
            return 0;
        }
        var source = run.segment(from, size, false);
        long sourceOffset = run.offset(from);
        var target = run.segment(to, size, true);
        MemorySegment.copy(source, sourceOffset, target, run.offset(to), size);
        return 0;
    }

    /** Copies up to the NUL, cut to the size less one, and zeros behind it; gives the bytes copied and a NUL. */
    private static long copyString(HelperContext run, long to, long size, long from, long d, long e) {
        if (size <= 0) {
            return size == 0 ? 0 : Errno.EINVAL;
        }
        var target = run.segment(to, size, true);
        long targetOffset = run.offset(to);
        for (long i = 0; i < size - 1; i++) {
            byte value = run.segment(from + i, 1, false).get(ValueLayout.JAVA_BYTE, run.offset(from + i));
            target.set(ValueLayout.JAVA_BYTE, targetOffset + i, value);
            if (value == 0) {
                // All of it counts as initialised from here on.
                Zeros.fill(target, targetOffset + i, size - i);
                return i + 1;
            }
        }
        target.set(ValueLayout.JAVA_BYTE, targetOffset + size - 1, (byte) 0);
        return size;
    }
}
