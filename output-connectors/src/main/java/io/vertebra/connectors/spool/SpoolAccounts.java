package io.vertebra.connectors.spool;

import io.vertebra.runtime.account.DropCause;
import io.vertebra.runtime.account.OutputAccount;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What became of the records of one connector's spooled streams. Thread-safe; exact at any moment. */
final class SpoolAccounts {

    private static final VarHandle COUNT = ValueLayout.JAVA_LONG.varHandle();

    private final String connector;
    private final CountsFile counts;
    private final Map<String, Tally> tallies = new TreeMap<>();

    /**
     * The accounts of a connector.
     *
     * @param counts where what never reaches the disk is counted for the next process too
     */
    SpoolAccounts(String connector, CountsFile counts) {
        this.connector = connector;
        this.counts = counts;
    }

    /** The next process shall ask for this stream, whether or not anything of it was dropped. */
    void expect(String stream) {
        counts.count(CountsFile.Counts.dropped(stream, connector));
    }

    /** What an earlier process has left on disk. */
    synchronized void found(String stream, long records) {
        tally(stream).emitted += records;
        tally(stream).waiting += records;
    }

    /** What was on its way to the disk when an earlier process was killed. */
    synchronized void lost(String stream, long records) {
        tally(stream).emitted += records;
        tally(stream).dropped.merge(DropCause.LOST_IN_CRASH, records, Long::sum);
    }

    synchronized void emitted(String stream, long records) {
        tally(stream).emitted += records;
        tally(stream).waiting += records;
    }

    synchronized void delivered(String stream, long records) {
        tally(stream).delivered += records;
        tally(stream).waiting -= records;
    }

    /** Records that were on disk and that the destination will never take. */
    synchronized void refused(String stream, long records) {
        drop(stream, DropCause.CONNECTOR_FAILED, records);
    }

    /** Records that never come to the disk. */
    synchronized void unwritten(String stream, DropCause cause, long records) {
        COUNT.getAndAdd(counts.count(CountsFile.Counts.dropped(stream, connector)), 0L, records);
        drop(stream, cause, records);
    }

    private void drop(String stream, DropCause cause, long records) {
        if (records > 0) {
            tally(stream).dropped.merge(cause, records, Long::sum);
            tally(stream).waiting -= records;
        }
    }

    synchronized long waiting() {
        return tallies.values().stream().mapToLong(tally -> tally.waiting).sum();
    }

    synchronized List<OutputAccount> all() {
        var accounts = new ArrayList<OutputAccount>();
        tallies.forEach((stream, tally) -> accounts.add(
                new OutputAccount(stream, connector, tally.emitted, tally.delivered, tally.dropped, tally.waiting)));
        return accounts;
    }

    private Tally tally(String stream) {
        return tallies.computeIfAbsent(stream, _ -> new Tally());
    }

    private static final class Tally {
        private final Map<DropCause, Long> dropped = new EnumMap<>(DropCause.class);
        private long emitted;
        private long delivered;
        private long waiting;
    }
}
