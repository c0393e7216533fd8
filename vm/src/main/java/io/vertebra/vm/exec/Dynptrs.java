package io.vertebra.vm.exec;

import io.vertebra.vm.helper.Dynptr;
import io.vertebra.vm.map.BpfRingBuffer;
import io.vertebra.vm.program.ProgramFault;
import java.util.HashMap;
import java.util.Map;

/**
 * The dynptrs that the current run has made, by the stack address of their 16 bytes. Those bytes hold a number that only
 * this place of this run has, so that what was overwritten, copied or never made is told. Not thread-safe.
 */
final class Dynptrs {

    /** Bytes of {@code struct bpf_dynptr}. */
    static final int BYTES = 16;

    private static final String RULE = ", make one with bpf_dynptr_from_mem or bpf_ringbuf_reserve_dynptr";

    private record Entry(long mark, Dynptr dynptr) {}

    private final AddressSpace memory;
    private final Map<Long, Entry> entries = new HashMap<>(0);
    private long marks;
    /** What {@link Addresses#SAMPLE_DYNPTR} stands for: null outside a callback of a drain. */
    private Dynptr sample;

    Dynptrs(AddressSpace memory) {
        this.memory = memory;
    }

    void make(long place, Dynptr dynptr, int slot) {
        if (Addresses.region(place) != Addresses.region(Addresses.STACK) || place % Long.BYTES != 0) {
            throw new ProgramFault(
                    slot,
                    "insn " + slot + ": a dynptr at address=0x" + Long.toHexString(place)
                            + ", allowed are multiples of 8 on the stack");
        }
        memory.check(place, BYTES, true, slot);
        for (long at = place - Long.BYTES; at <= place + Long.BYTES; at += Long.BYTES) {
            var old = entries.get(at);
            if (old != null && old.dynptr().kind() == Dynptr.Kind.RESERVED) {
                throw new ProgramFault(
                        slot,
                        "insn " + slot + ": the dynptr at address=0x" + Long.toHexString(at)
                                + " is overwritten, submit or discard it first");
            }
        }
        long mark = ++marks;
        entries.put(place, new Entry(mark, dynptr));
        memory.stack.segment.set(AddressSpace.LONG, offset(place), mark);
        memory.stack.segment.set(AddressSpace.LONG, offset(place) + Long.BYTES, ~mark);
    }

    Dynptr get(long place, int slot) {
        if (place == Addresses.SAMPLE_DYNPTR && sample != null) {
            return sample;
        }
        var entry = entries.get(place);
        if (entry == null) {
            throw new ProgramFault(slot, "insn " + slot + ": no dynptr at address=0x" + Long.toHexString(place) + RULE);
        }
        if (memory.stack.segment.get(AddressSpace.LONG, offset(place)) != entry.mark()
                || memory.stack.segment.get(AddressSpace.LONG, offset(place) + Long.BYTES) != ~entry.mark()) {
            throw new ProgramFault(
                    slot,
                    "insn " + slot + ": the dynptr at address=0x" + Long.toHexString(place) + " was overwritten"
                            + RULE);
        }
        return entry.dynptr();
    }

    void end(long place) {
        entries.remove(place);
    }

    void sample(Dynptr dynptr) {
        sample = dynptr;
    }

    boolean hasSample() {
        return sample != null;
    }

    /** Whether a dynptr stands for a reserved record, which only its own helpers release then. */
    boolean own(BpfRingBuffer ring, long recordAddress) {
        if (entries.isEmpty()) {
            return false;
        }
        for (var entry : entries.values()) {
            if (entry.dynptr().ring() == ring && entry.dynptr().address() == recordAddress) {
                return true;
            }
        }
        return false;
    }

    void forget() {
        if (!entries.isEmpty()) {
            entries.clear();
        }
    }

    private long offset(long place) {
        return memory.stack.base + Addresses.offset(place);
    }
}
