package io.vertebra.verifier.analysis;

import io.vertebra.verifier.cfg.InnerMaps;
import io.vertebra.verifier.domain.Region;
import io.vertebra.verifier.domain.State;
import io.vertebra.verifier.domain.Value;
import io.vertebra.verifier.domain.Value.MapReference;
import io.vertebra.verifier.domain.Value.Pointer;
import io.vertebra.vm.helper.HelperPrototype;
import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.OpaqueMembers;
import java.util.List;
import java.util.Optional;

/**
 * Whether the locks and timers in map values are used as they must be. One lock is held at a time and, while it is,
 * nothing is called and no function left, so that its holder gives it back after a bounded number of instructions.
 */
final class OpaqueChecker {

    private static final String LOCK = "spin_lock";
    private static final String UNLOCK = "spin_unlock";

    private static final String CALL_OUTSIDE = "call it before bpf_spin_lock or after bpf_spin_unlock";

    private final List<MapSpec> maps;
    /** By map, what in its values belongs to the runtime. */
    private final List<OpaqueMembers> members;

    private final Text text;

    OpaqueChecker(Subject subject, Text text) {
        maps = subject.program.maps();
        members = subject.members;
        this.text = text;
    }

    /** Whether an argument is the lock of a value, and one that may be taken or given back now. */
    Optional<Violation> lock(State state, HelperPrototype prototype, int register, Value value) {
        var wrong = member(prototype, register, value, OpaqueMembers.LOCK);
        if (wrong.isPresent()) {
            return wrong;
        }
        if (prototype.name().equals(LOCK)) {
            return state.lock().isEmpty()
                    ? Optional.empty()
                    : violation(
                            Text.name(prototype) + " takes a second lock",
                            "a lock of " + text.map(state.lock().get().map()) + " is held",
                            "one lock at a time",
                            "call bpf_spin_unlock first");
        }
        if (state.lock().isEmpty()) {
            return violation(
                    Text.name(prototype) + " gives back a lock that is not held",
                    "",
                    "a bpf_spin_lock before on every path",
                    "");
        }
        return state.lock().get().equals(heldAfter((Pointer) value))
                ? Optional.empty()
                : violation(
                        Text.name(prototype) + " gives back another lock than the one that is held",
                        "a lock of " + text.map(state.lock().get().map()) + " is held, " + text.is(register, value)
                                + " that another lookup gave",
                        "the lock that was taken",
                        "use the same pointer for both calls");
    }

    /** The lock of the value that a pointer leads into. */
    static State.Lock heldAfter(Pointer pointer) {
        // Sound because pointers to values of one map with the same id lead to the same value; id 0 is global data.
        return new State.Lock(((Region.MapValue) pointer.region()).map(), pointer.id());
    }

    Optional<Violation> timer(HelperPrototype prototype, int register, Value value) {
        return member(prototype, register, value, OpaqueMembers.TIMER);
    }

    /** Whether an argument is the map of the timer before it. */
    Optional<Violation> timerMap(State state, HelperPrototype prototype, int register, Value value) {
        // One number stands for all inner maps of a map: it does not say that two of them are the same.
        boolean same = value instanceof MapReference reference
                && InnerMaps.outerOf(maps, reference.map()).isEmpty()
                && state.register(register - 1) instanceof Pointer timer
                && timer.region() instanceof Region.MapValue region
                && region.map() == reference.map();
        return same
                ? Optional.empty()
                : ArgumentChecker.wrong(text, prototype, register, value, "the map whose value has the timer");
    }

    private Optional<Violation> member(HelperPrototype prototype, int register, Value value, String type) {
        if (!(value instanceof Pointer p) || !(p.region() instanceof Region.MapValue region)) {
            return ArgumentChecker.wrong(
                    text, prototype, register, value, "a pointer to the `struct " + type + "` of a map's value");
        }
        if (p.nullable()) {
            return violation(
                    Text.register(register) + " may be null",
                    text.is(register, value),
                    "a pointer that is not null",
                    "check the result for NULL before use");
        }
        var found = members.get(region.map());
        int place = type.equals(OpaqueMembers.LOCK) ? found.lock() : found.timer();
        if (place == OpaqueMembers.NONE) {
            return violation(
                    "values of " + text.map(region.map()) + " have no `struct " + type + "`",
                    "",
                    "one such member in the value's struct",
                    "declare the map with __type(value, ...) and the member in that struct");
        }
        var extent = Extent.of(p, 0);
        return extent.isExact() && extent.least() == place
                ? Optional.empty()
                : violation(
                        Text.register(register) + " does not point to the `struct " + type + "` of "
                                + text.map(region.map()),
                        extent.toString(),
                        "offset " + place,
                        "pass the address of the member");
    }

    /** Whether a helper may be called with what is held. */
    Optional<Violation> mayCall(State state, HelperPrototype prototype) {
        return prototype.name().equals(UNLOCK)
                ? Optional.empty()
                : free(state, Text.name(prototype) + " is called", CALL_OUTSIDE);
    }

    /** Whether a function may be called. */
    Optional<Violation> mayEnter(State state, String function) {
        return free(state, "`" + function + "` is called", CALL_OUTSIDE);
    }

    /** Whether the run may end. */
    Optional<Violation> mayEnd(State state, String where) {
        return free(state, where + ",", "call bpf_spin_unlock before");
    }

    /** Whether a function may be left. */
    Optional<Violation> mayReturn(State state, String function) {
        return free(state, "`" + function + "` returns", "call bpf_spin_unlock before each return");
    }

    private Optional<Violation> free(State state, String what, String hint) {
        return state.lock()
                .map(held -> new Violation(
                        what + " while a lock of " + text.map(held.map()) + " is held",
                        "",
                        "nothing but bpf_spin_unlock of the same lock",
                        hint));
    }

    private static Optional<Violation> violation(String problem, String known, String needed, String hint) {
        return Optional.of(new Violation(problem, known, needed, hint));
    }
}
