package io.vertebra.vm.program;

import io.vertebra.vm.program.ContextLayout.Field;
import io.vertebra.vm.program.ContextLayout.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a run may know of the hook that fired, apart from the context: the same for every run of an attachment.
 *
 * @param id the hook's number, see {@link #id(String)}; 0 when no hook fired
 * @param arguments the fields of the context that hold the arguments of the hook's method, in order
 * @param result the field that holds the result of a traced method, or null
 * @param inline whether the run is on the thread that fired
 * @param control whether the run's result is the hook's
 * @param whenDetached what a control hook gives without a codelet
 */
public record FiredHook(
        long id, List<Field> arguments, Field result, boolean inline, boolean control, long whenDetached) {

    /** No hook: a run that a test or a tool began. */
    public static final FiredHook NONE = new FiredHook(0, List.of(), null, false, false, 0);

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    /** Makes the list immutable. */
    public FiredHook {
        arguments = List.copyOf(arguments);
    }

    /** A hook whose arguments are all that its context tells. */
    public static FiredHook of(String name, ContextLayout context, boolean inline, boolean control, long whenDetached) {
        return new FiredHook(id(name), arguments(context), null, inline, control, whenDetached);
    }

    /** The number of a hook, by its name: FNV-1a of 64 bits, so that it is the same in each process. */
    public static long id(String name) {
        long hash = FNV_OFFSET;
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * FNV_PRIME;
        }
        return hash;
    }

    /** A payload is one argument, though its context fields are three: data, data_end and its length. */
    private static List<Field> arguments(ContextLayout context) {
        var arguments = new ArrayList<Field>();
        var fields = context.fields();
        for (int i = 0; i < fields.size(); i++) {
            boolean afterEnd = i > 0 && fields.get(i - 1).kind() == Kind.PAYLOAD_END;
            if (fields.get(i).kind() != Kind.PAYLOAD_END && !afterEnd) {
                arguments.add(fields.get(i));
            }
        }
        return arguments;
    }
}
