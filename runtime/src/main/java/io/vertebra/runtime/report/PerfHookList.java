package io.vertebra.runtime.report;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/**
 * {@code struct jbpf_perf_hook_list}, 68,616 bytes, as objects built with jbpf's headers read it.
 *
 * <pre>
 *   0   u8  num_reported_hooks
 *   8   struct jbpf_perf_data perf_data[128], 536 bytes each
 *         0   u64  num    runs
 *         8   u64  min    nanoseconds of the shortest timed run, known to a factor of two: its slot's lower bound
 *        16   u64  max    of the longest
 *        24   u32  hist[64]   timed runs by log2 of their nanoseconds
 *       280   char hook_name[256]
 * </pre>
 */
final class PerfHookList {

    /** Bytes of the struct. */
    static final int SIZE = 68_616;

    private static final int HOOKS = 128;
    private static final int FIRST = 8;
    private static final int DATA = 536;
    private static final int MIN = 8;
    private static final int MAX = 16;
    private static final int HISTOGRAM = 24;
    private static final int NAME = 280;
    private static final int NAME_BYTES = 256;
    private static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MemorySegment list = MemorySegment.ofArray(new long[SIZE / Long.BYTES]);

    /** The struct, which the next call overwrites. Hooks beyond the first 128 find no room. */
    MemorySegment fill(Map<String, Figures> hooks) {
        list.fill((byte) 0);
        int reported = 0;
        for (var hook : hooks.entrySet()) {
            if (reported == HOOKS) {
                break;
            }
            put(list.asSlice(FIRST + (long) reported * DATA, DATA), hook.getKey(), hook.getValue());
            reported++;
        }
        list.set(ValueLayout.JAVA_BYTE, 0, (byte) reported);
        return list;
    }

    private static void put(MemorySegment data, String name, Figures figures) {
        var slots = figures.times().slots();
        data.set(U64, 0, figures.runs());
        for (int k = Long.SIZE - 1; k >= 0; k--) {
            if (slots.get(k) > 0) {
                data.set(U64, MIN, 1L << k);
                data.set(U32, HISTOGRAM + (long) k * Integer.BYTES, (int) Math.min(slots.get(k), 0xffff_ffffL));
            }
        }
        data.set(U64, MAX, figures.times().longest());
        var text = name.getBytes(StandardCharsets.UTF_8);
        var cut = Arrays.copyOf(text, Math.min(text.length, NAME_BYTES - 1));
        MemorySegment.copy(cut, 0, data, ValueLayout.JAVA_BYTE, NAME, cut.length);
    }
}
