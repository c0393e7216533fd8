package io.vertebra.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What the holder of a token or of a client certificate may do; each role may do what those before it may. */
public enum Role {
    /** Look at everything. */
    VIEWER,
    /** Also work with loaded sets: disable and enable them, change maps, send records into inputs. */
    OPERATOR,
    /** Also bring code: load, replace and unload sets. */
    AUTHOR;

    /** The roles by {@link #label}. */
    public static final Map<String, Role> BY_LABEL =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Role::label, Function.identity()));

    /** Its name in messages, in settings and in the run file. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether this role may do what another one may. */
    public boolean covers(Role other) {
        return compareTo(other) >= 0;
    }
}
