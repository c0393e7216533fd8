package io.vertebra.runtime.stress;

import io.vertebra.runtime.codelet.CodeletSet;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What the codelets of a stress set have counted in their maps: nobody's account, so accounts are compared with it.
 *
 * @param shared runs of the linked codelets
 * @param queued runs of the queued codelet, counted by core
 * @param called runs of the inline codelet, counted by slot
 * @param seen events of all producers
 * @param twice events that came again, or after a later one of their producer
 * @param skipped sequence numbers that never came before a later one did
 * @param last the sum of the producers' highest sequence numbers
 */
record Witness(long shared, long queued, long called, long seen, long twice, long skipped, long last) {

    static final Witness NOTHING = new Witness(0, 0, 0, 0, 0, 0, 0);

    private static final int PRODUCERS = 64;

    /** What a set's codelets have counted since its maps were made. */
    static Witness of(CodeletSet set) {
        return new Witness(
                sum(set, "called/shared", 1, 0),
                sum(set, "queued/by_slot", 1, 0),
                sum(set, "called/by_slot", 1, 0),
                sum(set, "producers", PRODUCERS, 8),
                sum(set, "producers", PRODUCERS, 16),
                sum(set, "producers", PRODUCERS, 24),
                sum(set, "producers", PRODUCERS, 0));
    }

    Witness plus(Witness other) {
        return new Witness(
                shared + other.shared,
                queued + other.queued,
                called + other.called,
                seen + other.seen,
                twice + other.twice,
                skipped + other.skipped,
                last + other.last);
    }

    /** A word of each value, added up over all elements and copies. */
    private static long sum(CodeletSet set, String map, int elements, int offset) {
        var live = set.map(map).orElseThrow();
        long sum = 0;
        for (int element = 0; element < elements; element++) {
            var key = ByteBuffer.allocate(Integer.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(element);
            for (var value : live.getPerSlot(key.array())) {
                sum += ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).getLong(offset);
            }
        }
        return sum;
    }
}
