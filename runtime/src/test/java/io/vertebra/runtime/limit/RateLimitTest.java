package io.vertebra.runtime.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimitTest {

    private static long takeAll(RateLimit limit) {
        long all = 0;
        for (long taken = limit.take(); taken > 0; taken = limit.take()) {
            all += taken;
        }
        return all;
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 100, 2e6, 1e12})
    void shouldHoldASecondsTokens(double perSecond) {
        var limit = new RateLimit(perSecond, 0);
        if (perSecond > 1e7) {
            assertThat(limit.take()).isEqualTo(64);
            return;
        }
        assertThat(takeAll(limit)).isEqualTo((long) perSecond);
        limit.refill(TimeUnit.HOURS.toNanos(1));
        assertThat(takeAll(limit)).isEqualTo((long) perSecond);
    }

    @Test
    void shouldLoseNothingInSmallSteps() {
        var limit = new RateLimit(3.7, 0);
        takeAll(limit);
        long taken = 0;
        for (int step = 1; step <= 10_000; step++) {
            limit.refill(step * TimeUnit.MILLISECONDS.toNanos(10));
            taken += takeAll(limit);
        }
        assertThat(taken).isBetween(369L, 370L);
    }

    @Test
    void shouldRefuseWhenEmpty() {
        var limit = new RateLimit(0.5, 0);
        assertThat(limit.take()).isEqualTo(1);
        assertThat(limit.take()).isZero();
        limit.refill(TimeUnit.SECONDS.toNanos(1));
        assertThat(limit.take()).isZero();
        limit.refill(TimeUnit.SECONDS.toNanos(2));
        assertThat(limit.take()).isEqualTo(1);
    }
}
