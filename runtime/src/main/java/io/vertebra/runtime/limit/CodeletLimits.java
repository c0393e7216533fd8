package io.vertebra.runtime.limit;

import java.time.Duration;
import java.util.Optional;

/**
 * The limits of one codelet while it runs.
 *
 * @param rate what its events take from, shared with the other codelets of its set; empty for any rate
 * @param runTimeP99 how long 99 of 100 runs may take; empty for any time
 * @param maxFaults faulted runs in 10 seconds with which it is detached, at least 1
 */
public record CodeletLimits(Optional<RateLimit> rate, Optional<Duration> runTimeP99, long maxFaults) {}
