package io.vertebra.verifier.analysis;

import io.vertebra.verifier.domain.Join;
import io.vertebra.verifier.domain.Region;
import io.vertebra.verifier.domain.State;
import io.vertebra.verifier.domain.Subsumption;
import io.vertebra.verifier.domain.Value;
import io.vertebra.verifier.domain.Value.Pointer;
import java.util.Arrays;
import java.util.List;

/**
 * The search for a state that a function, called again and again, does not lead out of: as long as some exit is not
 * covered, the next round begins with a state around all of them. It comes to an end because each round gives up
 * something where states differ, first the exact value, then the range, then everything.
 */
final class Rounds {

    /** So many rounds put ranges around what differs, and so many give the ranges up. */
    private static final int RANGES = 2;

    private static final int WIDENINGS = 3;

    private final Ids ids;
    private final long[] everything;
    private State state;
    private State grown;
    private int round;
    private final long[] read;

    /** Begins with the state before the first call. */
    Rounds(State before, Ids ids) {
        this.ids = ids;
        state = before;
        grown = before;
        everything = new long[before.depth()];
        Arrays.fill(everything, -1);
        read = new long[before.depth()];
    }

    /** The state in which calls begin in this round. */
    State state() {
        return state;
    }

    /**
     * A call may end so.
     *
     * @param lent the arguments of the call: keys and samples among them are no longer there
     */
    void exit(State exit, List<Value> lent) {
        exit.leaveCallback();
        for (var value : lent) {
            if (value instanceof Pointer p
                    && (p.region() instanceof Region.MapKey || p.region() instanceof Region.SampleDynptr)) {
                exit.forgetPointer(p.id());
                exit.forgetSlices(p.id());
            }
        }
        if (!Subsumption.covers(grown, exit, everything)) {
            grown = Join.of(grown, exit, effort(), ids::next);
        }
    }

    private Join.Effort effort() {
        if (round < RANGES) {
            return Join.Effort.RANGE;
        }
        return round < RANGES + WIDENINGS ? Join.Effort.WIDEN : Join.Effort.GIVE_UP;
    }

    /** Notes what calls of this round read of the stacks that were there before them. */
    void read(long[] slots) {
        for (int frame = 0; frame < read.length; frame++) {
            read[frame] |= slots[frame];
        }
    }

    /** The state after any number of calls; the slots that they read count as read. */
    State end() {
        state.noteRead(read);
        return state;
    }

    /** Whether all exits of this round were covered by its state. */
    boolean isInductive() {
        return grown == state;
    }

    /** Goes on from a state around the old one and all exits. */
    void next() {
        state = grown;
        round++;
    }
}
