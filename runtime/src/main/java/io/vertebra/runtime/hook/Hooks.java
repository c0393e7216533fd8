package io.vertebra.runtime.hook;

import io.vertebra.runtime.firing.EventSink;
import io.vertebra.runtime.firing.InlineSink;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes hooks out of an interface.
 *
 * <pre>{@code
 * @HookGroup("gateway")
 * public interface GatewayHooks {
 *     GatewayHooks HOOKS = Hooks.of(MethodHandles.lookup(), GatewayHooks.class);
 *     void requestReceived(@Key long connection, int route, long bytes);
 * }
 * GatewayHooks.HOOKS.requestReceived(id, route, n);
 * }</pre>
 *
 * <p>A hook may be fired from any thread, virtual ones included. It never throws into the application and never blocks;
 * queued events allocate nothing, and what is dropped is counted.
 */
public final class Hooks {

    private Hooks() {}

    /**
     * Implements a hook interface and registers its hooks. Keep the result in a {@code static final} field: then a hook
     * without codelets compiles to nothing.
     *
     * @param lookup of a class that may see the interface's package, usually {@code MethodHandles.lookup()} in the
     *     interface itself
     * @param type an interface with {@link HookGroup}
     * @throws IllegalArgumentException when the interface breaks rules: every method and parameter that does is named
     */
    public static <T> T of(Lookup lookup, Class<T> type) {
        var hooks = HookReader.read(type);
        List<HookPoint> points = new ArrayList<>();
        List<MethodHandle> constants = new ArrayList<>();
        for (var hook : hooks) {
            var point = new HookPoint(hook, detached(hook));
            points.add(point);
            constants.add(point.invoker());
            constants.add(point.guardInvoker());
        }
        T implementation;
        try {
            var generated = MethodHandles.privateLookupIn(type, lookup)
                    .defineHiddenClassWithClassData(HookClassWriter.write(type, hooks), constants, true);
            for (int i = 0; i < hooks.size(); i++) {
                complete(points.get(i), generated, i, hooks.get(i));
            }
            implementation = type.cast(generated
                    .findConstructor(generated.lookupClass(), MethodType.methodType(void.class))
                    .invoke());
        } catch (IllegalAccessException e) {
            throw new IllegalArgumentException(
                    "hook interface " + type.getName() + ": " + lookup + " may not define a class beside it, allowed is"
                            + " a lookup from its own package or module",
                    e);
        } catch (Throwable e) {
            throw new IllegalStateException("hook interface " + type.getName() + ": not implemented, " + e, e);
        }
        HookRegistry.add(points);
        return implementation;
    }

    private static MethodHandle detached(HookMethod hook) {
        var type = MethodType.methodType(
                hook.method().getReturnType(), hook.method().getParameterTypes());
        long value = hook.descriptor().whenDetached();
        var result = type.returnType();
        if (result == void.class) {
            return MethodHandles.empty(type);
        }
        var constant = MethodHandles.explicitCastArguments(
                MethodHandles.constant(long.class, value), MethodType.methodType(result));
        return MethodHandles.dropArguments(constant, 0, type.parameterList());
    }

    private static void complete(HookPoint point, Lookup generated, int index, HookMethod hook)
            throws NoSuchMethodException, IllegalAccessException {
        var self = generated.lookupClass();
        var result = hook.method().getReturnType();
        var publish = hook.descriptor().control()
                ? null
                : generated.findStatic(
                        self, HookClassWriter.publishName(index), sinkType(hook, EventSink.class, result));
        var run = generated.findStatic(self, HookClassWriter.runName(index), sinkType(hook, InlineSink.class, result));
        point.complete(generated, publish, run);
    }

    private static MethodType sinkType(HookMethod hook, Class<?> sink, Class<?> result) {
        return MethodType.methodType(result, hook.method().getParameterTypes()).insertParameterTypes(0, sink);
    }
}
