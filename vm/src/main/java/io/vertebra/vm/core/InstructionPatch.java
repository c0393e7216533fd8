package io.vertebra.vm.core;

import io.vertebra.vm.core.Resolution.Access;
import io.vertebra.vm.core.Resolution.Numbers;
import io.vertebra.vm.core.Resolution.Patched;
import io.vertebra.vm.format.ObjectFormatException;
import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.Instruction.AccessSize;
import io.vertebra.vm.isa.Instruction.Immediate;
import java.util.Optional;

/**
 * Puts a number into an instruction: the constant of an operation or of a wide load, or offset and size of a load, store
 * or atomic. Stateless.
 *
 * <p>The size of an access follows its field. Unsigned fields and pointers are loaded and stored with the target's size.
 * A signed field needs more care than libbpf takes, which gives up: when it became narrower, a load that filled its
 * register extends the sign; when it became wider, a load takes the low bytes, which is the number as long as the old
 * type can hold it.
 */
final class InstructionPatch {

    private InstructionPatch() {}

    /** The changed instruction; empty when no instruction reads or writes such a field correctly. */
    static Optional<Instruction> apply(Instruction instruction, Patched patch) {
        return switch (instruction) {
            case Instruction.Alu i
            when i.src() instanceof Immediate immediate -> {
                expect(immediate.value(), patch);
                yield Optional.of(
                        new Instruction.Alu(i.width(), i.op(), i.dst(), new Immediate(immediate(patch.after()))));
            }
            case Instruction.LoadImmediate i -> {
                expect(i.value(), patch);
                yield Optional.of(new Instruction.LoadImmediate(i.dst(), patch.after()));
            }
            case Instruction.Load i -> {
                int offset = offset(i.offset(), patch);
                yield load(i, offset, patch.access());
            }
            case Instruction.Store i -> {
                int offset = offset(i.offset(), patch);
                yield resized(i.size(), patch.access())
                        .map(size -> new Instruction.Store(size, i.base(), offset, i.src()));
            }
            case Instruction.Atomic i -> {
                int offset = offset(i.offset(), patch);
                yield resized(i.size(), patch.access())
                        .filter(size -> size.bytes() >= Integer.BYTES)
                        .map(size -> new Instruction.Atomic(size, i.op(), i.fetch(), i.base(), offset, i.src()));
            }
            default ->
                throw new ObjectFormatException(
                        "cannot be relocated, allowed are an operation with a constant, a wide load of a number, a"
                                + " load, a store and an atomic");
        };
    }

    private static void expect(long found, Patched patch) {
        long before = patch.before();
        if (patch.checked() && found != before && (int) found != before && found != (int) before) {
            throw new ObjectFormatException("has %d where the relocation expects %d".formatted(found, before));
        }
    }

    /** An operation sees a constant of 32 bits with its sign. */
    private static int immediate(long value) {
        if (value != (int) value && value != Integer.toUnsignedLong((int) value)) {
            throw new ObjectFormatException("%d does not fit into its 32 bits".formatted(value));
        }
        return (int) value;
    }

    private static int offset(int found, Patched patch) {
        expect(found, patch);
        if (patch.after() < 0 || patch.after() > Short.MAX_VALUE) {
            throw new ObjectFormatException("offset %d, allowed is 0 to %d".formatted(patch.after(), Short.MAX_VALUE));
        }
        return (int) patch.after();
    }

    private static Optional<Instruction> load(Instruction.Load i, int offset, Access access) {
        if (access.before() == access.after() || access.numbers() != Numbers.SIGNED) {
            return resized(i.size(), access)
                    .map(size -> new Instruction.Load(size, i.signed(), i.dst(), i.base(), offset));
        }
        if (access.after() > access.before()) {
            // little endian: the low bytes are the first
            return Optional.of(new Instruction.Load(i.size(), i.signed(), i.dst(), i.base(), offset));
        }
        boolean whole = i.size() == AccessSize.DOUBLE || i.signed();
        return size(access.after())
                .filter(_ -> whole && i.size().bytes() == access.before())
                .map(size -> new Instruction.Load(size, true, i.dst(), i.base(), offset));
    }

    private static Optional<AccessSize> resized(AccessSize size, Access access) {
        if (access.before() == access.after()) {
            return Optional.of(size);
        }
        if (access.numbers() != Numbers.UNSIGNED) {
            return Optional.empty();
        }
        if (size.bytes() != access.before()) {
            throw new ObjectFormatException(
                    "accesses %d bytes, its field in the object has %d".formatted(size.bytes(), access.before()));
        }
        return size(access.after());
    }

    private static Optional<AccessSize> size(long bytes) {
        for (var size : AccessSize.values()) {
            if (size.bytes() == bytes) {
                return Optional.of(size);
            }
        }
        return Optional.empty();
    }
}
