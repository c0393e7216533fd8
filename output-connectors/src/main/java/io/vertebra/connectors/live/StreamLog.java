package io.vertebra.connectors.live;

import io.vertebra.runtime.output.OutputBatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * A stream's latest records, kept once for all who follow it: what a client costs is its position. Records have positions
 * from 0, whatever their sequence numbers. Bounded; who is behind the oldest record has lost those before. The caller holds
 * the ledger's lock.
 */
final class StreamLog {

    /** Records that are kept for those who come later. */
    static final int HISTORY = 1_000;

    /** Bytes of records while somebody follows. */
    static final long FOLLOWED_BYTES = 1 << 20;

    /** Bytes of records while nobody does. */
    private static final long IDLE_BYTES = 64 << 10;

    /** A message is closed when its text has reached this length. */
    private static final int PIECE_CHARS = 32 << 10;

    /** Different messages that are kept for other clients, until the flush is over. */
    private static final int MOST_PIECES = 64;

    private final NavigableMap<Long, LoggedBatch> batches = new TreeMap<>();
    private final Set<StreamSubscription> followers = new HashSet<>();
    private final Map<Range, Piece> pieces = new HashMap<>();
    private long head;
    private long bytes;
    private long unsentBytes;

    /** Positions from one to before another. */
    record Range(long from, long to) {
        long size() {
            return to - from;
        }
    }

    /**
     * As many records as go into a message.
     *
     * @param text them, separated by commas
     * @param end the position behind the last of them
     */
    record Piece(String text, long end) {}

    /** The position of the record that comes next. */
    long head() {
        return head;
    }

    /** The position of the oldest record that is kept. */
    long tail() {
        return batches.isEmpty() ? head : batches.firstKey();
    }

    /** The position from which on the latest records fit into one message, at most so many. */
    long start(int records) {
        long position = head;
        long chars = 0;
        while (position > Math.max(tail(), head - records)) {
            chars += batches.floorEntry(position - 1)
                            .getValue()
                            .text(position - 1)
                            .length()
                    + 1;
            if (chars > LiveClient.MOST_CHARS) {
                return position;
            }
            position--;
        }
        return position;
    }

    void append(OutputBatch batch) {
        var logged = new LoggedBatch(batch, head);
        batches.put(head, logged);
        head = logged.end();
        bytes += logged.bytes();
        unsentBytes += logged.bytes();
        while (batches.size() > 1 && !isKept(batches.firstEntry().getValue())) {
            bytes -= batches.pollFirstEntry().getValue().bytes();
        }
    }

    private boolean isKept(LoggedBatch oldest) {
        return followers.isEmpty() ? bytes <= IDLE_BYTES && head - oldest.end() < HISTORY : bytes <= FOLLOWED_BYTES;
    }

    /** Whether followers that wait for the next flush would lose records. */
    boolean urgent() {
        return !followers.isEmpty() && unsentBytes > FOLLOWED_BYTES / 2;
    }

    void flush() {
        followers.forEach(StreamSubscription::flush);
        pieces.clear();
        unsentBytes = 0;
    }

    /** The first records of a range that is kept: the same object for all who ask during one flush. */
    Piece piece(Range range) {
        var piece = pieces.get(range);
        if (piece == null) {
            piece = encode(range);
            if (pieces.size() < MOST_PIECES) {
                pieces.put(range, piece);
            }
        }
        return piece;
    }

    private Piece encode(Range range) {
        var text = new StringBuilder();
        long position = range.from();
        var batch = batches.floorEntry(position).getValue();
        while (position < range.to() && text.length() < PIECE_CHARS) {
            if (position == batch.end()) {
                batch = batches.get(position);
            }
            text.append(text.isEmpty() ? "" : ",").append(batch.text(position++));
        }
        return new Piece(text.toString(), position);
    }

    void join(StreamSubscription follower) {
        followers.add(follower);
    }

    void leave(StreamSubscription follower) {
        followers.remove(follower);
    }

    List<StreamSubscription> followers() {
        return new ArrayList<>(followers);
    }
}
