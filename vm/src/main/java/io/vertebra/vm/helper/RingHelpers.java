package io.vertebra.vm.helper;

import static io.vertebra.vm.helper.HelperPrototype.Argument.CONTEXT;
import static io.vertebra.vm.helper.HelperPrototype.Argument.MAP;
import static io.vertebra.vm.helper.HelperPrototype.Argument.READABLE;
import static io.vertebra.vm.helper.HelperPrototype.Argument.RESERVATION;
import static io.vertebra.vm.helper.HelperPrototype.Argument.RESERVATION_SIZE;
import static io.vertebra.vm.helper.HelperPrototype.Argument.SCALAR;
import static io.vertebra.vm.helper.HelperPrototype.Argument.SIZE_OR_ZERO;
import static io.vertebra.vm.helper.HelperPrototype.Result;
import static io.vertebra.vm.helper.StandardHelpers.helper;

import io.vertebra.vm.map.BpfPerfEventArray;
import io.vertebra.vm.map.BpfRingBuffer;
import io.vertebra.vm.map.Errno;
import java.util.List;

/** Helpers that put records out: 25, 130-134. Stateless. */
final class RingHelpers {

    private RingHelpers() {}

    static List<Helper> all() {
        return List.of(
                helper(
                        25,
                        "perf_event_output",
                        Result.SCALAR,
                        RingHelpers::perfOutput,
                        CONTEXT,
                        MAP,
                        SCALAR,
                        READABLE,
                        SIZE_OR_ZERO),
                helper(
                        130,
                        "ringbuf_output",
                        Result.SCALAR,
                        KnownHelper.RING_OUTPUT.body(),
                        MAP,
                        READABLE,
                        SIZE_OR_ZERO,
                        SCALAR),
                helper(
                        131,
                        "ringbuf_reserve",
                        Result.RESERVATION_OR_NULL,
                        KnownHelper.RING_RESERVE.body(),
                        MAP,
                        RESERVATION_SIZE,
                        SCALAR),
                helper(132, "ringbuf_submit", Result.VOID, KnownHelper.RING_SUBMIT.body(), RESERVATION, SCALAR),
                helper(133, "ringbuf_discard", Result.VOID, KnownHelper.RING_DISCARD.body(), RESERVATION, SCALAR),
                helper(134, "ringbuf_query", Result.SCALAR, RingHelpers::query, MAP, SCALAR));
    }

    private static long perfOutput(HelperContext run, long context, long mapAddress, long flags, long data, long size) {
        if (!(run.map(mapAddress) instanceof BpfPerfEventArray events)) {
            return Errno.EINVAL;
        }
        return events.output(run.slot(), run.segment(data, size, false), run.offset(data), size, flags);
    }

    static long output(HelperContext run, long mapAddress, long data, long size, long flags, long e) {
        if (!(run.map(mapAddress) instanceof BpfRingBuffer ring)) {
            return Errno.EINVAL;
        }
        return ring.output(run.segment(data, size, false), run.offset(data), size, flags);
    }

    static long reserve(HelperContext run, long mapAddress, long size, long flags, long d, long e) {
        if (!(run.map(mapAddress) instanceof BpfRingBuffer ring) || flags != 0) {
            return 0;
        }
        long record = ring.reserve(size);
        if (record >= 0) {
            run.reserved(ring, record);
        }
        return run.valueAddress(ring, record);
    }

    static long submit(HelperContext run, long record, long flags, long c, long d, long e) {
        var ring = run.ringOf(record);
        long offset = run.offset(record);
        run.released(ring, offset);
        ring.submit(offset, flags);
        return 0;
    }

    static long discard(HelperContext run, long record, long flags, long c, long d, long e) {
        var ring = run.ringOf(record);
        long offset = run.offset(record);
        run.released(ring, offset);
        ring.discard(offset, flags);
        return 0;
    }

    private static long query(HelperContext run, long mapAddress, long what, long c, long d, long e) {
        return run.map(mapAddress) instanceof BpfRingBuffer ring ? ring.query(what) : 0;
    }
}
