package io.vertebra.verifier.soundness;

import io.vertebra.vm.exec.Addresses;
import io.vertebra.vm.exec.RunView;
import io.vertebra.vm.helper.Dynptr;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.map.BpfMapOfMaps;
import io.vertebra.vm.program.MapSpec;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The registers and the memory of a run as they are, and what kind of thing lies in each place. Frames that wait for a
 * call to end keep r6 to r9 here.
 */
final class Machine {

    /** Nothing that may be read. */
    static final byte UNSET = 0;

    /** Data. */
    static final byte NUMBER = 1;

    /** A pointer, in a register; a byte of one, in memory. */
    static final byte POINTER = 2;

    /** Where copies of keys lie for callbacks, behind the payload's region. */
    static final long KEYS = Addresses.PAYLOAD + (1L << Addresses.OFFSET_BITS);

    static final int REGISTERS = 11;
    private static final byte POISON = (byte) 0xa5;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** A record that was reserved and not given back; with a dynptr, the dynptr's place and the size -1. */
    record Reservation(int map, long address, long size) {}

    /** A dynptr in the 16 bytes of the stack at a place. */
    record Placed(long place, int map, Dynptr dynptr) {
        static final int BYTES = 16;

        boolean isReserved() {
            return dynptr.kind() == Dynptr.Kind.RESERVED;
        }

        /** Whether a part of memory is all the dynptr's. */
        boolean has(long address, long size) {
            return address >= dynptr.address() && address + size <= dynptr.address() + dynptr.size();
        }
    }

    final List<BpfMap> maps;
    /** By the verifier's numbers: inner maps come after the program's own. */
    final List<MapSpec> specs;

    final RunView view;
    final List<Placed> dynptrs = new ArrayList<>();
    final long[][] registers = new long[Addresses.FRAMES][REGISTERS];
    final byte[][] kinds = new byte[Addresses.FRAMES][REGISTERS];
    /** The kinds of the bytes of each frame, the lowest address first. */
    final byte[][] bytes = new byte[Addresses.FRAMES][Addresses.FRAME_BYTES];
    /** Where each frame returns to, -1 for the first. */
    final int[] returns = new int[Addresses.FRAMES];
    /** The call of the helper that called each frame's function, -1 for none. */
    final int[] calls = new int[Addresses.FRAMES];

    /** Deepest use of each active frame. */
    private final int[] used = new int[Addresses.FRAMES];

    final Reservation[] held = new Reservation[16];
    int holding;
    /** The address of the lock that is held, 0 for none. */
    long lock;
    /** Whether the run is the callback of a timer. */
    boolean later;
    /** Number of the running frame. */
    int depth;

    final MemorySegment stack;
    long payload;
    long payloadEnd;

    Machine(List<BpfMap> maps, List<MapSpec> specs, RunView view) {
        this.maps = maps;
        this.specs = specs;
        this.view = view;
        stack = view.stack();
    }

    /** A run begins whose first registers have kinds. */
    void begin(long payloadAddress, long payloadLength, byte... arguments) {
        depth = 0;
        holding = 0;
        lock = 0;
        dynptrs.clear();
        payload = payloadAddress;
        payloadEnd = payloadAddress + payloadLength;
        clear(0);
        returns[0] = -1;
        calls[0] = -1;
        System.arraycopy(arguments, 0, kinds[0], 1, arguments.length);
    }

    /** The verifier's number of the map whose object or values an address leads to; -1 for none. */
    int mapNumber(long address) {
        if (!RunView.isInner(address)) {
            long number = (address - Addresses.map(0)) / (Addresses.map(1) - Addresses.map(0));
            return number >= 0 && number < maps.size() ? (int) number : -1;
        }
        var inner = view.mapOrNull(address);
        int next = maps.size();
        for (var outer : maps) {
            if (outer instanceof BpfMapOfMaps map) {
                if (inner != null && inner.spec().name().equals(map.shape().name())) {
                    return next;
                }
                next++;
            }
        }
        return -1;
    }

    /** The values' first byte of the map that an address leads into. */
    static long valuesOf(long address) {
        return (address >>> Addresses.OFFSET_BITS | 1) << Addresses.OFFSET_BITS;
    }

    /** The dynptr at a place, or null. */
    Placed dynptrOrNull(long place) {
        for (var placed : dynptrs) {
            if (placed.place() == place) {
                return placed;
            }
        }
        return null;
    }

    /** Bytes of a frame are about to be written: what they hold of dynptrs is gone. */
    void overwrite(int slot, int frame, int offset, long size) {
        if (dynptrs.isEmpty()) {
            return;
        }
        long first = Addresses.framePointer(frame) - Addresses.FRAME_BYTES + offset;
        for (int i = dynptrs.size() - 1; i >= 0; i--) {
            var placed = dynptrs.get(i);
            if (placed.place() < first + size && first < placed.place() + Placed.BYTES) {
                if (placed.isReserved()) {
                    throw new Counterexample(slot, "a dynptr is overwritten that has to be released");
                }
                dynptrs.remove(i);
            }
        }
    }

    /** Frames above one are gone, and dynptrs in them. */
    void leave(int frame) {
        depth = frame;
        dynptrs.removeIf(d -> frame(d.place()) > frame);
    }

    /** The running frame holds nothing but its frame pointer. */
    void clear(int frame) {
        Arrays.fill(kinds[frame], UNSET);
        kinds[frame][10] = POINTER;
        Arrays.fill(bytes[frame], UNSET);
        used[frame] = 0;
    }

    /** A frame is accessed from an offset upwards. */
    void use(int frame, int offset) {
        used[frame] = Math.max(used[frame], Addresses.FRAME_BYTES - offset);
    }

    /** The deepest that the active frames were used, together. */
    int stackInUse() {
        int all = 0;
        for (int frame = 0; frame <= depth; frame++) {
            all += used[frame];
        }
        return all;
    }

    /** Eight bytes of a frame. */
    long word(int frame, int offset) {
        return stack.get(LONG, (long) frame * Addresses.FRAME_STRIDE + offset);
    }

    /** Writes into a part of the stack what nobody else writes. */
    void poison(long address, long size) {
        stack.asSlice(address - Addresses.STACK, size).fill(POISON);
    }

    /** Whether the last four bytes of a part of the stack are as {@link #poison} left them. */
    boolean endsInPoison(long address, long size) {
        for (int i = 1; i <= Integer.BYTES; i++) {
            if (stack.get(ValueLayout.JAVA_BYTE, address - Addresses.STACK + size - i) != POISON) {
                return false;
            }
        }
        return true;
    }

    /** The frame that an address leads into, -1 for none. */
    static int frame(long address) {
        long offset = address - Addresses.STACK;
        return offset < 0 || offset >= (long) Addresses.FRAMES * Addresses.FRAME_STRIDE
                ? -1
                : (int) (offset / Addresses.FRAME_STRIDE);
    }

    /** The byte of its frame that an address leads to. */
    static int offset(long address) {
        return (int) ((address - Addresses.STACK) % Addresses.FRAME_STRIDE);
    }

    boolean holds(int map, long address) {
        for (int i = 0; i < holding; i++) {
            if (held[i].map() == map && held[i].address() == address) {
                return true;
            }
        }
        return false;
    }

    /** Whether anything that was reserved has an address. */
    boolean holds(long address) {
        for (int i = 0; i < holding; i++) {
            if (held[i].address() == address) {
                return true;
            }
        }
        return false;
    }

    void release(long address) {
        for (int i = 0; i < holding; i++) {
            if (held[i].address() == address) {
                System.arraycopy(held, i + 1, held, i, holding - i - 1);
                holding--;
                return;
            }
        }
    }

    /** The kind of a run of bytes; UNSET when a byte is, or when they are of several kinds. */
    byte kind(int frame, int offset, int size) {
        byte kind = bytes[frame][offset];
        for (int i = 1; i < size; i++) {
            if (bytes[frame][offset + i] != kind) {
                return UNSET;
            }
        }
        return kind;
    }
}
