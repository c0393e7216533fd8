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

    /** One account for each stream that a client followed. */
    List<OutputAccount> accounts(ToLongFunction<String> waiting) {
        var accounts = new ArrayList<OutputAccount>();
        tallies.forEach((stream, t) -> accounts.add(
                new OutputAccount(stream, PLACE, t.emitted, t.delivered, t.dropped, waiting.applyAsLong(stream))));
        return accounts;
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
