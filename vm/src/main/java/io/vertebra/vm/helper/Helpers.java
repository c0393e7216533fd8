package io.vertebra.vm.helper;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The helper functions that codelets may call, by number. Immutable and thread-safe. What is not here does not exist: a
 * program that calls it is rejected.
 */
public final class Helpers {

    private final Map<Integer, Helper> byId;

    private Helpers(Map<Integer, Helper> byId) {
        this.byId = Map.copyOf(byId);
    }

    /** No helpers. */
    public static Helpers none() {
        return new Helpers(Map.of());
    }

    /** Vertebra's standard helpers, their trace lines going to the system logger {@code io.vertebra.trace}. */
    public static Helpers standard() {
        return standard(TraceSink.LOGGER);
    }

    /** Vertebra's standard helpers. */
    public static Helpers standard(TraceSink trace) {
        return none().with(StandardHelpers.all(trace));
    }

    /** The helpers of jbpf's ABI. */
    public static Helpers jbpf(TraceSink trace) {
        return none().with(JbpfHelpers.all(trace));
    }

    /** These helpers and others; one with a number that is taken replaces the former. */
    public Helpers with(Helper... helpers) {
        return with(List.of(helpers));
    }

    /** These helpers and others; one with a number that is taken replaces the former. */
    public Helpers with(List<Helper> helpers) {
        var all = new HashMap<>(byId);
        for (var helper : helpers) {
            all.put(helper.prototype().id(), helper);
        }
        return new Helpers(all);
    }

    /** The helper with a number. */
    public Optional<Helper> find(int id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** The prototype of the helper with a number: what a verifier's platform asks. */
    public Optional<HelperPrototype> prototype(int id) {
        return find(id).map(Helper::prototype);
    }

    /** All helpers, by number. */
    public List<Helper> all() {
        return byId.values().stream()
                .sorted((a, b) ->
                        Integer.compare(a.prototype().id(), b.prototype().id()))
                .toList();
    }
}
