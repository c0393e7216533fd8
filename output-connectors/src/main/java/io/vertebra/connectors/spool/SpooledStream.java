package io.vertebra.connectors.spool;

import io.vertebra.connectors.spi.Attempt;
import io.vertebra.connectors.spi.SendResult;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One stream of a spool: how much of it is on disk, and how far its sending has come. One thread at a time.
 *
 * <pre>
 *   entries   removed | begun: on their way, or to be sent again | on disk | in the next write
 *                                                            next ^                      added ^
 * </pre>
 */
final class SpooledStream {

    /** Entries and bytes that may be unacknowledged: enough that the way to the destination costs no throughput. */
    private static final int MOST_ENTRIES = 64;

    private static final long MOST_BYTES = 8 << 20;

    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 5_000;

    private final String name;
    private final TreeMap<Long, Entry> begun = new TreeMap<>();
    private long added;
    private long bytes;
    private boolean full;
    private long next;
    private int onTheWay;
    private long bytesOnTheWay;
    private Attempt attempt;
    private long pauseMillis = FIRST_PAUSE_MILLIS;

    /** What a store has of a stream. */
    SpooledStream(String name, SpoolStore store) {
        this.name = name;
        this.attempt = new Attempt(name);
        this.added = store.totals(name).next();
        this.bytes = store.totals(name).bytes();
    }

    /** One entry whose records are on their way, or some of them have to be sent again. */
    static final class Entry {
        private final long number;
        private final long drainedMillis;
        private final int size;
        private final int records;
        private List<byte[]> left;

        private Entry(long number, byte[] bytes) {
            this.number = number;
            this.size = bytes.length;
            this.drainedMillis = Entries.drainedMillis(bytes);
            this.left = Entries.records(bytes);
            this.records = left.size();
        }

        /** The records that the destination does not have. */
        List<byte[]> left() {
            return left;
        }

        private Change remove(String stream) {
            return new Change.Remove(stream, number, size, records);
        }
    }

    String name() {
        return name;
    }

    /** Bytes of its entries, those of the next write included. */
    long bytes() {
        return bytes;
    }

    /** Whether something has found no room, and nothing has gone since. */
    boolean full() {
        return full;
    }

    /**
     * One more entry, of the first records that there is room for.
     *
     * @param drainedMillis when they were drained
     * @param most bytes that the stream may have
     */
    Optional<Change.Append> append(long drainedMillis, List<byte[]> records, long most) {
        var fitting = Entries.fitting(records, most - bytes);
        full = fitting.size() < records.size();
        if (fitting.isEmpty()) {
            return Optional.empty();
        }
        var entry = Entries.encode(drainedMillis, fitting);
        bytes += entry.length;
        return Optional.of(new Change.Append(name, added++, entry, fitting.size()));
    }

    /** The number of the first entry that was not begun. */
    long next() {
        return next;
    }

    /** Whether another entry may be begun now. */
    boolean hasRoom() {
        return !attempt.failed() && onTheWay < MOST_ENTRIES && bytesOnTheWay < MOST_BYTES;
    }

    /** Bytes of the entries that were begun and are not settled. */
    long bytesOnTheWay() {
        return bytesOnTheWay;
    }

    /** What is sent now belongs to it. */
    Attempt attempt() {
        return attempt;
    }

    /** Begins an entry. */
    Entry begin(long number, byte[] entry) {
        next = number + 1;
        var begun = new Entry(number, entry);
        this.begun.put(number, begun);
        bytesOnTheWay += begun.size;
        onTheWay++;
        return begun;
    }

    /** Takes in what became of an entry: what is left to do for it is its removal, when it has nothing left. */
    List<Change> settle(Entry entry, SendResult result) {
        onTheWay--;
        entry.left = result.again().stream().mapToObj(entry.left::get).toList();
        if (!entry.left.isEmpty()) {
            attempt.fail();
            return List.of();
        }
        begun.remove(entry.number);
        bytesOnTheWay -= entry.size;
        bytes -= entry.size;
        full = false;
        pauseMillis = FIRST_PAUSE_MILLIS;
        return List.of(entry.remove(name));
    }

    /** When the oldest of its records on disk that is not delivered was drained; {@link Long#MAX_VALUE} for none. */
    long oldestMillis() {
        return begun.isEmpty() ? Long.MAX_VALUE : begun.firstEntry().getValue().drainedMillis;
    }

    /** Whether entries have to be sent again, and everything that was sent has come back. */
    boolean isToPause() {
        return attempt.failed() && onTheWay == 0;
    }

    /** How long to wait before sending again: longer each time. */
    long pauseMillis() {
        long pause = pauseMillis;
        pauseMillis = Math.min(2 * pauseMillis, LONGEST_PAUSE_MILLIS);
        return pause;
    }

    /** The entries to be sent again, in order; they are on their way now. */
    Collection<Entry> restart() {
        attempt = new Attempt(name);
        onTheWay = begun.size();
        return List.copyOf(begun.values());
    }
}
