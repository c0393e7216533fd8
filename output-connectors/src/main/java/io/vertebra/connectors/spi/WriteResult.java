package io.vertebra.connectors.spi;

/**
 * What became of the records of one write.
 *
 * @param delivered records that the destination has, acknowledged where it acknowledges
 * @param failed records given up; together with {@code delivered} all records of the batch
 */
public record WriteResult(int delivered, int failed) {

    /** Everything arrived. */
    public static WriteResult delivered(int records) {
        return new WriteResult(records, 0);
    }
}
