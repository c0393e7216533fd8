package io.vertebra.verticles;

import io.vertebra.runtime.codelet.CodeletSet;
import io.vertebra.runtime.codelet.LoadException;
import io.vertebra.runtime.codelet.OpenSet;

/** A codelet set that was read and not loaded yet, so that its variables can be set. Not thread-safe. */
public final class OpenCodeletSet {

    private final Vertebra vertebra;
    private final OpenSet open;

    OpenCodeletSet(Vertebra vertebra, OpenSet open) {
        this.vertebra = vertebra;
        this.open = open;
    }

    /**
     * Sets a global variable of the set's objects.
     *
     * @param value Long, Integer, Double, Boolean or String, as the variable's BTF type needs
     * @throws LoadException when no object has the variable, or the value does not fit
     */
    public OpenCodeletSet set(String variable, Object value) throws LoadException {
        open.set(variable, value);
        return this;
    }

    /**
     * Verifies the set and attaches it, whole or not at all; its metrics are shown from now on.
     *
     * @throws LoadException with the stage, a sentence, and the verifier's report when it rejected a program
     */
    public CodeletSet load() throws LoadException {
        return vertebra.show(open.load());
    }
}
