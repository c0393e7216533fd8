package io.vertebra.connectors;

import io.vertebra.config.Delivery;
import io.vertebra.runtime.output.OutputBatch;
import io.vertebra.runtime.output.StreamDescriptor;
import io.vertebra.vm.btf.Btf;
import io.vertebra.vm.btf.BtfType;
import io.vertebra.vm.btf.BtfType.Member;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Records of one type, {@code struct slow { __u64 connection; __u32 route; char path[12]; }}, for tests of connectors. */
public final class TestRecords {

    /** BTF id of {@code struct slow}. */
    public static final int SLOW = 6;

    /** The types. */
    public static final Btf BTF = new Btf(List.of(
            new BtfType.Void(),
            new BtfType.Int("__u64", 8, 64, 0, false, false, false),
            new BtfType.Int("__u32", 4, 32, 0, false, false, false),
            new BtfType.Int("char", 1, 8, 0, true, false, false),
            new BtfType.Array(3, 2, 12),
            new BtfType.Typedef("path_t", 4),
            new BtfType.Struct(
                    "slow",
                    24,
                    false,
                    List.of(
                            new Member("connection", 1, 0, 0),
                            new Member("route", 2, 64, 0),
                            new Member("path", 5, 96, 0)))));

    private TestRecords() {}

    /** A stream of such records. */
    public static StreamDescriptor stream(String name, String... connectors) {
        return new StreamDescriptor(
                name, "test-set", "slow", Delivery.BEST_EFFORT, List.of(connectors), "connection", BTF, SLOW);
    }

    /** The same, delivered at least once. */
    public static StreamDescriptor spooled(String name, Delivery.AtLeastOnce delivery) {
        return new StreamDescriptor(name, "test-set", "slow", delivery, List.of(), "connection", BTF, SLOW);
    }

    /** One record's bytes. */
    public static byte[] record(long connection, int route, String path) {
        var bytes = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(connection).putInt(route).put(path.getBytes(StandardCharsets.UTF_8));
        return bytes.array();
    }

    /** A batch of records with connection = their sequence number. */
    public static OutputBatch batch(StreamDescriptor stream, long first, int size) {
        var records = new ArrayList<byte[]>();
        for (long sequence = first; sequence < first + size; sequence++) {
            records.add(record(sequence, (int) (sequence % 4), "/p" + sequence % 10));
        }
        return OutputBatch.of(stream, first, 1_767_225_600_000L, records);
    }
}
