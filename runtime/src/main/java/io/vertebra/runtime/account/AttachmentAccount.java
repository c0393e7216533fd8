package io.vertebra.runtime.account;

import java.util.Map;

/**
 * What became of the events that a hook offered to one codelet (architecture decision 11): {@code offered = ok + failed
 * + dropped + waiting}. Every number is counted where it happens; none is derived from the others.
 *
 * @param codeletSet the set
 * @param codelet the codelet's name
 * @param hook {@code group/name}
 * @param execution {@code queued} or {@code inline}
 * @param offered events that the hook fired while the codelet was attached
 * @param ok runs that ended normally
 * @param failed runs that faulted
 * @param dropped events that were never run, by cause; causes with 0 are absent
 * @param waiting events in the rings
 */
public record AttachmentAccount(
        String codeletSet,
        String codelet,
        String hook,
        String execution,
        long offered,
        long ok,
        long failed,
        Map<DropCause, Long> dropped,
        long waiting) {

    /** Makes the map immutable. */
    public AttachmentAccount {
        dropped = Map.copyOf(dropped);
    }

    /** Offered events that no other number explains: 0 when the account balances. */
    public long missing() {
        return offered - ok - failed - Accounts.total(dropped) - waiting;
    }
}
