package io.vertebra.verifier.domain;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * How far words are apart at least, where one was computed from another one by adding a number that varies. Words are
 * named by their ids, 0 is the number 0; all are integers that did not wrap around. Mutable; belongs to one {@link State}.
 */
final class Distances {

    /** More are forgotten, the oldest first: sound because nothing rests on knowing them. */
    private static final int MOST = 8;

    /** Of two words nothing is known. */
    static final long NOTHING = Long.MIN_VALUE;

    /**
     * That {@code sum >= base + least}, because {@code sum = base + addend + delta}.
     *
     * @param addend the word that was added, 0 when that is not remembered
     */
    record Distance(int sum, int base, int addend, long delta, long least) {
        /** Whether it is about a word. */
        boolean names(int word) {
            return word != 0 && (word == sum || word == base || word == addend);
        }

        private Distance withLeast(long known) {
            return new Distance(sum, base, addend, delta, known);
        }

        private Distance behind(Distance before) {
            return new Distance(sum, before.base, 0, 0, least + before.least);
        }

        private Distance withoutAddend() {
            return new Distance(sum, base, 0, 0, least);
        }

        private boolean isOf(int one, int other, long constant) {
            return base == one && addend == other && delta == constant;
        }
    }

    private List<Distance> known = List.of();
    /** Words whose distances matter though no value has them: those of the loops that are proved as a whole. */
    private Set<Integer> anchors = Set.of();

    Distances copy() {
        var copy = new Distances();
        // The list is replaced, never changed.
        copy.known = known;
        copy.anchors = anchors;
        return copy;
    }

    List<Distance> all() {
        return known;
    }

    void note(Distance distance) {
        var more = new ArrayList<>(known.size() < MOST ? known : known.subList(1, known.size()));
        more.add(distance);
        known = more;
    }

    void anchor(List<Integer> words) {
        var more = new HashSet<>(anchors);
        more.addAll(words);
        anchors = more;
    }

    Set<Integer> anchors() {
        return anchors;
    }

    void forget() {
        known = List.of();
    }

    /** The least distance from one word to another one, {@link #NOTHING} if it is not known. */
    long from(int base, int sum) {
        if (base == sum) {
            return 0;
        }
        long most = NOTHING;
        for (var distance : known) {
            if (distance.sum == sum) {
                long rest = from(base, distance.base);
                most = rest == NOTHING ? most : Math.max(most, rest + distance.least);
            }
        }
        return most;
    }

    /** The word that is known to be the sum of two words and a constant, 0 if there is none. */
    int sumOf(int base, int addend, long delta) {
        for (var distance : known) {
            if (addend != 0 && base != 0 && distance.isOf(base, addend, delta)) {
                return distance.sum;
            }
        }
        return 0;
    }

    /** A word is known to be at least so much: what that tells of the sums it was added to. */
    List<Distance> learn(int addend, long least) {
        var changed = new ArrayList<Distance>();
        for (var distance : known) {
            if (distance.addend == addend && addend != 0 && distance.least < least + distance.delta) {
                changed.add(distance.withLeast(least + distance.delta));
            }
        }
        if (!changed.isEmpty()) {
            var more = new ArrayList<>(known);
            more.replaceAll(d -> changed.stream()
                    .filter(c -> c.sum == d.sum && c.base == d.base && c.addend == d.addend && c.delta == d.delta)
                    .findFirst()
                    .orElse(d));
            known = more;
        }
        return changed;
    }

    /**
     * Forgets distances of words that nothing has any more; what is behind one that is forgotten is behind what that one
     * is behind.
     */
    void retain(IntPredicate inValues) {
        IntPredicate used = word -> anchors.contains(word) || inValues.test(word);
        if (known.isEmpty()) {
            return;
        }
        var kept = new ArrayList<Distance>();
        for (var distance : known) {
            // How far a word is behind the beginning, its range tells.
            if (used.test(distance.sum) && distance.base != 0) {
                var behind = used.test(distance.addend) ? distance : distance.withoutAddend();
                for (var before = of(behind.base);
                        before != null && !used.test(behind.base);
                        before = of(behind.base)) {
                    behind = behind.behind(before);
                }
                kept.add(behind);
            }
        }
        known = kept;
    }

    private Distance of(int sum) {
        for (var distance : known) {
            if (distance.sum == sum && distance.base != 0) {
                return distance;
            }
        }
        return null;
    }
}
