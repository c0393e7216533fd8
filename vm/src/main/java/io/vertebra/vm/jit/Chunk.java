package io.vertebra.vm.jit;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * A part of a function that becomes one method: the slots from {@code from} up to {@code to}.
 *
 * @param from first slot
 * @param to the slot after the last
 */
record Chunk(int from, int to) {

    boolean contains(int slot) {
        return slot >= from && slot < to;
    }

    /** The whole function as one. */
    static List<Chunk> whole(FunctionCode function) {
        return List.of(
                new Chunk(function.slots().nextSetBit(0), function.slots().length()));
    }

    /**
     * Divides a function into parts of at most {@code most} instructions. It is cut where the fewest loops go across, and
     * among those places as late as possible, so that hot loops stay in one method.
     */
    static List<Chunk> divide(FunctionCode function, int most, int[] loopsAcross) {
        var chunks = new ArrayList<Chunk>();
        BitSet slots = function.slots();
        int from = slots.nextSetBit(0);
        int count = 0;
        int cut = -1;
        for (int slot = from; slot >= 0; slot = slots.nextSetBit(slot + 1)) {
            if (count == most) {
                int at = cut < 0 ? slot : cut;
                chunks.add(new Chunk(from, at));
                from = at;
                count = slots.get(at, slot).cardinality();
                cut = -1;
            }
            if (count > most / 2 && (cut < 0 || loopsAcross[slot] <= loopsAcross[cut])) {
                cut = slot;
            }
            count++;
        }
        chunks.add(new Chunk(from, slots.length()));
        return chunks;
    }
}
