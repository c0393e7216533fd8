package io.vertebra.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * What every executor runs over: events of {@link #WIDTH} words, and packets; always the same. Predicates hold for 99 of
 * 100 fields, so that branches are as predictable as filters usually are.
 */
@State(Scope.Benchmark)
public class Workload {

    /** Events in one loop. */
    static final int EVENTS = 1024;
    /** Words of an event; the first ten are those of the chain. */
    static final int WIDTH = 16;

    static final int ROUTE = 10;
    static final int NANOS = 11;
    static final int NUMBER = 12;
    static final int BYTES = 13;
    static final int STATUS = 14;

    /** Packets in one loop. */
    static final int PACKETS = 64;
    /** Bytes of a packet. */
    static final int PACKET_BYTES = 1500;

    private static final int CHAIN = 10;
    private static final int PACKET_STRIDE = 1504;
    private static final int ROUTES = 64;

    /** Event i begins at {@code i * WIDTH}. */
    final long[] words = new long[EVENTS * WIDTH];

    final byte[][] packets = new byte[PACKETS][];

    /** The workload. */
    public Workload() {
        var random = new Random(1);
        for (int event = 0; event < words.length; event += WIDTH) {
            for (int field = 0; field < CHAIN; field++) {
                words[event + field] = usually(random, 100_000 + random.nextInt(500_000), random.nextInt(5));
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

    /** The words of an event that are the fields of a codelet's context, in their order; none for a payload. */
    static List<Integer> fields(String codelet) {
        return switch (codelet) {
            case "filter" -> List.of(BYTES, ROUTE, STATUS);
            case "chain" -> List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
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
