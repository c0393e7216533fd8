package io.vertebra.runtime.limit;

import java.time.Duration;
import java.util.Optional;

/** Why a codelet was taken off its hook while others stayed. */
public sealed interface DetachReason {

    /** The limit of the descriptor that it broke: {@code run_ns_p99} or {@code max_faults}. */
    default String label() {
        return switch (this) {
            case TooSlow _ -> "run_ns_p99";
            case Faults _ -> "max_faults";
        };
    }

    /** A sentence for logs and listings: what was observed, what is allowed. */
    default String text() {
        return switch (this) {
            case TooSlow slow ->
                "%d of %d timed runs took more than %d ns, allowed is 1 in 100 (limits.run_ns_p99)"
                        .formatted(slow.slow(), slow.samples(), slow.limit().toNanos());
            case Faults faults ->
                "%d runs faulted in %d s, allowed are fewer than %d (limits.max_faults)"
                                .formatted(faults.faults(), faults.window().toSeconds(), faults.limit())
                        + faults.last().map(last -> ", the last with: " + last).orElse("");
        };
    }

    /**
     * More than one in a hundred of its runs took too long, in several windows one after the other.
     *
     * @param limit how long they may take
     * @param slow timed runs of the last window that took longer
     * @param samples timed runs of the last window
     */
    record TooSlow(Duration limit, long slow, long samples) implements DetachReason {}

    /**
     * Its runs faulted again and again.
     *
     * @param faults runs that faulted in the window so far
     * @param window what they are counted in
     * @param limit faults with which a codelet is detached
     * @param last what the latest fault said
     */
    record Faults(long faults, Duration window, long limit, Optional<String> last) implements DetachReason {}
}
