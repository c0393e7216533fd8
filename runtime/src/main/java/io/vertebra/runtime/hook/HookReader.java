package io.vertebra.runtime.hook;

import io.vertebra.runtime.hook.HookArgument.Shape;
import io.vertebra.vm.program.ContextLayout;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads a hook interface and says what is wrong with it, all at once, naming method and parameter. */
final class HookReader {

    private static final Pattern NAME = Pattern.compile("[a-z0-9_]+");
    private static final String ENABLED = "Enabled";
    private static final int DEFAULT_TEXT = 64;
    private static final int MAX_TEXT = 4096;
    private static final int MAX_CONTEXT = Short.MAX_VALUE; // what the 16-bit offset of a load reaches

    private static final Map<Class<?>, Shape> SHAPES = Map.ofEntries(
            Map.entry(boolean.class, Shape.BOOLEAN),
            Map.entry(byte.class, Shape.BYTE),
            Map.entry(short.class, Shape.SHORT),
            Map.entry(char.class, Shape.CHAR),
            Map.entry(int.class, Shape.INT),
            Map.entry(long.class, Shape.LONG),
            Map.entry(float.class, Shape.FLOAT),
            Map.entry(double.class, Shape.DOUBLE),
            Map.entry(String.class, Shape.TEXT),
            Map.entry(CharSequence.class, Shape.TEXT),
            Map.entry(byte[].class, Shape.BYTE_ARRAY),
            Map.entry(ByteBuffer.class, Shape.BYTE_BUFFER),
            Map.entry(MemorySegment.class, Shape.SEGMENT));

    private final Class<?> type;
    private final List<String> problems = new ArrayList<>();

    private HookReader(Class<?> type) {
        this.type = type;
    }

    /**
     * The hooks of an interface, by name.
     *
     * @throws IllegalArgumentException naming everything that is not allowed
     */
    static List<HookMethod> read(Class<?> type) {
        var reader = new HookReader(type);
        var hooks = reader.hooks();
        if (!reader.problems.isEmpty()) {
            throw new IllegalArgumentException(
                    "hook interface " + type.getName() + ": " + String.join("; ", reader.problems));
        }
        return hooks;
    }

    private List<HookMethod> hooks() {
        var group = type.getAnnotation(HookGroup.class);
        if (!type.isInterface() || type.isAnnotation() || type.isSealed()) {
            problems.add("not an interface that can be implemented, allowed is an interface that is not sealed");
        } else if (group == null) {
            problems.add("no @HookGroup, one is needed");
        } else if (!group.value().isEmpty() && !NAME.matcher(group.value()).matches()) {
            problems.add("group `" + group.value() + "`, allowed is " + NAME.pattern());
        }
        if (!problems.isEmpty()) {
            return List.of();
        }
        var methods = abstractMethods();
        Map<String, Method> byName = new HashMap<>();
        for (var method : methods) {
            if (byName.put(method.getName(), method) != null) {
                problems.add(method.getName() + ": overloaded, allowed is one method of a name");
            }
        }
        List<HookMethod> hooks = new ArrayList<>();
        for (var method : methods) {
            if (!isGuard(method, byName)) {
                var guard = Optional.ofNullable(byName.get(method.getName() + ENABLED))
                        .filter(m -> isGuard(m, byName));
                hooks.add(hook(group.value(), method, guard));
            }
        }
        requireDistinctNames(hooks);
        return hooks;
    }

    private List<Method> abstractMethods() {
        return Arrays.stream(type.getMethods())
                .filter(m -> Modifier.isAbstract(m.getModifiers()) && !isObjectMethod(m))
                .sorted(Comparator.comparing(Method::getName))
                .toList();
    }

    private static boolean isObjectMethod(Method method) {
        try {
            Object.class.getMethod(method.getName(), method.getParameterTypes());
            return true;
        } catch (NoSuchMethodException _) {
            return false;
        }
    }

    private static boolean isGuard(Method method, Map<String, Method> byName) {
        String name = method.getName();
        return method.getReturnType() == boolean.class
                && method.getParameterCount() == 0
                && name.endsWith(ENABLED)
                && byName.containsKey(name.substring(0, name.length() - ENABLED.length()));
    }

    private HookMethod hook(String group, Method method, Optional<Method> guard) {
        var override = method.getAnnotation(Hook.class);
        String name = override == null ? SnakeCase.of(method.getName()) : override.value();
        if (!NAME.matcher(name).matches()) {
            problems.add(method.getName() + ": hook name `" + name + "`, allowed is " + NAME.pattern());
        }
        var context = new ContextBuilder();
        List<HookArgument> arguments = new ArrayList<>();
        for (var parameter : method.getParameters()) {
            argument(method, parameter, context, arguments).ifPresent(arguments::add);
        }
        if (arguments.stream().filter(HookArgument::key).count() > 1) {
            problems.add(method.getName() + ": more than one @Key, allowed is one");
        }
        if (group.isEmpty() && override == null) {
            problems.add(method.getName() + ": no @Hook in a group without a name, one is needed");
        }
        var layout = context.build(group.isEmpty() ? name : group + "_" + name);
        if (isJbpf(method) && !layout.hasPayload()) {
            problems.add(method.getName() + ": @JbpfContext without a @Payload, it is needed as the first parameter");
        }
        if (layout.size() > MAX_CONTEXT) {
            problems.add(
                    method.getName() + ": context of " + layout.size() + " bytes, allowed is at most " + MAX_CONTEXT);
        }
        return new HookMethod(
                method,
                guard,
                descriptor(group.isEmpty() ? name : group + "/" + name, method, layout, arguments),
                arguments);
    }

    private HookDescriptor descriptor(String name, Method method, ContextLayout layout, List<HookArgument> arguments) {
        var control = method.getAnnotation(Control.class);
        long whenDetached = control == null ? 0 : control.whenDetached();
        if (control == null && method.getReturnType() != void.class) {
            problems.add(method.getName() + ": returns "
                    + method.getReturnType().getSimpleName() + " without @Control, allowed is void");
        } else if (control != null) {
            checkResult(method, whenDetached);
        }
        boolean writable = Arrays.stream(method.getParameters())
                .anyMatch(p -> p.isAnnotationPresent(Payload.class)
                        && p.getAnnotation(Payload.class).writable());
        return new HookDescriptor(
                name,
                type.getName() + "." + method.getName(),
                layout,
                control != null,
                whenDetached,
                arguments.stream().anyMatch(HookArgument::key),
                arguments.stream()
                        .flatMap(a -> a.shape().payloadType().stream())
                        .findFirst(),
                writable,
                arguments.stream()
                        .filter(argument -> !argument.names().isEmpty())
                        .collect(Collectors.toMap(
                                argument -> argument.field().name(), HookArgument::names, (first, _) -> first)));
    }

    private void checkResult(Method method, long whenDetached) {
        var result = SHAPES.get(method.getReturnType());
        boolean fits = switch (result) {
            case BOOLEAN -> whenDetached == 0 || whenDetached == 1;
            case BYTE -> whenDetached == (byte) whenDetached;
            case SHORT -> whenDetached == (short) whenDetached;
            case CHAR -> whenDetached == (char) whenDetached;
            case INT -> whenDetached == (int) whenDetached;
            case LONG -> true;
            case null -> false;
            case FLOAT, DOUBLE, ENUM, TEXT, BYTE_ARRAY, BYTE_BUFFER, SEGMENT -> false;
        };
        if (!fits) {
            problems.add(method.getName() + ": result " + method.getReturnType().getSimpleName() + " with whenDetached="
                    + whenDetached + ", allowed is boolean, byte, short, char, int or long that can hold it");
        }
    }

    private Optional<HookArgument> argument(
            Method method, Parameter parameter, ContextBuilder context, List<HookArgument> before) {
        String where = method.getName() + "(" + parameter.getName() + ")";
        if (!parameter.isNamePresent()) {
            problems.add(where + ": parameter names are missing, compile with -parameters");
            return Optional.empty();
        }
        var shape = parameter.getType().isEnum() ? Shape.ENUM : SHAPES.get(parameter.getType());
        if (shape == null) {
            problems.add(where + ": type " + parameter.getType().getTypeName()
                    + ", allowed are primitives, enums, String, CharSequence, and byte[], ByteBuffer or MemorySegment"
                    + " with @Payload");
            return Optional.empty();
        }
        checkAnnotations(where, parameter, shape, before);
        if (isJbpf(method) && context.isEmpty() != shape.payload()) {
            problems.add(where + ": in a @JbpfContext the @Payload is the first parameter");
        }
        String name = shape.payload() ? ContextBuilder.PAYLOAD : SnakeCase.of(parameter.getName());
        if (context.has(name)) {
            problems.add(where + ": field `" + name + "` exists already, allowed is another name");
        }
        var formerNames = formerNames(where, parameter, name, context);
        var field = switch (shape) {
            case BYTE_ARRAY, BYTE_BUFFER, SEGMENT -> isJbpf(method) ? context.jbpfPayload() : context.payload();
            case TEXT -> context.text(name, capacity(where, parameter), formerNames);
            case BOOLEAN, BYTE, SHORT, CHAR, INT, LONG, FLOAT, DOUBLE, ENUM ->
                context.scalar(name, shape.alignment(), shape.encoding(), formerNames);
        };
        return Optional.of(new HookArgument(
                shape, field, parameter.isAnnotationPresent(Key.class), names(where, parameter, shape)));
    }

    private void checkAnnotations(String where, Parameter parameter, Shape shape, List<HookArgument> before) {
        boolean payload = parameter.isAnnotationPresent(Payload.class);
        if (payload != shape.payload()) {
            problems.add(where + ": " + parameter.getType().getSimpleName() + (payload ? " with" : " without")
                    + " @Payload, it belongs to byte[], ByteBuffer and MemorySegment");
        }
        if (shape.payload() && before.stream().anyMatch(a -> a.shape().payload())) {
            problems.add(where + ": a second payload, allowed is one");
        }
        if (shape.payload() && parameter.isAnnotationPresent(Key.class)) {
            problems.add(where + ": @Key on a payload, allowed on everything else");
        }
        if (shape.payload() && parameter.isAnnotationPresent(WasNamed.class)) {
            problems.add(where + ": @WasNamed on a payload, whose fields have the same names everywhere");
        }
        if (shape != Shape.TEXT && parameter.isAnnotationPresent(Bounded.class)) {
            problems.add(where + ": @Bounded on " + parameter.getType().getSimpleName()
                    + ", it belongs to String and CharSequence");
        }
    }

    private List<String> formerNames(String where, Parameter parameter, String name, ContextBuilder context) {
        var annotation = parameter.getAnnotation(WasNamed.class);
        if (annotation == null) {
            return List.of();
        }
        List<String> names = new ArrayList<>();
        for (var former : annotation.value()) {
            var field = SnakeCase.of(former);
            if (!NAME.matcher(field).matches()) {
                problems.add(where + ": @WasNamed(\"" + former + "\"), allowed is " + NAME.pattern());
            } else if (field.equals(name) || names.contains(field) || context.has(field)) {
                problems.add(where + ": @WasNamed(\"" + former + "\"), field `" + field
                        + "` exists already, allowed is another name");
            } else {
                names.add(field);
            }
        }
        return names;
    }

    private List<String> names(String where, Parameter parameter, Shape shape) {
        var annotation = parameter.getAnnotation(Names.class);
        if (annotation == null) {
            return shape == Shape.ENUM
                    ? Arrays.stream(parameter.getType().getEnumConstants())
                            .map(constant -> ((Enum<?>) constant).name())
                            .toList()
                    : List.of();
        }
        boolean fits = switch (shape) {
            case BOOLEAN, BYTE, SHORT, CHAR, INT, LONG -> true;
            case FLOAT, DOUBLE, ENUM, TEXT, BYTE_ARRAY, BYTE_BUFFER, SEGMENT -> false;
        };
        if (!fits || annotation.value().length == 0) {
            problems.add(where + ": @Names of " + annotation.value().length + " on "
                    + parameter.getType().getSimpleName() + ", allowed is at least one name on an integer or boolean");
        }
        return List.of(annotation.value());
    }

    private int capacity(String where, Parameter parameter) {
        var bound = parameter.getAnnotation(Bounded.class);
        int capacity = bound == null ? DEFAULT_TEXT : bound.value();
        if (capacity < 1 || capacity > MAX_TEXT) {
            problems.add(where + ": @Bounded(" + capacity + "), allowed is 1 to " + MAX_TEXT);
            return DEFAULT_TEXT;
        }
        return capacity;
    }

    private static boolean isJbpf(Method method) {
        return method.isAnnotationPresent(JbpfContext.class);
    }

    private void requireDistinctNames(List<HookMethod> hooks) {
        Map<String, String> methods = new HashMap<>();
        for (var hook : hooks) {
            String other = methods.put(hook.descriptor().name(), hook.method().getName());
            if (other != null) {
                problems.add(hook.method().getName() + ": hook name `"
                        + hook.descriptor().name() + "` is that of " + other + ", allowed is another name");
            }
        }
    }
}
