package io.vertebra.runtime.stress;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.runtime.account.AttachmentAccount;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A short form of `.ci/stress`. */
@Timeout(120)
class StressTest {

    @Test
    void shouldLoseNothingAndRunNothingTwiceWhileSetsChange() throws Exception {
        long seed = new Random().nextLong();
        var result = RoundsStress.run(20, 5, seed);
        assertThat(result.problems()).as("seed %s", seed).isEmpty();
        assertThat(result.accounts()).as("seed %s", seed).hasSize(6).allMatch(account -> account.ok() > 0);
        assertThat(result.accounts().stream()
                        .filter(account -> account.codelet().equals("queued"))
                        .mapToLong(AttachmentAccount::offered))
                .as("seed %s", seed)
                .contains(result.fired());
        assertThat(result.streams()).as("seed %s", seed).hasSize(2).allMatch(stream -> stream.delivered() > 0);
        assertThat(result.after().isFlat(result.before()))
                .as("seed %s: %s, before %s", seed, result.after(), result.before())
                .isTrue();
    }

    @Test
    void shouldTakeLittleForEachCodelet() throws Exception {
        var result = CodeletsStress.run(200);
        assertThat(result.heapOfEach()).isBetween(1L, CodeletsStress.ALLOWED);
        assertThat(result.after().isFlat(result.before()))
                .as("%s, before %s", result.after(), result.before())
                .isTrue();
    }
}
