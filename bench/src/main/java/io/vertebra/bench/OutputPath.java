package io.vertebra.bench;

import io.vertebra.config.CodeletSetDescriptor.Execution;
import io.vertebra.verticles.VertebraConfig;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many records of 64 bytes go from a hook through codelet, ring buffer, drain, event bus and queue to a connector that
 * does nothing (P9). Prints {@code KEY VALUE} lines.
 */
public final class OutputPath {

    private static final int BURST = 2_048;
    private static final long WINDOW = 12 * BURST;
    private static final long SLICE_RECORDS = 4L << 20;
    private static final long WARM_UP_NANOS = 3_000_000_000L;

    private OutputPath() {}

    /** Runs it: {@code main(SLICES)}. */
    public static void main(String[] arguments) throws Exception {
        int slices = Integer.parseInt(arguments[0]);
        var taken = new AtomicLong();
        try (var vertebra = OutputSet.start(
                VertebraConfig.defaults().withConnector("unread", new UnreadConnectorFactory.Settings(taken)))) {
            OutputSet.load(vertebra, Execution.QUEUED, List.of("emitted"), "samples: {map: samples, to: [unread]}");
            long warm = System.nanoTime() + WARM_UP_NANOS;
            while (System.nanoTime() - warm < 0) {
                slice(taken, SLICE_RECORDS / 4);
            }
            for (int i = 0; i < slices; i++) {
                OutputSet.cost(SLICE_RECORDS, () -> slice(taken, SLICE_RECORDS)).print("output", "unread");
            }
            OutputSet.requireDelivered(vertebra, "samples", List.of("output", "unread"));
        }
    }

    private static void slice(AtomicLong taken, long records) {
        OutputSet.fire(records, BURST, WINDOW, taken::get, OutputSet::emit);
    }
}
