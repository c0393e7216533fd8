package io.vertebra.runtime.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.runtime.limit.RunGuard.Counts;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RunGuardTest {

    private static final Duration LIMIT = Duration.ofNanos(20_000);

    private static Optional<DetachReason> check(RunGuard guard, long second, long faults, long samples, long slow) {
        return guard.check(
                TimeUnit.SECONDS.toNanos(second), new Counts(faults, samples, slow), () -> Optional.of("division"));
    }

    @Test
    void shouldCountFaultsInTenSeconds() {
        var guard = new RunGuard(Optional.empty(), 5);
        assertThat(check(guard, 1, 4, 0, 0)).isEmpty();
        assertThat(check(guard, 10, 4, 0, 0)).isEmpty(); // a new window
        assertThat(check(guard, 11, 8, 0, 0)).isEmpty();
        var reason = check(guard, 12, 9, 0, 0).orElseThrow();
        assertThat(reason).isEqualTo(new DetachReason.Faults(5, RunGuard.FAULT_WINDOW, 5, Optional.of("division")));
        assertThat(reason.text())
                .isEqualTo("5 runs faulted in 10 s, allowed are fewer than 5 (limits.max_faults),"
                        + " the last with: division");
    }

    @Test
    void shouldForgetFaultsWhenAttachedAnew() {
        var guard = new RunGuard(Optional.empty(), 5);
        assertThat(check(guard, 1, 5, 0, 0)).isPresent();
        guard.restart(TimeUnit.SECONDS.toNanos(2), new Counts(5, 0, 0));
        assertThat(check(guard, 3, 9, 0, 0)).isEmpty();
        assertThat(check(guard, 4, 10, 0, 0)).isPresent();
    }

    @Test
    void shouldJudgeRunTimesOfSeveralWindows() {
        var guard = new RunGuard(Optional.of(LIMIT), 5);
        assertThat(check(guard, 1, 0, 100, 100)).isEmpty(); // still compiling
        assertThat(check(guard, 2, 0, 200, 102)).isEmpty(); // 2 of 100
        assertThat(check(guard, 3, 0, 299, 104)).isEmpty(); // too few samples
        assertThat(check(guard, 4, 0, 400, 106)).isEmpty(); // 4 of 200
        var reason = check(guard, 5, 0, 500, 108).orElseThrow();
        assertThat(reason).isEqualTo(new DetachReason.TooSlow(LIMIT, 2, 100));
        assertThat(reason.text())
                .isEqualTo("2 of 100 timed runs took more than 20000 ns, allowed is 1 in 100 (limits.run_ns_p99)");
    }

    @Test
    void shouldPermitOneSlowRunInAHundredAndAPause() {
        var guard = new RunGuard(Optional.of(LIMIT), 5);
        long slow = 0;
        for (int window = 1; window <= 100; window++) {
            slow += window % 3 == 0 ? 1 : 50;
            assertThat(check(guard, window, 0, 100L * window, slow)).isEmpty();
        }
    }
}
