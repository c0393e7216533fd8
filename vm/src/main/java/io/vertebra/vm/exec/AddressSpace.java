package io.vertebra.vm.exec;

import io.vertebra.vm.helper.HelperContext;
import io.vertebra.vm.isa.Instruction.AccessSize;
import io.vertebra.vm.isa.Instruction.Atomic;
import io.vertebra.vm.isa.Instruction.AtomicOp;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.map.BpfRingBuffer;
import io.vertebra.vm.program.ProgramFault;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The memory that one run sees: the execution slot's own regions and those of the program's maps. Every access goes
 * through {@link #check}. Not thread-safe; allocates only when it faults.
 */
final class AddressSpace {

    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    static final VarHandle ATOMIC_LONG =
            ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();
    static final VarHandle ATOMIC_INT =
            ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();

    private static final Region[] NO_MAPS = new Region[0];

    final Region stack = Region.own("the stack");
    final Region context = Region.own("the context");
    final Region payload = Region.own("the payload");
    final PayloadSource payloadSource = new PayloadSource();
    final Region keys = Region.own("the key of a callback");
    final Reservations reservations = new Reservations();
    final HeldLock lock = new HeldLock();

    final Region sample = Region.own("the sample of a callback");
    final Dynptrs dynptrs = new Dynptrs(this);

    private final Region[] own = {
        null, stack, context, payload, keys, Region.own("a subprogram"), sample, Region.own("the dynptr of a sample")
    };
    private Region[] maps = NO_MAPS;
    private final InnerMaps innerMaps = new InnerMaps();

    AddressSpace() {
        int bytes = Addresses.FRAMES * Addresses.FRAME_STRIDE;
        stack.place(MemorySegment.ofArray(new long[bytes / 8]), 0, bytes, true);
        stack.divide(Addresses.FRAME_STRIDE, Addresses.FRAME_BYTES);
        keys.place(MemorySegment.ofArray(new long[bytes / 8]), 0, bytes, false);
        keys.divide(Addresses.FRAME_STRIDE, Addresses.FRAME_BYTES);
    }

    /** Makes the maps of a program reachable: two regions each, its object and its values. */
    @SuppressWarnings("ReferenceEquality") // as in Region.place
    void bind(Region[] regions) {
        if (maps != regions) {
            maps = regions;
        }
    }

    /** Makes unreachable what was only of the run. */
    void endRun() {
        innerMaps.forget();
        dynptrs.forget();
        endSample();
    }

    /** Makes the sample of a callback unreachable. */
    void endSample() {
        if (dynptrs.hasSample()) {
            dynptrs.sample(null);
            sample.place(MemorySegment.NULL, 0, 0, false);
        }
    }

    private Region find(int number) {
        if (number >= Addresses.FIRST_INNER) {
            return innerMaps.find(number - Addresses.FIRST_INNER);
        }
        if (number < Addresses.FIRST_MAP) {
            return number < own.length ? own[number] : null;
        }
        return number - Addresses.FIRST_MAP < maps.length ? maps[number - Addresses.FIRST_MAP] : null;
    }

    /** The region that contains all bytes of an access and allows it. */
    Region check(long address, long size, boolean write, int slot) {
        Region region = find(Addresses.region(address));
        long offset = Addresses.offset(address);
        if (region != null
                && region.allows(offset, size, write)
                && (region.ring == null || reservations.cover(region.ring, offset, size))) {
            return region.resolve();
        }
        throw fault(region, address, size, write, slot);
    }

    /** Whether an access of all bytes for reading is allowed, and not on the stack. */
    boolean hasContent(long address, long size) {
        Region region = find(Addresses.region(address));
        long offset = Addresses.offset(address);
        return region != null
                && region != stack
                && region.allows(offset, size, false)
                && (region.ring == null || reservations.cover(region.ring, offset, size));
    }

    private static ProgramFault fault(Region region, long address, long size, boolean write, int slot) {
        long offset = Addresses.offset(address);
        String access = "insn " + slot + ": " + (write ? "write to " : "read of ");
        String extent = ": offset=" + offset + ", size=" + size + ", ";
        if (region != null) {
            String refusal = region.ring == null
                    ? region.refusal(offset, size, write)
                    : "allowed only inside records that this run has reserved";
            return new ProgramFault(slot, access + region.name + extent + refusal);
        }
        return Addresses.region(address) == 0
                ? new ProgramFault(slot, access + "null" + extent + "check the pointer before use")
                : new ProgramFault(
                        slot,
                        access + "no region" + extent + "address=0x" + Long.toHexString(address)
                                + ", derive pointers from the context, the stack, maps or the payload");
    }

    /** Where in its segment the region of an address begins; 0 when there is no region. */
    long base(long address) {
        Region region = find(Addresses.region(address));
        return region == null ? 0 : region.base;
    }

    /** The map behind the address of its object. */
    BpfMap map(long address, int slot) {
        int number = Addresses.region(address);
        Region region = number < Addresses.FIRST_MAP || number % 2 != 0 ? null : find(number);
        if (region == null || Addresses.offset(address) != 0) {
            throw new ProgramFault(
                    slot,
                    "insn " + slot + ": address=0x" + Long.toHexString(address) + " is not a map, one is needed here");
        }
        return region.map;
    }

    /** The address of an inner map, which stays reachable until the run ends; 0 for none. */
    long innerMapAddress(BpfMap map) {
        return map == null ? 0 : innerMaps.address(map);
    }

    /** The address of an offset in a map's values; 0 for a negative offset. */
    long valueAddress(BpfMap map, long offset, int slot) {
        if (offset < 0) {
            return 0;
        }
        for (int i = 1; i < maps.length; i += 2) {
            if (maps[i].map == map) {
                return Addresses.mapValues(i / 2) + offset;
            }
        }
        long inner = innerMaps.valuesAddress(map);
        if (inner != 0) {
            return inner + offset;
        }
        throw new ProgramFault(
                slot, "insn " + slot + ": map `" + map.spec().name() + "` is not one of the program's maps");
    }

    /** The ring whose records an address leads into, the address being the start of one that this run reserved. */
    BpfRingBuffer ringOf(long address, int slot) {
        Region region = find(Addresses.region(address));
        if (region == null || region.ring == null || !reservations.holds(region.ring, Addresses.offset(address))) {
            throw notReserved(address, slot);
        }
        if (dynptrs.own(region.ring, address)) {
            throw new ProgramFault(
                    slot, "insn " + slot + ": the record belongs to a dynptr, submit or discard that instead");
        }
        return region.ring;
    }

    static ProgramFault notReserved(long address, int slot) {
        return new ProgramFault(
                slot,
                "insn " + slot + ": address=0x" + Long.toHexString(address)
                        + " is not the start of a record that this run has reserved");
    }

    /** Whether an address leads into the values of a map that are not records. */
    boolean isValueOfMap(long address) {
        Region region = find(Addresses.region(address));
        return region != null && region.map != null && region.ring == null && region.limit > 0;
    }

    /** The region that a lock's address leads into. */
    Region lockRegion(long address, int slot) {
        Region region = find(Addresses.region(address));
        if (region == null || !region.isLock(Addresses.offset(address))) {
            throw new ProgramFault(
                    slot,
                    "insn " + slot + ": address=0x" + Long.toHexString(address)
                            + " is not a `struct bpf_spin_lock` in a map's value");
        }
        return region;
    }

    /** The value that a timer's address leads into. */
    HelperContext.TimerPlace timerPlace(long address, int slot) {
        Region region = find(Addresses.region(address));
        long offset = Addresses.offset(address);
        if (region == null || !region.isTimer(offset)) {
            throw new ProgramFault(
                    slot,
                    "insn " + slot + ": address=0x" + Long.toHexString(address)
                            + " is not a `struct bpf_timer` in a map's value");
        }
        return new HelperContext.TimerPlace(region.map, region.valueOffset(offset));
    }

    /** The address of a map's object: that of one of the program's maps, or of an inner map. */
    long mapAddress(BpfMap map) {
        for (int i = 0; i < maps.length; i += 2) {
            if (maps[i].map == map) {
                return Addresses.map(i / 2);
            }
        }
        return innerMaps.address(map);
    }

    /** A load of RFC 9669 sections 5.1 and 5.2. */
    long load(long address, AccessSize size, boolean signed, int slot) {
        Region region = check(address, size.bytes(), false, slot);
        MemorySegment segment = region.segment;
        long at = region.base + Addresses.offset(address);
        return switch (size) {
            case BYTE -> {
                byte value = segment.get(ValueLayout.JAVA_BYTE, at);
                yield signed ? value : Byte.toUnsignedLong(value);
            }
            case HALF -> {
                short value = segment.get(SHORT, at);
                yield signed ? value : Short.toUnsignedLong(value);
            }
            case WORD -> {
                int value = segment.get(INT, at);
                yield signed ? value : Integer.toUnsignedLong(value);
            }
            case DOUBLE -> segment.get(LONG, at);
        };
    }

    /** A store of RFC 9669 section 5.1. */
    void store(long address, AccessSize size, long value, int slot) {
        Region region = check(address, size.bytes(), true, slot);
        MemorySegment segment = region.segment;
        long at = region.base + Addresses.offset(address);
        switch (size) {
            case BYTE -> segment.set(ValueLayout.JAVA_BYTE, at, (byte) value);
            case HALF -> segment.set(SHORT, at, (short) value);
            case WORD -> segment.set(INT, at, (int) value);
            case DOUBLE -> segment.set(LONG, at, value);
        }
    }

    /**
     * An atomic operation of RFC 9669 section 5.3; gives the old value, zero-extended.
     *
     * @param operand the source register
     * @param expected r0, for the compare and exchange
     */
    long atomic(Atomic atomic, long address, long operand, long expected, int slot) {
        int size = atomic.size().bytes();
        Region region = check(address, size, true, slot);
        long at = region.base + Addresses.offset(address);
        boolean wide = atomic.size() == AccessSize.DOUBLE;
        if (!region.shared) {
            return atomicAlone(atomic.op(), wide, region.segment, at, operand, expected);
        }
        if (at % size != 0) {
            throw new ProgramFault(
                    slot,
                    "insn " + slot + ": atomic on " + region.name + ": offset=" + at + " is not a multiple of " + size);
        }
        return wide
                ? atomicLong(atomic.op(), region.segment, at, operand, expected)
                : Integer.toUnsignedLong(atomicInt(atomic.op(), region.segment, at, (int) operand, (int) expected));
    }

    private static long atomicLong(AtomicOp op, MemorySegment segment, long at, long operand, long expected) {
        return switch (op) {
            case ADD -> (long) ATOMIC_LONG.getAndAdd(segment, at, operand);
            case OR -> (long) ATOMIC_LONG.getAndBitwiseOr(segment, at, operand);
            case AND -> (long) ATOMIC_LONG.getAndBitwiseAnd(segment, at, operand);
            case XOR -> (long) ATOMIC_LONG.getAndBitwiseXor(segment, at, operand);
            case EXCHANGE -> (long) ATOMIC_LONG.getAndSet(segment, at, operand);
            case COMPARE_EXCHANGE -> (long) ATOMIC_LONG.compareAndExchange(segment, at, expected, operand);
        };
    }

    private static int atomicInt(AtomicOp op, MemorySegment segment, long at, int operand, int expected) {
        return switch (op) {
            case ADD -> (int) ATOMIC_INT.getAndAdd(segment, at, operand);
            case OR -> (int) ATOMIC_INT.getAndBitwiseOr(segment, at, operand);
            case AND -> (int) ATOMIC_INT.getAndBitwiseAnd(segment, at, operand);
            case XOR -> (int) ATOMIC_INT.getAndBitwiseXor(segment, at, operand);
            case EXCHANGE -> (int) ATOMIC_INT.getAndSet(segment, at, operand);
            case COMPARE_EXCHANGE -> (int) ATOMIC_INT.compareAndExchange(segment, at, expected, operand);
        };
    }

    /** Memory that only this run sees: a plain read and write, at any alignment. */
    private static long atomicAlone(
            AtomicOp op, boolean wide, MemorySegment segment, long at, long operand, long expected) {
        long old = wide ? segment.get(LONG, at) : Integer.toUnsignedLong(segment.get(INT, at));
        boolean equal = wide ? old == expected : (int) old == (int) expected;
        long value = switch (op) {
            case ADD -> old + operand;
            case OR -> old | operand;
            case AND -> old & operand;
            case XOR -> old ^ operand;
            case EXCHANGE -> operand;
            case COMPARE_EXCHANGE -> equal ? operand : old;
        };
        if (wide) {
            segment.set(LONG, at, value);
        } else {
            segment.set(INT, at, (int) value);
        }
        return old;
    }
}
