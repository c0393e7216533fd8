package io.vertebra.verifier.log;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/** The beginning and the end of many lines, with a sentence in the place of what lies between them. */
final class Excerpt {

    /** Lines of the beginning, and of the end. */
    static final int LINES = 4_000;

    private final Consumer<String> out;
    private final Deque<String> end = new ArrayDeque<>();
    private long count;

    Excerpt(Consumer<String> out) {
        this.out = out;
    }

    void add(String line) {
        if (++count <= LINES) {
            out.accept(line);
            return;
        }
        end.addLast(line);
        if (end.size() > LINES) {
            end.removeFirst();
        }
    }

    /** Gives out the end. */
    void close() {
        long left = count - LINES - end.size();
        if (left > 0) {
            out.accept("... " + left + " lines are left out here, the last " + LINES + " follow ...");
        }
        end.forEach(out);
    }
}
