package io.vertebra.verticles.http;

import java.util.Locale;

/** What the holder of a token may do; each role may do what those before it may. */
public enum Role {
    /** Look at everything. */
    VIEWER,
    /** Also work with loaded sets: disable and enable them, change maps, send records into inputs. */
    OPERATOR,
    /** Also bring code: load, replace and unload sets. */
    AUTHOR;

    /** Its name in messages and in the run file. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether this role may do what another one may. */
    public boolean covers(Role other) {
        return compareTo(other) >= 0;
    }
}
