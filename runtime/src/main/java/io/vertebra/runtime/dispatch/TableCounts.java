package io.vertebra.runtime.dispatch;

/**
 * What happened to a table's events before they reached a codelet: the same for every attachment in the table.
 *
 * @param offered events fired against the table
 * @param ringFull of these, dropped because the ring had no room
 * @param tooLarge of these, dropped because no ring could hold them
 * @param aborted of these, given up because an argument could not be read or the stack ended
 */
record TableCounts(long offered, long ringFull, long tooLarge, long aborted) {

    static final TableCounts NONE = new TableCounts(0, 0, 0, 0);

    TableCounts plus(TableCounts other) {
        return new TableCounts(
                offered + other.offered, ringFull + other.ringFull, tooLarge + other.tooLarge, aborted + other.aborted);
    }
}
