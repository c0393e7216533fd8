package io.vertebra.vm.helper;

import static io.vertebra.vm.helper.HelperPrototype.Argument.SIZE;
import static io.vertebra.vm.helper.HelperPrototype.Argument.WRITABLE;
import static io.vertebra.vm.helper.HelperPrototype.Result.SCALAR;
import static io.vertebra.vm.helper.StandardHelpers.helper;

import io.vertebra.vm.map.Errno;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Helpers on time, thread and core: 5, 7, 8, 14, 15, 16, 42, 118, 125, 160, 208. Those that tell of the moment of firing
 * answer what was captured for the run. Stateless.
 */
final class MomentHelpers {

    private static final long PROCESS = ProcessHandle.current().pid();
    private static final long USER_AND_GROUP = userAndGroup();

    private MomentHelpers() {}

    static List<Helper> all() {
        return List.of(
                helper(5, "ktime_get_ns", SCALAR, KnownHelper.EVENT_NANOS.body()),
                helper(7, "get_prandom_u32", SCALAR, KnownHelper.RANDOM.body()),
                helper(8, "get_smp_processor_id", SCALAR, KnownHelper.CORE.body()),
                helper(
                        14,
                        "get_current_pid_tgid",
                        SCALAR,
                        (run, _, _, _, _, _) -> (PROCESS << 32) | (run.threadId() & 0xffff_ffffL)),
                helper(15, "get_current_uid_gid", SCALAR, (_, _, _, _, _, _) -> USER_AND_GROUP),
                helper(16, "get_current_comm", SCALAR, MomentHelpers::comm, WRITABLE, SIZE),
                // Java does not tell of nodes; Linux gives 0 too where there is one.
                helper(42, "get_numa_node_id", SCALAR, (_, _, _, _, _, _) -> 0),
                helper(
                        118,
                        "jiffies64",
                        SCALAR,
                        (_, _, _, _, _, _) -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime())),
                helper(125, "ktime_get_boot_ns", SCALAR, KnownHelper.EVENT_NANOS.body()),
                helper(160, "ktime_get_coarse_ns", SCALAR, KnownHelper.EVENT_NANOS.body()),
                helper(208, "ktime_get_tai_ns", SCALAR, KnownHelper.EVENT_NANOS.body()));
    }

    /** The thread's name, cut to the memory and always ended by NUL; the rest is zeroed. */
    private static long comm(HelperContext run, long to, long size, long c, long d, long e) {
        if (size <= 0) {
            return Errno.EINVAL;
        }
        MemorySegment memory = run.segment(to, size, true);
        long offset = run.offset(to);
        byte[] name = run.threadName();
        int length = 0;
        while (length < name.length && length < size - 1 && name[length] != 0) {
            memory.set(ValueLayout.JAVA_BYTE, offset + length, name[length]);
            length++;
        }
        Zeros.fill(memory, offset + length, size - length);
        return 0;
    }

    /** Group in the upper half, user in the lower; where the system does not tell, {@code -EINVAL} as in Linux. */
    private static long userAndGroup() {
        var self = Path.of("/proc/self");
        try {
            int user = (int) Files.getAttribute(self, "unix:uid");
            int group = (int) Files.getAttribute(self, "unix:gid");
            return ((long) group << 32) | Integer.toUnsignedLong(user);
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException _) {
            return Errno.EINVAL;
        }
    }
}
