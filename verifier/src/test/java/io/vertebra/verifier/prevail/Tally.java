package io.vertebra.verifier.prevail;

import io.vertebra.verifier.prevail.Decision.Accepted;
import io.vertebra.verifier.prevail.Decision.NotAccepted;
import io.vertebra.verifier.prevail.Decision.NotStated;

/** Counts decisions. */
final class Tally {

    private int accepted;
    private int rejected;
    private int different;
    private int wronglyAccepted;
    private int wronglyRejected;
    private int notStated;
    private int relational;
    private int relationalAsExpected;
    private int bigEndian;

    synchronized void count(Case source, Decision decision, boolean expected, boolean named) {
        if (source.isRelational()) {
            relational++;
            relationalAsExpected += expected ? 1 : 0;
        }
        bigEndian += expected && source.has("big_endian") ? 1 : 0;
        if (named) {
            different++;
            return;
        }
        switch (decision) {
            case Accepted _ when expected -> accepted++;
            case Accepted _ -> wronglyAccepted++;
            case NotAccepted _ when expected -> rejected++;
            case NotAccepted _ -> wronglyRejected++;
            case NotStated _ -> notStated++;
        }
    }

    @Override
    public String toString() {
        return "PREVAIL: %d accepted as expected, %d rejected as expected, %d named differences, %d wrongly accepted, %d wrongly rejected, %d not stated; of all, %d of %d relational as expected, %d big-endian by verdict only"
                .formatted(
                        accepted,
                        rejected,
                        different,
                        wronglyAccepted,
                        wronglyRejected,
                        notStated,
                        relationalAsExpected,
                        relational,
                        bigEndian);
    }
}
