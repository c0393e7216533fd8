package io.vertebra.config;

import java.util.List;
import java.util.stream.Stream;

/**
 * What codelets may be given that does more than look: control hooks, and helpers of the application. Patterns, in which
 * {@code *} stands for any text. Immutable.
 *
 * @param hooks control hooks, for example {@code demo/*}
 * @param helpers names of helpers
 */
public record Grant(List<String> hooks, List<String> helpers) {

    /** All hooks and helpers. */
    public static final Grant ALL = new Grant(List.of("*"), List.of("*"));

    /** None. */
    public static final Grant NONE = new Grant(List.of(), List.of());

    /** Makes the lists immutable. */
    public Grant {
        hooks = List.copyOf(hooks);
        helpers = List.copyOf(helpers);
    }

    /** Whether a control hook may be attached to. */
    public boolean allowsHook(String name) {
        return hooks.stream().anyMatch(pattern -> matches(pattern, name));
    }

    /** Whether a helper of the application may be called. */
    public boolean allowsHelper(String name) {
        return helpers.stream().anyMatch(pattern -> matches(pattern, name));
    }

    /** What this grant or another one allows. */
    public Grant or(Grant other) {
        return new Grant(
                Stream.concat(hooks.stream(), other.hooks.stream()).distinct().toList(),
                Stream.concat(helpers.stream(), other.helpers.stream())
                        .distinct()
                        .toList());
    }

    /** Patterns have few stars, and those who write them are trusted: no bound is needed. */
    private static boolean matches(String pattern, String name) {
        int star = pattern.indexOf('*');
        if (star < 0) {
            return pattern.equals(name);
        }
        if (!name.startsWith(pattern.substring(0, star))) {
            return false;
        }
        var rest = pattern.substring(star + 1);
        for (int from = star; from <= name.length(); from++) {
            if (matches(rest, name.substring(from))) {
                return true;
            }
        }
        return false;
    }
}
