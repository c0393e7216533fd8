package io.vertebra.verifier.analysis;

import io.vertebra.verifier.assertion.Assertion.AccessKind;
import io.vertebra.verifier.domain.Frame;
import io.vertebra.verifier.domain.Region;
import io.vertebra.verifier.domain.Slot;
import io.vertebra.verifier.domain.State;
import io.vertebra.verifier.domain.Tnum;
import io.vertebra.verifier.domain.Value;
import io.vertebra.verifier.domain.Value.Pointer;
import io.vertebra.verifier.platform.Platform;
import io.vertebra.vm.helper.Dynptr;
import io.vertebra.vm.program.ContextLayout.Field;
import io.vertebra.vm.program.ContextLayout.Kind;
import io.vertebra.vm.program.OpaqueMembers;
import io.vertebra.vm.program.Program;
import java.util.List;
import java.util.Optional;

/** Whether memory may be accessed through a register: type, null, bounds, initialisation, permission, alignment. */
final class MemoryChecker {

    private static final String BOUND = "bound the index first, for example: if (index >= LIMIT) return 0;";

    private final Program program;
    private final Platform platform;
    private final List<OpaqueMembers> members;
    private final Text text;

    MemoryChecker(Subject subject, Text text) {
        program = subject.program;
        platform = subject.platform;
        members = subject.members;
        this.text = text;
    }

    /**
     * One access.
     *
     * @param register the base
     * @param offset added to it
     * @param bytes size, or the greatest size that is possible
     * @param kind what is done
     * @param instruction whether an instruction does it: a helper may not read pointers, nor the context
     */
    private record Access(
            int register, Pointer pointer, long offset, long bytes, AccessKind kind, boolean instruction) {
        Extent extent() {
            return Extent.of(pointer, offset);
        }

        String where() {
            return extent() + ", " + size(bytes);
        }

        String place() {
            return Text.place(register, offset);
        }
    }

    private static String size(long bytes) {
        return bytes + (bytes == 1 ? " byte" : " bytes");
    }

    /** Whether an instruction may access memory. */
    Optional<Violation> access(State state, int register, int offset, int bytes, AccessKind kind) {
        return check(state, register, offset, bytes, kind, true);
    }

    /** Whether a helper may access a block of memory. */
    Optional<Violation> block(State state, int register, long bytes, AccessKind kind) {
        return check(state, register, 0, bytes, kind, false);
    }

    private Optional<Violation> check(
            State state, int register, long offset, long bytes, AccessKind kind, boolean instruction) {
        var value = state.register(register);
        if (!(value instanceof Pointer pointer)) {
            return value instanceof Value.Uninitialised
                    ? violation(text.is(register, value), "", "a pointer to memory", Text.SET_EVERYWHERE)
                    : violation(
                            text.is(register, value) + ", not a pointer to memory",
                            "",
                            "a pointer to memory",
                            "pointers come from the context, the stack, maps and reserved records");
        }
        if (pointer.nullable()) {
            return violation(
                    Text.register(register) + " may be null",
                    text.is(register, value),
                    "a pointer that is not null",
                    "check the result for NULL before use");
        }
        var access = new Access(register, pointer, offset, bytes, kind, instruction);
        return switch (pointer.region()) {
            case Region.Stack region -> stack(state, access, region);
            case Region.Context _ -> context(access);
            case Region.Payload _ -> payload(state, access);
            case Region.PayloadEnd _ -> beforeEnd(state, access);
            case Region.MapKey region -> mapKey(access, region);
            case Region.MapValue region -> mapValue(access, region);
            case Region.MapObject _ ->
                violation(
                        Text.register(register) + " is a map, not memory",
                        text.is(register, value),
                        "a pointer to a value of it",
                        "look a key up in it first");
            case Region.RingRecord region -> bounded(access, region.size());
            case Region.SampleDynptr _ ->
                violation(
                        Text.register(register) + " points to a dynptr, which is opaque",
                        text.is(register, pointer),
                        "a pointer to memory",
                        "call bpf_dynptr_read or bpf_dynptr_data");
            case Region.Slice region -> slice(access, region);
        };
    }

    private Optional<Violation> stack(State state, Access access, Region.Stack region) {
        var extent = access.extent();
        if (extent.least() < -Frame.STACK_SIZE || extent.most() + access.bytes() > 0) {
            return violation(
                    access.place() + " may be outside the stack",
                    access.where() + ", the stack is [-" + Frame.STACK_SIZE + ", 0)",
                    "every byte from r10 - " + Frame.STACK_SIZE + " to r10 - 1",
                    extent.isExact() ? leftInStack(extent.least()) : BOUND);
        }
        var opaque = dynptrs(state, access, region);
        if (opaque.isPresent() || access.kind() == AccessKind.WRITE) {
            return opaque;
        }
        if (access.kind() == AccessKind.ATOMIC && misaligned(access).isPresent()) {
            return misaligned(access);
        }
        long first = extent.least() + Frame.STACK_SIZE;
        long end = extent.most() + access.bytes() + Frame.STACK_SIZE;
        boolean aligned = extent.isExact() && first % Slot.SIZE == 0 && access.bytes() == Slot.SIZE;
        if (access.instruction()
                && access.kind() == AccessKind.READ
                && aligned
                && state.peekSlot(region.frame(), (int) first / Slot.SIZE).holdsPointer()) {
            return Optional.empty();
        }
        for (long at = first; at < end; at++) {
            var slot = state.peekSlot(region.frame(), (int) at / Slot.SIZE);
            if (!slot.isData((int) at % Slot.SIZE, 1)) {
                return unreadable(access, slot, at - Frame.STACK_SIZE);
            }
        }
        return Optional.empty();
    }

    private static String leftInStack(long offset) {
        return offset < -Frame.STACK_SIZE || offset >= 0
                ? "use fewer or smaller local variables"
                : "only " + size(-offset) + " are left from there: give the variable's own size";
    }

    private Optional<Violation> unreadable(Access access, Slot slot, long at) {
        if (slot.holdsPointer()) {
            return violation(
                    "the stack at r10 - " + -at + " holds a pointer, which may not be read as data",
                    access.where(),
                    "numbers",
                    "");
        }
        return violation(
                "the stack at r10 - " + -at + " may be uninitialised",
                access.where() + " read",
                "a store to each byte on every path that leads here",
                "initialise the variable where it is declared; padding of a struct counts too");
    }

    private Optional<Violation> context(Access access) {
        var extent = access.extent();
        var layout = platform.context();
        boolean possible = switch (access.kind()) {
            case READ -> access.instruction();
            case WRITE -> access.instruction() && platform.contextWritable();
            case ATOMIC -> false;
        };
        if (!possible) {
            return violation(
                    access.kind() == AccessKind.READ
                            ? "the context may not be read by a helper"
                            : "the context is read-only",
                    text.is(access.register(), access.pointer()),
                    "memory on the stack or in a map",
                    "copy the field to a local variable first");
        }
        var field = extent.isExact() ? layout.covering(extent.least(), (int) access.bytes()) : Optional.<Field>empty();
        boolean stores = access.kind() == AccessKind.WRITE;
        if (field.isEmpty() || !isInside(field.get(), extent.least(), access.bytes(), stores)) {
            return violation(
                    access.place() + " does not " + (stores ? "change" : "read") + " one field of the context `"
                            + layout.name() + "`",
                    access.where() + ", size " + layout.size()
                            + field.map(f -> ", field `" + f.name() + "` is " + f.size() + " bytes at " + f.offset())
                                    .orElse(""),
                    "a constant offset and a size inside one field",
                    "use the struct of the hook's header as it is, and read `data` and `data_end` whole");
        }
        return Optional.empty();
    }

    private static boolean isInside(Field field, long offset, long bytes, boolean stores) {
        return switch (field.kind()) {
            case Kind.SCALAR -> offset % bytes == 0;
            case Kind.STRING -> true;
            case Kind.PAYLOAD, Kind.PAYLOAD_END -> !stores && offset == field.offset() && bytes == field.size();
        };
    }

    private Optional<Violation> permitted(Access access) {
        return access.kind() != AccessKind.READ && !platform.payloadWritable()
                ? violation(
                        "the payload is read-only",
                        "",
                        "a hook whose payload is writable",
                        "copy what you want to change")
                : Optional.empty();
    }

    /** An access at a constant distance before the end. */
    private Optional<Violation> beforeEnd(State state, Access access) {
        if (permitted(access).isPresent()) {
            return permitted(access);
        }
        long first = access.pointer().offset() + access.offset();
        if (first + access.bytes() > 0) {
            return violation(
                    Text.register(access.register()) + " points after the payload",
                    "",
                    "a pointer made from `data`",
                    "compare with `data_end`, do not follow it");
        }
        if (-first > state.proven(0)) {
            return violation(
                    access.place() + " may be before the payload",
                    -first + " bytes before the end, " + state.proven(0) + " bytes proven",
                    "a payload of at least " + -first + " bytes on every path",
                    "compare `data + " + -first + "` with `data_end` first");
        }
        // Where the end is, is not known, and so is not the alignment.
        return access.kind() == AccessKind.ATOMIC ? alignment(access) : Optional.empty();
    }

    private Optional<Violation> payload(State state, Access access) {
        var pointer = access.pointer();
        long proven = state.proven(pointer.index());
        if (permitted(access).isPresent()) {
            return permitted(access);
        }
        long end = pointer.offset() + access.offset() + access.bytes();
        if (access.extent().least() < 0 || !access.extent().isNear() || end > proven) {
            boolean variable = !pointer.variable().isConstant();
            return violation(
                    access.place() + " may be outside the payload",
                    access.where() + ", " + size(Math.max(0, proven)) + " proven"
                            + (variable ? " behind the index" : ""),
                    "a comparison of the end of what is accessed with `data_end` on every path",
                    (variable ? "after adding the index: if (p + " : "first: if (data + ") + end
                            + " > data_end) return 0;");
        }
        return access.kind() == AccessKind.ATOMIC ? misaligned(access) : Optional.empty();
    }

    /** Dynptrs on the stack: none is read, and one that has to be released is not overwritten. */
    private static Optional<Violation> dynptrs(State state, Access access, Region.Stack region) {
        long end = access.extent().most() + access.bytes() + Frame.STACK_SIZE;
        for (long at = access.extent().least() + Frame.STACK_SIZE; at < end; at++) {
            if (state.peekSlot(region.frame(), (int) at / Slot.SIZE).whole() instanceof Value.Dynptr dynptr) {
                long place = Frame.STACK_SIZE - at;
                if (access.kind() != AccessKind.WRITE) {
                    return violation(
                            "the stack at r10 - " + place + " holds a dynptr, which is opaque",
                            access.extent() + ", " + access.bytes() + " bytes",
                            "other memory",
                            "call bpf_dynptr_read or bpf_dynptr_data");
                }
                if (dynptr.kind() == Dynptr.Kind.RESERVED) {
                    return violation(
                            "the stack at r10 - " + place + " holds a dynptr that would be overwritten",
                            access.extent() + ", " + access.bytes() + " bytes",
                            "a dynptr that stays until it is released",
                            "call bpf_ringbuf_submit_dynptr or bpf_ringbuf_discard_dynptr first");
                }
            }
        }
        return Optional.empty();
    }

    private Optional<Violation> slice(Access access, Region.Slice region) {
        return access.kind() == AccessKind.ATOMIC
                ? violation(
                        access.place() + " may be misaligned for an atomic access",
                        "nobody knows where in its memory a dynptr begins",
                        "memory of a map's value or the stack",
                        "use the map's value itself")
                : bounded(access, region.size());
    }

    private Optional<Violation> mapKey(Access access, Region.MapKey region) {
        return access.kind() == AccessKind.READ
                ? bounded(access, program.maps().get(region.map()).keySize())
                : violation(
                        text.region(region) + " is read-only",
                        text.is(access.register(), access.pointer()),
                        "memory that codelets may change",
                        "copy the key to a local variable first");
    }

    private Optional<Violation> mapValue(Access access, Region.MapValue region) {
        var map = program.maps().get(region.map());
        if (access.kind() != AccessKind.READ && !MapRules.isWritable(map)) {
            return violation(
                    text.map(region.map()) + " is read-only",
                    map.frozen() ? "it holds constants" : "its flags say so",
                    "a map that codelets may change",
                    map.frozen() ? "declare the variable without const" : "");
        }
        if (access.kind() != AccessKind.WRITE && !MapRules.isReadable(map)) {
            return violation(text.map(region.map()) + " is write-only", "", "a map that codelets may read", "");
        }
        var outside = bounded(access, map.valueSize());
        return outside.isPresent() ? outside : opaque(access, members.get(region.map()));
    }

    /** Sound because an access whose offset is not known counts as touching all bytes that it may. */
    private Optional<Violation> opaque(Access access, OpaqueMembers members) {
        var extent = access.extent();
        if (!members.touch(extent.least(), extent.most() - extent.least() + access.bytes())) {
            return Optional.empty();
        }
        return violation(
                access.place() + " may touch what belongs to the runtime in "
                        + text.region(access.pointer().region()),
                extent + ", " + access.bytes() + " bytes" + members.described(),
                "other bytes of the value",
                "pass the address of the member to its helpers, and copy the members around it one by one");
    }

    private Optional<Violation> bounded(Access access, long size) {
        var extent = access.extent();
        if (extent.least() < 0 || extent.most() + access.bytes() > size) {
            return violation(
                    access.place() + " may be outside "
                            + text.region(access.pointer().region()),
                    access.where() + ", size " + size,
                    access.bytes() > size ? "at most " + size(size) : "an offset from 0 to " + (size - access.bytes()),
                    extent.isExact() ? "" : BOUND);
        }
        return access.kind() == AccessKind.ATOMIC ? misaligned(access) : Optional.empty();
    }

    private static Optional<Violation> misaligned(Access access) {
        var pointer = access.pointer();
        var address = Tnum.constant(pointer.offset() + access.offset())
                .add(pointer.variable().bits());
        if (((address.value() | address.mask()) & (access.bytes() - 1)) == 0) {
            return Optional.empty();
        }
        return alignment(access);
    }

    private static Optional<Violation> alignment(Access access) {
        return violation(
                access.place() + " may be misaligned for an atomic access",
                access.where(),
                "an offset that is a multiple of " + access.bytes(),
                "align the member in its struct");
    }

    private static Optional<Violation> violation(String problem, String known, String needed, String hint) {
        return Optional.of(new Violation(problem, known, needed, hint));
    }
}
