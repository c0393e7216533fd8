package io.vertebra.vm.helper;

import java.lang.invoke.MethodHandles;
import java.util.List;
import java.util.function.Function;

/**
 * The helpers of one interface of an application. Immutable.
 *
 * @param group the interface's name
 * @param abi which codelets can call them
 * @param helpers in the order of their numbers; those that override have the built-in helper's name
 * @param declarations what a codelet in C includes
 */
public record BoundHelpers(String group, HelperAbi abi, List<Helper> helpers, String declarations) {

    /** Makes the list immutable. */
    public BoundHelpers {
        helpers = List.copyOf(helpers);
    }

    /**
     * Binds an interface to an implementation, beside other helpers.
     *
     * @param lookup of a class that may call the interface's methods
     * @param builtIn the built-in helpers of an ABI, which the group may override
     * @throws IllegalArgumentException naming all that is wrong with the interface, or what it overrides and cannot
     */
    public static <T> BoundHelpers bind(
            MethodHandles.Lookup lookup, Class<T> group, T implementation, Function<HelperAbi, Helpers> builtIn) {
        var all = HelperBinder.bind(lookup, group, implementation);
        var abi = HelperBinder.abi(group);
        var bound = all.stream()
                .map(helper -> helper.prototype().id() < abi.first() ? overriding(helper, builtIn.apply(abi)) : helper)
                .toList();
        return new BoundHelpers(group.getName(), abi, bound, HelperBinder.declarations(group));
    }

    /** Helpers are judged by the prototype that codelets were compiled with, so the overriding one must have the same. */
    private static Helper overriding(Helper helper, Helpers known) {
        var own = helper.prototype();
        var former = known.prototype(own.id())
                .orElseThrow(() -> new IllegalArgumentException("helper `" + own.name() + "`: overrides " + own.id()
                        + ", there is no built-in helper " + own.id()));
        if (!former.arguments().equals(own.arguments()) || former.result() != own.result()) {
            throw new IllegalArgumentException(
                    "helper `" + own.name() + "`: overrides " + own.id() + " `" + former.name()
                            + "` with " + own.arguments() + " and " + own.result() + ", needed are "
                            + former.arguments() + " and "
                            + former.result());
        }
        return new Helper(former, helper.body());
    }

    /** A helper of this group that has the number or the name of one of another group of its ABI, as an error. */
    void requireApartFrom(BoundHelpers other) {
        if (other.abi != abi) {
            return;
        }
        for (var helper : helpers) {
            var own = helper.prototype();
            for (var taken : other.helpers) {
                var its = taken.prototype();
                if (own.id() == its.id() || own.name().equals(its.name())) {
                    throw new IllegalArgumentException("helper %d `%s` of %s: %s has %d `%s` already"
                            .formatted(own.id(), own.name(), group, other.group, its.id(), its.name()));
                }
            }
        }
    }
}
