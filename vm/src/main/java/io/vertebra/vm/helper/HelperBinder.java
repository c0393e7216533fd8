package io.vertebra.vm.helper;

import io.vertebra.vm.helper.HelperPrototype.Result;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Makes helpers of an application's own from a typed interface:
 *
 * <pre>{@code
 * @HelperGroup("gateway")
 * public interface GatewayHelpers {
 *     @HelperGroup.Helper(id = 65537)
 *     long setBackend(int route, long backend);
 * }
 * Helpers helpers = Helpers.standard().with(HelperBinder.bind(MethodHandles.lookup(), GatewayHelpers.class, mine));
 * }</pre>
 *
 * <p>A parameter gets the low bits of its register, as in C. A {@code MemorySegment} takes two registers, an address and
 * a size of at least 1: it is exactly that memory of the codelet's, checked, and may be used until the method returns.
 * It is read-only unless the parameter is {@link HelperGroup.Filled}. What the implementation throws ends the run.
 * Stateless.
 */
public final class HelperBinder {

    /** The first number for helpers of applications; those below are Linux's and Vertebra's. */
    public static final int FIRST_ID = 65536;

    private static final Map<Class<?>, String> C_TYPES = Map.of(
            long.class, "__s64",
            int.class, "__s32",
            short.class, "__s16",
            byte.class, "__s8",
            boolean.class, "_Bool");

    private HelperBinder() {}

    /**
     * Helpers that call an implementation, in the order of their numbers.
     *
     * @param lookup of a class that may call the interface's methods
     * @throws IllegalArgumentException naming all that is wrong with the interface
     */
    public static <T> List<Helper> bind(MethodHandles.Lookup lookup, Class<T> group, T implementation) {
        var helpers = new ArrayList<Helper>();
        for (var method : methods(group)) {
            var body = HelperBody.of(lookup, method, implementation);
            var kinds = HelperBody.arguments(method);
            var result = method.getReturnType() == void.class ? Result.VOID : Result.SCALAR;
            helpers.add(new Helper(new HelperPrototype(id(method), name(group, method), kinds, result), body));
        }
        return List.copyOf(helpers);
    }

    /** The declarations that a codelet in C includes, in the order of the helpers' numbers. */
    public static String declarations(Class<?> group) {
        return methods(group).stream()
                .filter(method -> !overrides(method)) // declared with the built-in helpers
                .map(m -> declaration(group, m))
                .collect(Collectors.joining());
    }

    private static String declaration(Class<?> group, Method method) {
        var parameters =
                Arrays.stream(method.getParameters()).map(HelperBinder::inC).collect(Collectors.joining(", "));
        return "static " + C_TYPES.getOrDefault(method.getReturnType(), "void") + " (*const " + name(group, method)
                + ")(" + (parameters.isEmpty() ? "void" : parameters) + ") = (void *)" + id(method) + ";\n";
    }

    private static String inC(Parameter parameter) {
        String name = parameter.isNamePresent() ? " " + snakeCase(parameter.getName()) : "";
        if (!HelperBody.isMemory(parameter)) {
            return C_TYPES.get(parameter.getType()) + name;
        }
        var pointer = (HelperBody.isFilled(parameter) ? "void *" : "const void *") + name.strip();
        return pointer + ", __u32" + (name.isEmpty() ? "" : name + "_size");
    }

    /** The checked methods of a group, by number. */
    private static List<Method> methods(Class<?> group) {
        var problems = new ArrayList<String>();
        if (!group.isInterface() || !group.isAnnotationPresent(HelperGroup.class)) {
            throw new IllegalArgumentException(
                    group.getName() + ": not a helper group, an interface with @HelperGroup is needed");
        }
        var methods = Arrays.stream(group.getMethods())
                .filter(m -> Modifier.isAbstract(m.getModifiers()))
                .sorted(Comparator.comparing(Method::getName).thenComparing(Method::toString))
                .toList();
        var ids = new HashSet<Integer>();
        var names = new HashSet<String>();
        for (var method : methods) {
            check(group, method, ids, names, problems);
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", problems));
        }
        return methods.stream()
                .sorted(Comparator.comparingInt(HelperBinder::id))
                .toList();
    }

    private static void check(
            Class<?> group, Method method, Set<Integer> ids, Set<String> names, List<String> problems) {
        String at = group.getSimpleName() + "." + method.getName() + ": ";
        if (!method.isAnnotationPresent(HelperGroup.Helper.class)) {
            problems.add(at + "no number, @Helper(id = ...) is needed");
            return;
        }
        var abi = abi(group);
        if (!overrides(method) && (id(method) < abi.first() || id(method) > abi.last())) {
            problems.add(at + "id=" + id(method) + ", allowed " + numbers(abi)
                    + ", or a built-in helper's with overrides = true");
        }
        if (overrides(method) && id(method) >= abi.first()) {
            problems.add(at + "id=" + id(method) + " overrides nothing, built-in helpers are below " + abi.first());
        }
        if (!ids.add(id(method))) {
            problems.add(at + "id=" + id(method) + " is another method's too");
        }
        if (!names.add(name(group, method))) {
            problems.add(at + "name `" + name(group, method) + "` is another method's too");
        }
        int registers = HelperBody.arguments(method).size();
        if (registers > HelperBody.REGISTERS) {
            problems.add(at + registers + " parameters, at most " + HelperBody.REGISTERS
                    + " are allowed, and memory takes two: address and size");
        }
        for (Parameter parameter : method.getParameters()) {
            if (!C_TYPES.containsKey(parameter.getType()) && !HelperBody.isMemory(parameter)) {
                problems.add(at + "parameter " + parameter.getName() + " is a "
                        + parameter.getType().getSimpleName()
                        + ", allowed are long, int, short, byte, boolean and MemorySegment");
            }
        }
        if (method.getReturnType() != void.class && !C_TYPES.containsKey(method.getReturnType())) {
            problems.add(at + "result is a " + method.getReturnType().getSimpleName()
                    + ", allowed are void, long, int, short, byte and boolean");
        }
    }

    private static String numbers(HelperAbi abi) {
        return switch (abi) {
            case NATIVE -> "from " + abi.first();
            case JBPF -> "from " + abi.first() + " to " + abi.last();
        };
    }

    static HelperAbi abi(Class<?> group) {
        return group.getAnnotation(HelperGroup.class).abi();
    }

    private static int id(Method method) {
        return method.getAnnotation(HelperGroup.Helper.class).id();
    }

    private static boolean overrides(Method method) {
        return method.getAnnotation(HelperGroup.Helper.class).overrides();
    }

    private static String name(Class<?> group, Method method) {
        String prefix = group.getAnnotation(HelperGroup.class).value();
        return (prefix.isEmpty() ? "" : prefix + "_") + snakeCase(method.getName());
    }

    private static String snakeCase(String name) {
        return name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
    }
}
