package io.vertebra.verticles.api;

import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;

/** Numbers for live things, as bpftool shows them: given once, never again, the same while a thing lives. Thread-safe. */
final class Ids {

    private final Map<String, Known> known = new HashMap<>(); // guarded by this
    private int last; // guarded by this

    private record Known(int id, WeakReference<Object> object) {}

    /**
     * The number of a thing.
     *
     * @param name its name; another thing of the same name later is another thing
     */
    @SuppressWarnings("ReferenceEquality") // two things that look the same are still two
    synchronized int of(String name, Object object) {
        var found = known.get(name);
        if (found == null || found.object().get() != object) {
            found = new Known(++last, new WeakReference<>(object));
            known.put(name, found);
        }
        return found.id();
    }
}
