package io.vertebra.vm.helper;

import java.util.Optional;

/**
 * The helpers that a compiler may do itself, without the call: it knows them by their body, because an application may have
 * put another in its place.
 */
public enum KnownHelper {
    /** {@code map_lookup_elem}. */
    MAP_LOOKUP(MapHelpers::lookup),
    /** {@code map_update_elem}. */
    MAP_UPDATE(MapHelpers::update),
    /** {@code map_delete_elem}. */
    MAP_DELETE(MapHelpers::delete),
    /** {@code ringbuf_output}. */
    RING_OUTPUT(RingHelpers::output),
    /** {@code ringbuf_reserve}. */
    RING_RESERVE(RingHelpers::reserve),
    /** {@code ringbuf_submit}. */
    RING_SUBMIT(RingHelpers::submit),
    /** {@code ringbuf_discard}. */
    RING_DISCARD(RingHelpers::discard),
    /** {@code ktime_get_ns} and the other clocks. */
    EVENT_NANOS((run, _, _, _, _, _) -> run.eventNanos()),
    /** {@code get_prandom_u32}. */
    RANDOM((run, _, _, _, _, _) -> Integer.toUnsignedLong(run.random())),
    /** {@code get_smp_processor_id}. */
    CORE((run, _, _, _, _, _) -> run.core());

    private final Helper.Body body;

    KnownHelper(Helper.Body body) {
        this.body = body;
    }

    /** What a call does. */
    Helper.Body body() {
        return body;
    }

    /** The helper with a body. */
    @SuppressWarnings("ReferenceEquality") // the body is what the question is about
    public static Optional<KnownHelper> of(Helper.Body body) {
        for (var helper : values()) {
            if (helper.body == body) {
                return Optional.of(helper);
            }
        }
        return Optional.empty();
    }
}
