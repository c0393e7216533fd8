package io.vertebra.vm.exec;

/**
 * The codelet's virtual address space: an address is a region's number in the upper 24 bits and an offset in the lower
 * 40. Region 0 is never mapped, so that null and what lies near it always faults; neighbouring regions never touch,
 * because none is as long as its 2^40 addresses. Stateless.
 *
 * <p>Whoever marshals a context writes {@code data = PAYLOAD} and {@code data_end = PAYLOAD + length}.
 */
public final class Addresses {

    /** Bits of the offset. */
    public static final int OFFSET_BITS = 40;

    /** The stack: {@link #FRAMES} frames of {@link #FRAME_BYTES}, the entry function's first, {@link #FRAME_STRIDE} apart. */
    public static final long STACK = 1L << OFFSET_BITS;
    /** The first byte of the context. */
    public static final long CONTEXT = 2L << OFFSET_BITS;
    /** The first byte of the payload. */
    public static final long PAYLOAD = 3L << OFFSET_BITS;

    /** Bytes of one stack frame. */
    public static final int FRAME_BYTES = 512;
    /** Bytes from one frame to the next: what lies between them faults. */
    public static final int FRAME_STRIDE = 1024;
    /** The most frames, the entry function's and callbacks' included. */
    public static final int FRAMES = 8;

    /** Keys that callbacks of {@code for_each_map_elem} get, one of at most {@link #FRAME_BYTES} for each frame. */
    static final long KEYS = 4L << OFFSET_BITS;
    /** Subprograms: the offset is the slot. */
    static final long FUNCTIONS = 5L << OFFSET_BITS;

    /** The sample of a user ring buffer that a callback looks at. */
    static final long SAMPLE = 6L << OFFSET_BITS;
    /** The dynptr of that sample: an address for helpers, no memory. */
    static final long SAMPLE_DYNPTR = 7L << OFFSET_BITS;

    /** The first map's object; its values follow one region later, then the next map. */
    static final int FIRST_MAP = 16;
    /** The same for the first inner map that a run looked up. */
    static final int FIRST_INNER = 1 << 20;

    private static final long OFFSET_MASK = (1L << OFFSET_BITS) - 1;

    private Addresses() {}

    /** The address of a program's map object, by its index. */
    public static long map(int index) {
        return (FIRST_MAP + 2L * index) << OFFSET_BITS;
    }

    /** The address of the first byte of a map's values, by the map's index. */
    public static long mapValues(int index) {
        return (FIRST_MAP + 2L * index + 1) << OFFSET_BITS;
    }

    /** The address of the object of an inner map, by its number in the run; its values are one region further. */
    static long innerMap(int number) {
        return (FIRST_INNER + 2L * number) << OFFSET_BITS;
    }

    /** The address of the subprogram that starts at a slot. */
    public static long function(int slot) {
        return FUNCTIONS + slot;
    }

    /** The frame pointer (r10) of the frame with a depth, 0 for the entry function's: the end of its bytes. */
    public static long framePointer(int depth) {
        return STACK + (long) depth * FRAME_STRIDE + FRAME_BYTES;
    }

    /** The region's number. */
    static int region(long address) {
        return (int) (address >>> OFFSET_BITS);
    }

    /** The index of the program's map into whose values an address leads; negative or too great for no map. */
    static int mapOfValues(long address) {
        int number = region(address) - FIRST_MAP;
        return number % 2 == 1 ? number / 2 : -1;
    }

    /** The offset in the region. */
    static long offset(long address) {
        return address & OFFSET_MASK;
    }
}
