package io.vertebra.connectors;

import io.vertebra.vm.btf.Btf;
import io.vertebra.vm.btf.BtfType;
import io.vertebra.vm.btf.BtfType.Member;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Live maps with the types that metrics are made of. */
public final class TestMaps {

    /** Slots of {@code struct histogram}. */
    public static final int SLOTS = 4;

    private static final int U64 = 1;
    private static final int U32 = 2;
    private static final int TOTALS = 7;
    private static final int HISTOGRAM = 8;
    private static final int KEY = 9;
    private static final int SLOTS_ONLY = 10;
    private static final int BUCKET_KEY = 11;

    private static final Btf BTF = new Btf(List.of(
            new BtfType.Void(),
            new BtfType.Int("__u64", 8, 64, 0, false, false, false),
            new BtfType.Int("__u32", 4, 32, 0, false, false, false),
            new BtfType.Int("char", 1, 8, 0, true, false, false),
            new BtfType.Int("__s32", 4, 32, 0, true, false, false),
            new BtfType.Array(U64, U32, SLOTS),
            new BtfType.Array(3, U32, 8),
            new BtfType.Struct(
                    "totals", 16, false, List.of(new Member("requests", U64, 0, 0), new Member("depth", 4, 64, 0))),
            new BtfType.Struct(
                    "histogram",
                    8 * SLOTS + 8,
                    false,
                    List.of(new Member("slots", 5, 0, 0), new Member("sum", U64, 64 * SLOTS, 0))),
            new BtfType.Struct("key", 12, false, List.of(new Member("route", U32, 0, 0), new Member("host", 6, 32, 0))),
            new BtfType.Struct("slots_only", 8 * SLOTS, false, List.of(new Member("slots", 5, 0, 0))),
            new BtfType.Struct(
                    "bucket_key",
                    16,
                    false,
                    List.of(new Member("route", U32, 0, 0), new Member("bucket", U64, 64, 0)))));

    private TestMaps() {}

    /** {@code __u32 -> struct totals { __u64 requests; __s32 depth; }}. */
    public static BpfMap totals(MapType type, int entries) {
        return create("totals", type, 4, 16, entries, U32, TOTALS);
    }

    /** {@code __u32 -> struct histogram { __u64 slots[4]; __u64 sum; }}. */
    public static BpfMap histograms(MapType type) {
        return create("delay", type, 4, 8 * SLOTS + 8, 8, U32, HISTOGRAM);
    }

    /** As {@link #histograms} without {@code sum}. */
    public static BpfMap histogramsWithoutSum() {
        return create("delay", MapType.HASH, 4, 8 * SLOTS, 8, U32, SLOTS_ONLY);
    }

    /** {@code struct key { __u32 route; char host[8]; } -> __u64}. */
    public static BpfMap byHost() {
        return create("hosts", MapType.HASH, 12, 8, 64, KEY, U64);
    }

    /** {@code struct bucket_key { __u32 route; __u64 bucket; } -> __u64}. */
    public static BpfMap byBucket(MapType type) {
        return create("delays", type, 16, 8, 64, BUCKET_KEY, U64);
    }

    /** {@code __u32 -> __u64}. */
    public static BpfMap numbers(MapType type, int entries) {
        return create("numbers", type, 4, 8, entries, U32, U64);
    }

    /** A {@code struct bucket_key}. */
    public static byte[] bucketKey(int route, long bucket) {
        return bytes(16).putInt(route).putInt(0).putLong(bucket).array();
    }

    /** A key of 4 bytes. */
    public static byte[] key(int number) {
        return bytes(4).putInt(number).array();
    }

    /** A {@code struct key}. */
    public static byte[] key(int route, String host) {
        return bytes(12)
                .putInt(route)
                .put(host.getBytes(StandardCharsets.UTF_8))
                .array();
    }

    /** A value of 64-bit words. */
    public static byte[] words(long... words) {
        var bytes = ByteBuffer.allocate(8 * words.length).order(ByteOrder.LITTLE_ENDIAN);
        for (long word : words) {
            bytes.putLong(word);
        }
        return bytes.array();
    }

    private static BpfMap create(
            String name, MapType type, int key, int value, int entries, int keyType, int valueType) {
        var spec = new MapSpec(name, type, key, value, entries, 0, false, new byte[0], BTF, keyType, valueType);
        return BpfMap.create(spec, 3);
    }

    private static ByteBuffer bytes(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
