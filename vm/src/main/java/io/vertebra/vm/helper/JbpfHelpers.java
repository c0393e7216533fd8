package io.vertebra.vm.helper;

import static io.vertebra.vm.helper.HelperPrototype.Argument.READABLE;
import static io.vertebra.vm.helper.HelperPrototype.Argument.SCALAR;
import static io.vertebra.vm.helper.HelperPrototype.Argument.SIZE;
import static io.vertebra.vm.helper.HelperPrototype.Result;
import static io.vertebra.vm.helper.StandardHelpers.helper;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The helpers of jbpf's ABI, 1 to 18: Linux's numbers with other meanings. They do what jbpf's documentation promises,
 * also where jbpf does not: busy is negative, a dump holds the entries, time is in single nanoseconds, a difference never
 * wraps, a time limit of 0 is none. Stateless.
 */
public final class JbpfHelpers {

    /** The first number that jbpf leaves to applications, which may also replace those below. */
    public static final int FIRST_OF_APPLICATIONS = 32;

    /** The last number that there is. */
    public static final int LAST = 63;

    private static final long ERROR = -1;

    private static final Clock CLOCK = Clock.systemUTC();

    private JbpfHelpers() {}

    /** All of them; {@code trace} gets what codelets print. */
    public static List<Helper> all(TraceSink trace) {
        var all = new ArrayList<Helper>();
        all.addAll(JbpfMapHelpers.all());
        all.addAll(times());
        all.add(helper(10, "jbpf_hash", Result.SCALAR, JbpfHelpers::hash, READABLE, SIZE));
        all.add(helper(
                11,
                "jbpf_printf",
                Result.SCALAR,
                (run, format, size, a, b, c) -> print(trace, run, format, size, a, b, c),
                READABLE,
                SIZE));
        all.add(helper(15, "jbpf_rand", Result.SCALAR, (run, _, _, _, _, _) -> run.random() & Integer.MAX_VALUE));
        all.addAll(JbpfChannelHelpers.all());
        return List.copyOf(all);
    }

    private static List<Helper> times() {
        return List.of(
                helper(7, "jbpf_time_get_ns", Result.SCALAR, (_, _, _, _, _, _) -> epochNanos()),
                helper(8, "jbpf_get_sys_time", Result.SCALAR, (_, _, _, _, _, _) -> System.nanoTime()),
                helper(
                        9,
                        "jbpf_get_sys_time_diff_ns",
                        Result.SCALAR,
                        (_, start, end, _, _, _) -> Math.max(0, end - start),
                        SCALAR,
                        SCALAR),
                helper(13, "jbpf_mark_runtime_init", Result.SCALAR, (run, _, _, _, _, _) -> mark(run)),
                helper(
                        14,
                        "jbpf_check_runtime_limit",
                        Result.SCALAR,
                        (run, _, _, _, _, _) -> run.timeExceeded() ? 1 : 0));
    }

    private static long mark(HelperContext run) {
        run.markTime();
        return 0;
    }

    /** 0, or -1 for a malformed format and, as in jbpf, for a string that is none; strings on the stack are not read. */
    private static long print(TraceSink trace, HelperContext run, long format, long size, long... arguments) {
        return TextHelpers.traceUnverified(trace, run, format, size, arguments) < 0 ? ERROR : 0;
    }

    private static long epochNanos() {
        Instant now = CLOCK.instant();
        return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    }

    private static long hash(HelperContext run, long item, long size, long c, long d, long e) {
        return Integer.toUnsignedLong(Lookup3.hash(run.segment(item, size, false), run.offset(item), size));
    }
}
