package io.vertebra.verifier.soundness;

import static io.vertebra.verifier.soundness.Draft.OUT;
import static io.vertebra.verifier.soundness.Draft.c;
import static io.vertebra.verifier.soundness.Draft.r;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.vm.isa.Instruction.AccessSize;
import io.vertebra.vm.isa.Instruction.Condition;
import io.vertebra.vm.program.Program;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One number stands for all inner maps of a map, so that it does not tell which of them has a timer. */
class InnerTimerTest {

    private static final int UPDATE = 2;
    private static final int FOR_EACH = 164;
    private static final int TIMER_INIT = 169;

    private static Draft found(Draft draft, int label) {
        return draft.mov(2, r(10)).plus(2, c(-16)).call(1).jumpIf(0, Condition.EQ, c(0), label);
    }

    private static Draft inner(int key, int label) {
        return found(new Draft().store(AccessSize.DOUBLE, 10, -16, c(key)).map(1, Subject.MAP_HASH), label);
    }

    /** Walks the inner map of key 0, and makes the timer of a value of the inner map of another key. */
    private static Program program(int other) {
        var main = inner(0, OUT).mov(8, r(0));
        for (int at = -64; at < -16; at += 8) {
            main.store(AccessSize.DOUBLE, 10, at, c(0));
        }
        main.mov(1, r(8))
                .mov(2, r(10))
                .plus(2, c(-24))
                .mov(3, r(10))
                .plus(3, c(-64))
                .mov(4, c(0))
                .call(UPDATE);
        main.mov(1, r(8)).function(2, 1).mov(3, c(0)).mov(4, c(0)).call(FOR_EACH);
        main.label(OUT).mov(0, c(0)).exit();
        int out = 1;
        var each = new Draft().mov(6, r(1)).add(inner(other, out)).mov(1, r(0));
        each.store(AccessSize.DOUBLE, 10, -16, c(0));
        found(each, out)
                .mov(1, r(0))
                .plus(1, c(Subject.TIMER))
                .mov(2, r(6))
                .mov(3, c(1))
                .call(TIMER_INIT);
        return Draft.program(
                Setting.NATIVE, List.of(main, each.label(out).mov(0, c(0)).exit()));
    }

    @Test
    void shouldRejectTimerOfAnotherInnerMap() {
        assertThat(Trial.accepts(program(1), 1_000)).isFalse();
    }
}
