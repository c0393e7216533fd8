package io.vertebra.vm.helper;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Numbers for Java stack frames: what a program counter is in C. A place in the code has the same number for as long as
 * the process lives; the table holds text only, and at most {@link #MOST} places. Thread-safe.
 */
public final class StackFrames {

    /** The most places that get a number; places seen later have number 0. */
    public static final int MOST = 1 << 16;

    private static final ConcurrentMap<String, Long> NUMBERS = new ConcurrentHashMap<>();
    private static final List<String> PLACES = new ArrayList<>(); // guarded by itself
    private static final StackWalker WALKER = StackWalker.getInstance();

    private StackFrames() {}

    /** The place with a number, as {@code class.method:line}. */
    public static Optional<String> place(long number) {
        synchronized (PLACES) {
            return number < 1 || number > PLACES.size() ? Optional.empty() : Optional.of(PLACES.get((int) number - 1));
        }
    }

    /** The frames of this thread, innermost first, without those of Vertebra that lead here. */
    static long[] here(int skip, long most) {
        return WALKER.walk(frames -> frames.dropWhile(f -> own(f.getClassName()))
                .skip(skip)
                .limit(most)
                .mapToLong(f -> number(f.getClassName() + "." + f.getMethodName() + ":" + f.getLineNumber()))
                .toArray());
    }

    private static boolean own(String className) {
        return className.startsWith("io.vertebra.vm.") || className.startsWith("io.vertebra.runtime.");
    }

    private static long number(String place) {
        Long known = NUMBERS.get(place);
        if (known != null) {
            return known;
        }
        synchronized (PLACES) {
            Long meanwhile = NUMBERS.get(place);
            if (meanwhile != null) {
                return meanwhile;
            }
            if (PLACES.size() == MOST) {
                return 0;
            }
            PLACES.add(place);
            NUMBERS.put(place, (long) PLACES.size());
            return PLACES.size();
        }
    }
}
