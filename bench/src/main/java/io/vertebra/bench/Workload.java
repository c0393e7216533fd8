package io.vertebra.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * What every executor runs over: events and packets; always the same. Predicates hold for 99 of
 * 100 fields, so that branches are as predictable as filters usually are.
 */
@State(Scope.Benchmark)
public class Workload {

    /** Events in one loop. */
    static final int EVENTS = 1024;
    /**
     * Words from one field of the events to the next, so that a loop touches only what it uses; a little more than the
     * events, so that columns do not fall on the same lines of the cache. The first ten fields are those of the chain.
     */
    static final int COLUMN = EVENTS + 8;

    static final int ROUTE = 10 * COLUMN;
    static final int NANOS = 11 * COLUMN;
    static final int NUMBER = 12 * COLUMN;
    static final int BYTES = 13 * COLUMN;
    static final int STATUS = 14 * COLUMN;

    /** Packets in one loop. */
    static final int PACKETS = 64;
    /** Bytes of a packet. */
    static final int PACKET_BYTES = 1500;

    private static final int CHAIN = 10;
    private static final int PACKET_STRIDE = 1504;
    private static final int ROUTES = 64;

    /** Field f of event i is at {@code f + i}. */
    final long[] words = new long[15 * COLUMN];

    final byte[][] packets = new byte[PACKETS][];

    /** The workload. */
    public Workload() {
        var random = new Random(1);
        for (int event = 0; event < EVENTS; event++) {
            for (int field = 0; field < CHAIN; field++) {
                words[event + field * COLUMN] = usually(random, 100_000 + random.nextInt(500_000), random.nextInt(5));
            }
            words[event + ROUTE] = random.nextInt(ROUTES);
            words[event + NANOS] = random.nextLong() >>> (24 + random.nextInt(32));
            words[event + NUMBER] = 6L * (1500 + random.nextInt(160)) + 1; // neither even nor a multiple of three
            words[event + BYTES] = usually(random, 1000 + random.nextInt(5000), random.nextInt(1000));
            words[event + STATUS] = usually(random, 500 + random.nextInt(4), 200);
        }
        Arrays.setAll(packets, _ -> packet(random));
    }

    private static long usually(Random random, long value, long otherwise) {
        return random.nextInt(100) == 0 ? otherwise : value;
    }

    private static byte[] packet(Random random) {
        var packet = new byte[PACKET_BYTES];
        random.nextBytes(packet);
        boolean other = random.nextInt(100) == 0;
        packet[12] = 8; // Ethernet: IPv4
        packet[13] = 0;
        packet[14] = 0x45; // IPv4 with a header of 20 bytes, TCP
        packet[23] = (byte) (other ? 17 : 6);
        packet[47] = 0x18; // TCP: ack, push
        return packet;
    }

    /** The columns that are the fields of a codelet's context, in their order; none for a payload. */
    static List<Integer> fields(String codelet) {
        return switch (codelet) {
            case "filter" -> List.of(BYTES, ROUTE, STATUS);
            case "chain" ->
                IntStream.range(0, CHAIN).mapToObj(field -> field * COLUMN).toList();
            case "counter", "counter_atomic", "per_core" -> List.of(ROUTE);
            case "histogram" -> List.of(ROUTE, NANOS);
            case "prime" -> List.of(NUMBER);
            case "fnv", "checksum", "parse" -> List.of();
            default -> throw new IllegalArgumentException("codelet `" + codelet + "`: no workload");
        };
    }

    /** Writes all of it, little endian, for the baselines. */
    void write(Path file) throws IOException {
        var buffer = ByteBuffer.allocate(words.length * Long.BYTES + PACKETS * PACKET_STRIDE)
                .order(ByteOrder.LITTLE_ENDIAN);
        for (long word : words) {
            buffer.putLong(word);
        }
        for (var packet : packets) {
            buffer.put(packet).position(buffer.position() + PACKET_STRIDE - PACKET_BYTES);
        }
        Files.write(file, buffer.array());
    }
}
