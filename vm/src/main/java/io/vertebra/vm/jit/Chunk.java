package io.vertebra.vm.jit;

import java.util.ArrayList;
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
        return List.of(new Chunk(function.first(), function.end()));
    }

    /**
     * Divides a function into parts of at most {@code most} instructions. It is cut where the fewest loops go across, and
     * among those places as late as possible, so that hot loops stay in one method.
     *
     * @param loopsAcross for each slot from the first on, how many loops go across the border before it
     */
    static List<Chunk> divide(FunctionCode function, int most, int[] loopsAcross) {
        var chunks = new ArrayList<Chunk>();
        int first = function.first();
        int from = first;
        int count = 0;
        int cut = -1;
        for (int slot = from; slot >= 0; slot = function.next(slot + 1)) {
            if (count == most) {
                int at = cut < 0 ? slot : cut;
                chunks.add(new Chunk(from, at));
                from = at;
                count = function.count(at, slot);
                cut = -1;
            }
            if (count > most / 2 && (cut < 0 || loopsAcross[slot - first] <= loopsAcross[cut - first])) {
                cut = slot;
            }
            count++;
        }
        chunks.add(new Chunk(from, function.end()));
        return chunks;
    }
}
