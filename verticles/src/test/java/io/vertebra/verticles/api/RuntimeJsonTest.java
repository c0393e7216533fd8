package io.vertebra.verticles.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.runtime.account.RunTimes;
import io.vertebra.runtime.codelet.CodeletState;
import io.vertebra.runtime.codelet.CodeletStatistics;
import io.vertebra.runtime.limit.DetachReason;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RuntimeJsonTest {

    @Test
    void shouldShowRunTimesAndWhyACodeletIsDetached() {
        var slots = IntStream.range(0, Long.SIZE)
                .mapToObj(k -> k == 3 ? 2L : k == 10 ? 1L : 0L)
                .toList();
        var reason = new DetachReason.Faults(5, Duration.ofSeconds(10), 4, Optional.of("no such route"));
        var codelet = new CodeletStatistics(
                "set",
                "codelet",
                "gateway/x",
                "queued",
                "jit",
                300,
                5,
                0,
                new RunTimes(slots, 1_200, 1_100),
                new CodeletState.Detached(Instant.EPOCH, reason),
                Optional.of("no such route"));
        assertThat(RuntimeJson.codelet(codelet)).isEqualTo(new JsonObject("""
            {"name": "codelet", "hook": "gateway/x", "execution": "queued", "executor": "jit", "runs": 300,
             "errors": 5, "payloads_cut": 0,
             "run_times": {"samples": 3, "sampled_ns": 1200, "longest_ns": 1100, "total_ns": 120000,
                           "histogram": [[8, 2], [1024, 1]]},
             "state": "detached",
             "detached": {"since": "1970-01-01T00:00:00Z", "reason": "max_faults",
                          "text": "5 runs faulted in 10 s, allowed are fewer than 4 (limits.max_faults),\
             the last with: no such route"},
             "last_error": "no such route"}\
            """));
    }
}
