package io.vertebra.vm.helper;

import io.vertebra.vm.helper.HelperPrototype.Argument;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** How the registers of a call become the parameters of an application's method. Stateless. */
final class HelperBody {

    /** Registers that a call has for arguments. */
    static final int REGISTERS = 5;

    private static final MethodHandle READABLE = memory("readable");
    private static final MethodHandle FILLED = memory("filled");

    private HelperBody() {}

    /** Whether a parameter is memory, which takes two registers: its address and its size. */
    static boolean isMemory(Parameter parameter) {
        return parameter.getType() == MemorySegment.class;
    }

    /** Whether it is memory that the method fills. */
    static boolean isFilled(Parameter parameter) {
        return isMemory(parameter) && parameter.isAnnotationPresent(HelperGroup.Filled.class);
    }

    /** What the verifier is to know of the registers of a method. */
    static List<Argument> arguments(Method method) {
        List<Argument> arguments = new ArrayList<>();
        for (var parameter : method.getParameters()) {
            if (isMemory(parameter)) {
                arguments.add(isFilled(parameter) ? Argument.WRITABLE : Argument.READABLE);
                arguments.add(Argument.SIZE);
            } else {
                arguments.add(Argument.SCALAR);
            }
        }
        return arguments;
    }

    /**
     * What a call does.
     *
     * @throws IllegalArgumentException when the lookup may not call the method
     */
    static Helper.Body of(MethodHandles.Lookup lookup, Method method, Object implementation) {
        var typed = bound(lookup, method, implementation);
        var registers = typed.type().changeReturnType(long.class);
        for (int i = 0; i < registers.parameterCount(); i++) {
            if (registers.parameterType(i) != MemorySegment.class) {
                registers = registers.changeParameterType(i, long.class);
            }
        }
        // explicitCastArguments narrows as C does; boolean takes the lowest bit, a void result becomes 0
        var narrowed = MethodHandles.explicitCastArguments(typed, registers);
        var parameters = method.getParameters();
        for (int i = parameters.length - 1; i >= 0; i--) {
            if (isMemory(parameters[i])) {
                narrowed = MethodHandles.collectArguments(narrowed, i, isFilled(parameters[i]) ? FILLED : READABLE);
            }
        }
        var call = inRegisters(narrowed);
        return (run, a, b, c, d, e) -> call(call, run, a, b, c, d, e);
    }

    private static MethodHandle bound(MethodHandles.Lookup lookup, Method method, Object implementation) {
        try {
            return lookup.unreflect(method).bindTo(implementation);
        } catch (IllegalAccessException e) {
            throw new IllegalArgumentException(
                    method.getDeclaringClass().getSimpleName() + "." + method.getName() + ": the lookup of "
                            + lookup.lookupClass().getName()
                            + " may not call it, make the interface public or give a lookup of its package",
                    e);
        }
    }

    /** As {@code (HelperContext, long, long, long, long, long)}, where one context serves all memory. */
    private static MethodHandle inRegisters(MethodHandle handle) {
        int register = 1;
        int[] order = new int[handle.type().parameterCount()];
        for (int i = 0; i < order.length; i++) {
            order[i] = handle.type().parameterType(i) == HelperContext.class ? 0 : register++;
        }
        var type = MethodType.methodType(long.class, Collections.nCopies(REGISTERS, long.class))
                .insertParameterTypes(0, HelperContext.class);
        return MethodHandles.permuteArguments(handle, type, order);
    }

    private static MethodHandle memory(String name) {
        var type = MethodType.methodType(MemorySegment.class, HelperContext.class, long.class, long.class);
        try {
            return MethodHandles.lookup().findStatic(HelperBody.class, name, type);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @SuppressWarnings("unused") // by its name
    private static MemorySegment readable(HelperContext run, long address, long size) {
        return run.memory(address, size, false).asReadOnly();
    }

    /** Zeros first: the verifier takes all of it for written afterwards. */
    @SuppressWarnings("unused") // by its name
    private static MemorySegment filled(HelperContext run, long address, long size) {
        return run.memory(address, size, true).fill((byte) 0);
    }

    @SuppressWarnings("IllegalCatch")
    private static long call(MethodHandle handle, HelperContext run, long a, long b, long c, long d, long e) {
        try {
            return (long) handle.invokeExact(run, a, b, c, d, e);
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable failure) {
            throw new IllegalStateException(failure);
        }
    }
}
