package io.vertebra.runtime.account;

import java.util.Map;

/**
 * What became of the records of one stream at one place: {@code emitted = delivered + dropped + waiting}. The places
 * are the stream's own output map ({@code connector} = {@code output}) and each connector that it goes to.
 *
 * @param stream the stream's name
 * @param connector {@code output}, or the connector's name, for example {@code kafka}
 * @param emitted records that were offered to this place
 * @param delivered records that left it: to the batches, or acknowledged by the destination
 * @param dropped records given up, by cause; causes with 0 are absent
 * @param waiting records still inside
 */
public record OutputAccount(
        String stream, String connector, long emitted, long delivered, Map<DropCause, Long> dropped, long waiting) {

    /** Makes the map immutable. */
    public OutputAccount {
        dropped = Map.copyOf(dropped);
    }

    /** Emitted records that no other number explains: 0 when the account balances. */
    public long missing() {
        return emitted - delivered - Accounts.total(dropped) - waiting;
    }
}
