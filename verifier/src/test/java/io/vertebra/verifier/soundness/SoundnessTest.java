package io.vertebra.verifier.soundness;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A few seconds of {@link SoundnessFuzz}; {@code .ci/soundness fuzz} goes on for as long as one likes. */
class SoundnessTest {

    @Test
    void shouldDoWhatWasPromisedWhenAccepted() throws InterruptedException {
        var fuzz = new SoundnessFuzz(Long.getLong("vertebra.seed", System.nanoTime()), 9_000, 1);
        assertThat(fuzz.run(1)).as(fuzz::report).isTrue();
        assertThat(fuzz.runs()).as(fuzz.report()).isPositive();
    }
}
