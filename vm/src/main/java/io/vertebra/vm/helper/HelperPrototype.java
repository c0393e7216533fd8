package io.vertebra.vm.helper;

import java.util.List;
import java.util.Optional;

/**
 * What the verifier knows of a helper function: the kinds of its arguments (r1 to r5, in order) and of its result.
 *
 * @param id number in the {@code call} instruction: Linux ids below 4096, Vertebra's own up to 65535, an
 *     application's from 65536
 * @param name the C name without {@code bpf_}, for example {@code map_lookup_elem}
 * @param arguments at most five
 * @param result what r0 holds after the call
 * @param callback how it calls the function in its {@link Argument#CALLBACK}, if it has one
 */
public record HelperPrototype(
        int id, String name, List<Argument> arguments, Result result, Optional<Callback> callback) {

    /** Checks the number of arguments, and that the callback is told of. */
    public HelperPrototype {
        arguments = List.copyOf(arguments);
        if (arguments.size() > 5) {
            throw new IllegalArgumentException(
                    "helper `" + name + "`: " + arguments.size() + " arguments, at most 5 are allowed");
        }
        if (arguments.contains(Argument.CALLBACK) != callback.isPresent()) {
            throw new IllegalArgumentException(
                    "helper `" + name + "`: an argument for a callback and its description belong together");
        }
    }

    /** The name that C code calls it by: that of a helper of Linux begins with {@code bpf_}. */
    public String cName() {
        return LinuxHelperNames.of(id).filter(name::equals).isPresent() ? "bpf_" + name : name;
    }

    /** A helper without callback. */
    public HelperPrototype(int id, String name, List<Argument> arguments, Result result) {
        this(id, name, arguments, result, Optional.empty());
    }

    /** A helper that calls back. */
    public static HelperPrototype calling(
            int id, String name, List<Argument> arguments, Result result, Callback callback) {
        return new HelperPrototype(id, name, arguments, result, Optional.of(callback));
    }

    /** What an argument register must hold (after {@code enum bpf_arg_type}). */
    public enum Argument {
        /** Any initialised value that is not a pointer. */
        SCALAR,
        /** A map object from a wide load. */
        MAP,
        /** A pointer to readable, initialised memory of the size of the preceding map's key. */
        MAP_KEY,
        /** A pointer to readable, initialised memory of the size of the preceding map's value. */
        MAP_VALUE,
        /** A pointer to memory of the preceding map's value size that the helper fills. */
        UNINIT_MAP_VALUE,
        /** A pointer to readable, initialised memory; the next argument is its size. */
        READABLE,
        /** As READABLE, or null when the size is 0. */
        READABLE_OR_NULL,
        /** A pointer to writable memory that the helper fills; the next argument is its size. */
        WRITABLE,
        /** The size of the preceding memory argument, at least 1. */
        SIZE,
        /** The size of the preceding memory argument, 0 allowed. */
        SIZE_OR_ZERO,
        /** A known constant: the size of the memory that the result points to (ring buffer reservation). */
        RESERVATION_SIZE,
        /** A reserved ring buffer record; the call releases it. */
        RESERVATION,
        /** The codelet's own context pointer. */
        CONTEXT,
        /** A subprogram's address. */
        CALLBACK,
        /** Any number or pointer, null too: the callback receives it as it is. */
        CALLBACK_STATE,
        /** A pointer to a NUL-terminated string in frozen map memory. */
        CONST_STRING,
        /** A pointer to readable, initialised memory of the size that the preceding SIZE argument gives (probe_read). */
        SOURCE,
        /** A pointer to 8 writable bytes that the helper fills (strtol). */
        WRITABLE_LONG,
        /** A pointer to the {@code struct bpf_spin_lock} of a map's value. */
        SPIN_LOCK,
        /** A pointer to the {@code struct bpf_timer} of a map's value. */
        TIMER,
        /** The map whose value the preceding TIMER lies in. */
        TIMER_MAP,
        /** A pointer to writable memory inside a map's value; the next argument is its size (dynptr_from_mem). */
        VALUE_MEMORY,
        /** A pointer to 16 bytes of stack where the helper makes a dynptr to VALUE_MEMORY. */
        UNINIT_DYNPTR,
        /** A pointer to 16 bytes of stack where the helper makes a dynptr that has to be submitted or discarded. */
        UNINIT_RESERVED_DYNPTR,
        /** A pointer to a dynptr of any kind. */
        DYNPTR,
        /** A pointer to a dynptr made as UNINIT_RESERVED_DYNPTR; the call releases it. */
        RESERVED_DYNPTR,
        /** A known constant: the size of the memory that the result points to (dynptr_data). */
        SLICE_SIZE,
        /** The address of a per-CPU variable of the kernel. There is no kernel here, so that nothing is one. */
        PER_CPU_VARIABLE
    }

    /** What a helper returns. */
    public enum Result {
        /** A number. */
        SCALAR,
        /** Nothing that may be read: r0 is uninitialised afterwards. */
        VOID,
        /** The run goes on in another program and does not come back; or a number, when it stays (tail_call). */
        LEAVES,
        /** A pointer to a value of the map in r1, or null. */
        MAP_VALUE_OR_NULL,
        /** A reserved record of {@link Argument#RESERVATION_SIZE} bytes that must be released, or null. */
        RESERVATION_OR_NULL,
        /** Memory of the dynptr in r1, {@link Argument#SLICE_SIZE} bytes and valid as long as the dynptr is, or null. */
        SLICE_OR_NULL
    }
}
