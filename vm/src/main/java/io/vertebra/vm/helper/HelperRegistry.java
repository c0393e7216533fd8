package io.vertebra.vm.helper;

import java.lang.invoke.MethodHandles;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The built-in helpers of each ABI and those that an application adds to them while it runs. Thread-safe. */
public final class HelperRegistry {

    private final Map<HelperAbi, Helpers> builtIn;
    private final Map<HelperAbi, Helpers> all;
    private final List<BoundHelpers> groups = new CopyOnWriteArrayList<>();

    /** A registry that has built-in helpers only, for each ABI. */
    public HelperRegistry(Map<HelperAbi, Helpers> builtIn) {
        this.builtIn = Map.copyOf(builtIn);
        this.all = new ConcurrentHashMap<>(builtIn);
    }

    /**
     * Adds the helpers of an interface: all, or none.
     *
     * @param lookup of a class that may call the interface's methods
     * @throws IllegalArgumentException naming all that is wrong with the interface, or both helpers that have the same
     *     number or name
     */
    public synchronized <T> BoundHelpers add(MethodHandles.Lookup lookup, Class<T> group, T implementation) {
        var bound = BoundHelpers.bind(lookup, group, implementation, builtIn::get);
        groups.forEach(bound::requireApartFrom);
        groups.add(bound);
        all.computeIfPresent(bound.abi(), (_, helpers) -> helpers.with(bound.helpers()));
        return bound;
    }

    /** All helpers of an ABI at this moment. */
    public Helpers helpers(HelperAbi abi) {
        return all.get(abi);
    }

    /** What applications have added, in that order. */
    public List<BoundHelpers> groups() {
        return List.copyOf(groups);
    }
}
