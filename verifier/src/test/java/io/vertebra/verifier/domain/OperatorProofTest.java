package io.vertebra.verifier.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A part of {@link OperatorProof}; {@code .ci/soundness operators} does all of it. */
class OperatorProofTest {

    private final long seed = Long.getLong("vertebra.seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);

    @Test
    void shouldHoldAtFourBits() {
        var proof = new OperatorProof(4);
        var all = proof.everything();
        System.out.println("seed " + seed);
        proof.checkSingle(all);
        proof.check(proof.constants(), proof.constants());
        proof.check(OperatorProof.sample(all, 90, random), OperatorProof.sample(all, 90, random));
        assertThat(proof.checks()).isGreaterThan(500_000);
    }

    @Test
    void shouldHoldAtEightBits() {
        var proof = new OperatorProof(8);
        var shapes = proof.shapes(17);
        proof.check(proof.constants(), OperatorProof.sample(proof.constants(), 24, random));
        proof.check(OperatorProof.sample(shapes, 40, random), OperatorProof.sample(shapes, 12, random));
        proof.checkSingle(shapes);
        assertThat(proof.checks()).isGreaterThan(100_000);
    }
}
