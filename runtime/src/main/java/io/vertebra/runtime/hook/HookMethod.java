package io.vertebra.runtime.hook;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Optional;

/**
 * A hook method as read from its interface.
 *
 * @param method the method that fires
 * @param enabled the {@code ...Enabled()} method beside it
 * @param descriptor what codelets see
 * @param arguments its parameters, in order
 */
record HookMethod(Method method, Optional<Method> enabled, HookDescriptor descriptor, List<HookArgument> arguments) {

    /** The one payload, if the hook has it. */
    Optional<HookArgument> payload() {
        return arguments.stream().filter(a -> a.shape().payload()).findFirst();
    }
}
