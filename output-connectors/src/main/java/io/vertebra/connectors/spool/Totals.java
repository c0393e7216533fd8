package io.vertebra.connectors.spool;

import java.nio.ByteBuffer;

/**
 * What a {@link SpoolStore} knows of a stream without reading its entries.
 *
 * @param taken records appended in the store's run
 * @param records in the entries
 * @param bytes of the entries
 * @param next greater than the number of any entry that ever was
 */
record Totals(long taken, long records, long bytes, long next) {

    static final Totals NONE = new Totals(0, 0, 0, 0);

    Totals with(Change change) {
        return switch (change) {
            case Change.Append a ->
                new Totals(taken + a.records(), records + a.records(), bytes + a.entry().length, a.number() + 1);
            case Change.Remove r -> new Totals(taken, records - r.records(), bytes - r.bytes(), next);
        };
    }

    Totals inNewRun() {
        return new Totals(0, records, bytes, next);
    }

    Totals withoutEntries() {
        return new Totals(taken, 0, 0, next);
    }

    byte[] encode() {
        return ByteBuffer.allocate(4 * Long.BYTES)
                .putLong(taken)
                .putLong(records)
                .putLong(bytes)
                .putLong(next)
                .array();
    }

    static Totals decode(byte[] encoded) {
        var buffer = ByteBuffer.wrap(encoded);
        return new Totals(buffer.getLong(), buffer.getLong(), buffer.getLong(), buffer.getLong());
    }
}
