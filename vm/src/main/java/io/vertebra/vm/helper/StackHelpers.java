package io.vertebra.vm.helper;

import static io.vertebra.vm.helper.HelperPrototype.Argument.CONTEXT;
import static io.vertebra.vm.helper.HelperPrototype.Argument.MAP;
import static io.vertebra.vm.helper.HelperPrototype.Argument.SCALAR;
import static io.vertebra.vm.helper.HelperPrototype.Argument.SIZE_OR_ZERO;
import static io.vertebra.vm.helper.HelperPrototype.Argument.WRITABLE;
import static io.vertebra.vm.helper.HelperPrototype.Result;
import static io.vertebra.vm.helper.StandardHelpers.helper;

import io.vertebra.vm.map.BpfStackTrace;
import io.vertebra.vm.map.Errno;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;

/** Helpers 27 and 67: the Java stack of the thread that fired. Only a run on that thread can tell it. Stateless. */
final class StackHelpers {

    private static final long DEEPEST = 127; // as in Linux
    private static final long SKIP = 0xff;
    private static final long USER_STACK = 1 << 8;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private StackHelpers() {}

    static List<Helper> all() {
        return List.of(
                helper(27, "get_stackid", Result.SCALAR, StackHelpers::stackId, CONTEXT, MAP, SCALAR),
                helper(67, "get_stack", Result.SCALAR, StackHelpers::stack, CONTEXT, WRITABLE, SIZE_OR_ZERO, SCALAR));
    }

    /** The number of the stack in a map, whose frames are {@link StackFrames} numbers. */
    private static long stackId(HelperContext run, long context, long mapAddress, long flags, long d, long e) {
        if (!(run.map(mapAddress) instanceof BpfStackTrace stacks)) {
            return Errno.EINVAL;
        }
        if (!run.hook().inline()) {
            return Errno.EOPNOTSUPP;
        }
        return stacks.put(StackFrames.here(0, DEEPEST + (flags & SKIP)), flags);
    }

    /** Stores a {@link StackFrames} number of 8 bytes for each frame, the innermost first; gives the bytes stored. */
    private static long stack(HelperContext run, long context, long to, long size, long flags, long e) {
        if (size == 0) {
            return (flags & ~(SKIP | USER_STACK)) == 0 ? 0 : Errno.EINVAL;
        }
        var memory = run.segment(to, size, true);
        long offset = run.offset(to);
        Zeros.fill(memory, offset, size); // all of it counts as initialised from here on
        if ((flags & ~(SKIP | USER_STACK)) != 0 || size % Long.BYTES != 0) {
            return Errno.EINVAL;
        }
        if (!run.hook().inline()) {
            return Errno.EOPNOTSUPP;
        }
        long[] frames = StackFrames.here((int) (flags & SKIP), size / Long.BYTES);
        for (int i = 0; i < frames.length; i++) {
            memory.set(LONG, offset + (long) i * Long.BYTES, frames[i]);
        }
        return (long) frames.length * Long.BYTES;
    }
}
