package io.vertebra.verifier.prevail;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One document of a suite of PREVAIL's: what is known before a piece of code, and what its verifier says of it.
 *
 * @param file the suite
 * @param number its place in the suite, from 1: names are not unique
 * @param name what it is about
 * @param options how PREVAIL is set up
 * @param pre constraints on the state before the code
 * @param blocks the code
 * @param messages what PREVAIL says: errors, and edges that are never taken
 * @param exception what PREVAIL's reader of such documents throws; such a case says nothing of code
 */
record Case(
        String file,
        int number,
        String name,
        List<String> options,
        List<String> pre,
        List<Block> blocks,
        List<String> messages,
        Optional<String> exception) {

    /** A variable on the right of an equation, or a difference: more than what one register or cell holds. */
    private static final Pattern RELATION = Pattern.compile(".*=\\s*([a-z]+_[a-z]+|r\\d+\\.\\w+)\\s*|.*-.*<=.*");

    /** Lines of assembler text after a label. */
    record Block(String label, List<String> lines) {}

    /** What is enough to find the case again. */
    String id() {
        return file + "#" + number;
    }

    /** Whether PREVAIL rejects the code: of its messages, these two kinds are none about safety. */
    boolean isRejected() {
        return messages.stream()
                .anyMatch(m -> !m.contains("Code becomes unreachable") && !m.contains(": observation "));
    }

    /** Whether something of the state before relates two variables. */
    boolean isRelational() {
        return pre.stream()
                .anyMatch(c -> !c.contains(".type") && RELATION.matcher(c).matches());
    }

    /** Whether there is a map in it, known by its descriptor or index. */
    boolean namesMaps() {
        return Stream.concat(pre.stream(), blocks.stream().flatMap(b -> b.lines().stream()))
                .anyMatch(text -> text.contains("map_"));
    }

    boolean has(String option) {
        return options.contains(option);
    }
}
