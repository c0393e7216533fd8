package io.vertebra.connectors.spool;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The records of one batch as one entry: when they were drained, how many they are, then the length and the bytes of each. */
final class Entries {

    private static final int HEADER = Long.BYTES + Integer.BYTES;

    private Entries() {}

    /** The first records whose entry has no more than some bytes. */
    static List<byte[]> fitting(List<byte[]> records, long bytes) {
        long left = bytes - HEADER;
        int count = 0;
        while (count < records.size() && left >= Integer.BYTES + records.get(count).length) {
            left -= Integer.BYTES + records.get(count).length;
            count++;
        }
        return records.subList(0, count);
    }

    static byte[] encode(long drainedMillis, List<byte[]> records) {
        int size = HEADER;
        for (var record : records) {
            size = Math.addExact(size, Integer.BYTES + record.length);
        }
        var entry = ByteBuffer.allocate(size).putLong(drainedMillis).putInt(records.size());
        records.forEach(record -> entry.putInt(record.length).put(record));
        return entry.array();
    }

    static long drainedMillis(byte[] entry) {
        return ByteBuffer.wrap(entry).getLong();
    }

    static List<byte[]> records(byte[] entry) {
        var buffer = ByteBuffer.wrap(entry).position(Long.BYTES);
        int count = buffer.getInt();
        List<byte[]> records = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            var record = new byte[buffer.getInt()];
            buffer.get(record);
            records.add(record);
        }
        return records;
    }
}
