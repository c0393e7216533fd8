package io.vertebra.connectors.live;

import io.vertebra.connectors.live.StreamLog.Range;
import io.vertebra.runtime.account.DropCause;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * One client's place in a stream's log: which records wait until its socket takes them. What leaves the log before is lost,
 * and the client is told how many. Guarded by the ledger's lock.
 */
final class StreamSubscription implements Subscription {

    private final int id;
    private final String stream;
    private final StreamLog log;
    private final LiveClient client;
    private final ClientLedger ledger;
    private final TokenBucket rate;
    private final Deque<Range> ranges = new ArrayDeque<>();
    private long seen;
    private long waiting;
    private long skipped;
    private long lost;

    /** Follows a log from now on. */
    StreamSubscription(ClientMessage.Stream message, StreamLog log, LiveClient client, ClientLedger ledger) {
        this.id = message.id();
        this.stream = message.stream();
        this.log = log;
        this.client = client;
        this.ledger = ledger;
        this.rate = new TokenBucket(message.rate(), Math.max(1, message.rate()));
        this.seen = log.head();
        log.join(this);
    }

    /** Sends what the stream had before, oldest first, in one message: the latest that fit. */
    void snapshot(int records) {
        var text = new StringBuilder();
        long from = log.start(records);
        while (from < seen) {
            var piece = log.piece(new Range(from, seen));
            text.append(text.isEmpty() ? "" : ",").append(piece.text());
            from = piece.end();
        }
        client.send("{\"type\":\"snapshot\",\"id\":" + id + ",\"records\":[" + text + "]}");
    }

    int id() {
        return id;
    }

    LiveClient client() {
        return client;
    }

    /** Records that the client is to get, or that are not decided about. */
    long waiting() {
        return waiting + unseen();
    }

    /** Records that came since the last flush; the ledger does not know of them. */
    long unseen() {
        return log.head() - seen;
    }

    /** Sends what waits, as far as the socket takes it. */
    void flush() {
        settle();
        while (!client.full() && waiting + lost > 0) {
            if (lost > 0) {
                sendLost();
            } else {
                sendNext();
            }
        }
    }

    /** The client is gone, or does not want more. */
    @Override
    public void end() {
        settle();
        ledger.dropped(stream, DropCause.CLIENT_LEFT, waiting);
        ranges.clear();
        waiting = 0;
        log.leave(this);
    }

    /** Decides about the records that are new: the latest, as many as the rate allows. Then about those that left the log. */
    private void settle() {
        long fresh = unseen();
        long taken = rate.take(fresh);
        seen += fresh;
        ledger.emitted(stream, fresh);
        ledger.dropped(stream, DropCause.RATE_LIMITED, fresh - taken);
        skipped += fresh - taken;
        if (taken > 0) {
            add(new Range(seen - taken, seen));
        }
        while (waiting > 0 && ranges.getFirst().from() < log.tail()) {
            var oldest = take();
            long end = Math.min(oldest.to(), log.tail());
            lost += end - oldest.from();
            ledger.dropped(stream, DropCause.CLIENT_SLOW, end - oldest.from());
            putBack(new Range(end, oldest.to()));
        }
    }

    private void sendLost() {
        long count = lost;
        lost = 0;
        client.send("{\"type\":\"lost\",\"id\":" + id + ",\"count\":" + count + "}");
    }

    /** Sends last of all: a socket that takes it at once asks for more before it returns. */
    private void sendNext() {
        var range = take();
        var piece = log.piece(range);
        putBack(new Range(piece.end(), range.to()));
        ledger.delivered(stream, piece.end() - range.from());
        var tail = skipped > 0 ? "],\"skipped\":" + skipped + "}" : "]}";
        skipped = 0;
        client.send("{\"type\":\"next\",\"id\":" + id + ",\"records\":[" + piece.text() + tail);
    }

    private void add(Range range) {
        boolean continues = !ranges.isEmpty() && ranges.getLast().to() == range.from();
        ranges.addLast(continues ? new Range(ranges.removeLast().from(), range.to()) : range);
        waiting += range.size();
    }

    private Range take() {
        var range = ranges.removeFirst();
        waiting -= range.size();
        return range;
    }

    private void putBack(Range range) {
        if (range.size() > 0) {
            ranges.addFirst(range);
            waiting += range.size();
        }
    }
}
