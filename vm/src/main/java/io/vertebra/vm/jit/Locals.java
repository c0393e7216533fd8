package io.vertebra.vm.jit;

import io.vertebra.vm.jit.StackSlots.Part;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where a generated method keeps what it uses: the run is local 0; a whole function gets r1 to r5 as parameters, a chunk
 * the slot to begin at.
 */
final class Locals {

    static final int RUN = 0;
    /** The slot at which a chunk begins. */
    static final int ENTRY = 1;

    private static final int ARGUMENTS = 5;

    private final boolean chunk;
    private int next;
    private final Map<Part, Integer> parts = new HashMap<>();

    final int stack;
    final int context;
    final int contextStart;
    final int contextLength;
    final int payload;
    final int payloadStart;
    final int payloadLength;
    /** Two words of scratch. */
    final int scratch;

    private final int others;

    Locals(boolean chunk, List<Part> promoted) {
        this.chunk = chunk;
        next = chunk ? 2 : 1 + 2 * ARGUMENTS;
        others = take(2 * (chunk ? 11 : 6));
        stack = take(1);
        context = take(1);
        contextStart = take(2);
        contextLength = take(2);
        payload = take(1);
        payloadStart = take(2);
        payloadLength = take(2);
        scratch = take(2);
        for (var part : promoted) {
            parts.put(part, take(2));
        }
    }

    private int take(int words) {
        int at = next;
        next += words;
        return at;
    }

    /** The local of a register. */
    int register(int number) {
        if (chunk) {
            return others + 2 * number;
        }
        if (number >= 1 && number <= ARGUMENTS) {
            return 2 * number - 1;
        }
        return others + 2 * (number == 0 ? 0 : number - ARGUMENTS);
    }

    /** The local of a part of the stack. */
    int part(Part part) {
        return parts.get(part);
    }
}
