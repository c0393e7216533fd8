package io.vertebra.connectors.live;

import io.vertebra.runtime.account.DropCause;
import io.vertebra.runtime.account.OutputAccount;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/** Counts what became of each record for each client, added up by stream. The caller holds this object's lock. */
final class ClientLedger {

    /** The place's name in accounts. */
    static final String PLACE = "live-clients";

    private final Map<String, Tally> tallies = new TreeMap<>();

    void emitted(String stream, long records) {
        tally(stream).emitted += records;
    }

    void delivered(String stream, long records) {
        tally(stream).delivered += records;
    }

    void dropped(String stream, DropCause cause, long records) {
        if (records > 0) {
            tally(stream).dropped.merge(cause, records, Long::sum);
        }
    }

    /**
     * One account for each stream that a client followed.
     *
     * @param unseen by stream, records that came since the last flush
     * @param waiting by stream, all records that wait, those included
     */
    List<OutputAccount> accounts(ToLongFunction<String> unseen, ToLongFunction<String> waiting) {
        var accounts = new ArrayList<OutputAccount>();
        tallies.forEach((stream, t) -> accounts.add(new OutputAccount(
                stream,
                PLACE,
                t.emitted + unseen.applyAsLong(stream),
                t.delivered,
                t.dropped,
                waiting.applyAsLong(stream))));
        return accounts;
    }

    /** Makes an account for a stream that a client begins to follow. */
    void opened(String stream) {
        tally(stream);
    }

    private Tally tally(String stream) {
        return tallies.computeIfAbsent(stream, _ -> new Tally());
    }

    private static final class Tally {
        private final Map<DropCause, Long> dropped = new EnumMap<>(DropCause.class);
        private long emitted;
        private long delivered;
    }
}
