package io.vertebra.verifier.analysis;

import io.vertebra.verifier.assertion.Assertion.AccessKind;
import io.vertebra.verifier.domain.Region;
import io.vertebra.verifier.domain.Slot;
import io.vertebra.verifier.domain.State;
import io.vertebra.verifier.domain.Value;
import io.vertebra.verifier.domain.Value.Number;
import io.vertebra.verifier.domain.Value.Pointer;
import io.vertebra.vm.helper.Dynptr;
import io.vertebra.vm.helper.Dynptr.Kind;
import io.vertebra.vm.helper.HelperPrototype;
import java.util.Optional;

/** Whether helpers on dynptrs get what they need. */
final class DynptrChecker {

    private final MemoryChecker memory;
    private final Text text;

    DynptrChecker(MemoryChecker memory, Text text) {
        this.memory = memory;
        this.text = text;
    }

    /** A place on the stack where a dynptr may be made: the memory's own check tells of one that would be lost. */
    Optional<Violation> place(State state, HelperPrototype prototype, int register, Value value) {
        if (!(value instanceof Pointer p) || !(p.region() instanceof Region.Stack)) {
            return wrong(prototype, register, value, "a pointer to 16 bytes of the stack");
        }
        var extent = Extent.of(p, 0);
        if (!extent.isExact() || extent.least() % Slot.SIZE != 0) {
            return Optional.of(new Violation(
                    "the place of the dynptr is not fixed",
                    Text.register(register) + " has " + extent,
                    "a constant offset that is a multiple of 8",
                    "declare it as a variable of its own: struct bpf_dynptr"));
        }
        return memory.block(state, register, StackMemory.DYNPTR_BYTES, AccessKind.WRITE);
    }

    /** A dynptr of any kind. */
    Optional<Violation> dynptr(State state, HelperPrototype prototype, int register, Value value) {
        boolean sample = value instanceof Pointer p
                && p.region() instanceof Region.SampleDynptr
                && Extent.of(p, 0).equals(new Extent(0, 0));
        return sample || StackMemory.dynptr(state, value).isPresent()
                ? Optional.empty()
                : wrong(prototype, register, value, "a dynptr that was made on every path and not overwritten");
    }

    /** A dynptr that has to be released. */
    Optional<Violation> reserved(State state, HelperPrototype prototype, int register, Value value) {
        var dynptr = StackMemory.dynptr(state, value);
        return dynptr.filter(d -> d.kind() == Kind.RESERVED && state.holds(d.id()))
                        .isPresent()
                ? Optional.empty()
                : Optional.of(new Violation(
                        Text.argument(prototype, register - 1) + " is wrong",
                        dynptr.map(d -> "it is a dynptr " + d.kind().origin())
                                .orElse(text.is(register, value) + " where no dynptr is"),
                        "a dynptr of bpf_ringbuf_reserve_dynptr that was not submitted or discarded before",
                        "submit or discard it once on every path"));
    }

    /** Memory that a dynptr may stand for: in a map's value, to be read and written. */
    Optional<Violation> valueMemory(State state, HelperPrototype prototype, int register, Value value) {
        if (!(value instanceof Pointer p) || !(p.region() instanceof Region.MapValue)) {
            return wrong(prototype, register, value, "a pointer into a map's value");
        }
        if (!(state.register(register + 1) instanceof Number size)) {
            return wrong(prototype, register + 1, state.register(register + 1), "a size");
        }
        long most = Math.clamp(size.scalar().wide().smax(), 0, Integer.MAX_VALUE);
        var write = memory.block(state, register, most, AccessKind.WRITE);
        return write.isPresent() ? write : memory.block(state, register, most, AccessKind.READ);
    }

    Optional<Violation> sliceSize(HelperPrototype prototype, int register, Value value) {
        return value instanceof Number n
                        && n.scalar().isConstant()
                        && n.scalar().value() >= 0
                        && n.scalar().value() <= Dynptr.MOST_BYTES
                ? Optional.empty()
                : wrong(prototype, register, value, "a constant size from 0 to " + Dynptr.MOST_BYTES);
    }

    private Optional<Violation> wrong(HelperPrototype prototype, int register, Value value, String needed) {
        return ArgumentChecker.wrong(text, prototype, register, value, needed);
    }
}
