package io.vertebra.vm.helper;

import java.lang.invoke.MethodHandles;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The built-in helpers and those that an application adds to them while it runs. Thread-safe. */
public final class HelperRegistry {

    private final Helpers builtIn;
    private final List<BoundHelpers> groups = new CopyOnWriteArrayList<>();
    private volatile Helpers all;

    /** A registry that has built-in helpers only. */
    public HelperRegistry(Helpers builtIn) {
        this.builtIn = builtIn;
        this.all = builtIn;
    }

    /**
     * Adds the helpers of an interface: all, or none.
     *
     * @param lookup of a class that may call the interface's methods
     * @throws IllegalArgumentException naming all that is wrong with the interface, or both helpers that have the same
     *     number or name
     */
    public synchronized <T> BoundHelpers add(MethodHandles.Lookup lookup, Class<T> group, T implementation) {
        var bound = BoundHelpers.bind(lookup, group, implementation, builtIn);
        groups.forEach(bound::requireApartFrom);
        groups.add(bound);
        all = all.with(bound.helpers());
        return bound;
    }

    /** All helpers at this moment. */
    public Helpers helpers() {
        return all;
    }

    /** What applications have added, in that order. */
    public List<BoundHelpers> groups() {
        return List.copyOf(groups);
    }
}
