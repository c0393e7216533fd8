package io.vertebra.runtime.hook;

import io.vertebra.vm.exec.PayloadType;
import io.vertebra.vm.program.ContextLayout;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A hook as codelets, verifier and tools see it. Holds no class, so that lists of hooks keep no application alive.
 *
 * @param name {@code group/name}, or {@code name} in a group without a name
 * @param declaredBy the Java interface and method, for example {@code com.acme.GatewayHooks.requestReceived}
 * @param context the struct that a codelet gets
 * @param control whether the codelet's result is the method's
 * @param whenDetached the method's result without a codelet; 0 for a monitoring hook
 * @param keyed whether events with the same key run on the same core; otherwise the firing thread decides
 * @param payload what the payload is, if there is one
 * @param writablePayload whether an inline codelet may write to the payload
 * @param names what values from 0 on are called, by field; fields whose values have no names are absent
 */
public record HookDescriptor(
        String name,
        String declaredBy,
        ContextLayout context,
        boolean control,
        long whenDetached,
        boolean keyed,
        Optional<PayloadType> payload,
        boolean writablePayload,
        Map<String, List<String>> names) {

    /** Makes the map immutable. */
    public HookDescriptor {
        names = Map.copyOf(names);
    }

    /** The ELF section of a program for this hook: {@code hook/group/name} or {@code control/group/name}. */
    public String section() {
        return (control ? "control/" : "hook/") + name;
    }
}
