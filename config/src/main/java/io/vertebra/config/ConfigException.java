package io.vertebra.config;

import java.util.List;

/** Settings or a descriptor that break rules; names every problem that was found, not only the first. */
public final class ConfigException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    /**
     * An exception for at least one problem.
     *
     * @param source what was read, for example a file's name
     * @param problems each {@code path: observed, allowed}
     */
    public ConfigException(String source, List<String> problems) {
        super(source + ": " + String.join("; ", problems));
        this.problems = List.copyOf(problems);
    }

    /**
     * An exception for at least one problem.
     *
     * @param problems each {@code source: path: observed, allowed}
     */
    public ConfigException(List<String> problems) {
        super(String.join("; ", problems));
        this.problems = List.copyOf(problems);
    }

    /** Every problem, as {@code path: observed, allowed}. */
    public List<String> problems() {
        return problems;
    }
}
