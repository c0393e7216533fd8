package io.vertebra.verticles;

import io.vertebra.runtime.account.OutputAccount;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;

/**
 * An application whose codelets' records are delivered at least once, to be killed: its folder (with {@code set.yaml}), the
 * brokers, and the threads that make traffic. With none it waits until everything has been delivered, prints the account, and ends.
 */
final class SpooledApplication {

    private static final VarHandle COUNT = ValueLayout.JAVA_LONG.varHandle();

    private SpooledApplication() {}

    public static void main(String[] arguments) throws Exception {
        var folder = Path.of(arguments[0]);
        int threads = Integer.parseInt(arguments[2]);
        var config = VertebraConfig.defaults()
                .withPort(0)
                .withSpool(folder.resolve("spool"))
                .withKafka(arguments[1]);
        Objects.requireNonNull(GatewayHooks.HOOKS, "declared before the set is loaded");
        try (var vertebra = Vertebra.start(config)) {
            vertebra.load(folder.resolve("set.yaml"));
            System.out.println("READY");
            var fired = counts(folder);
            for (int i = 0; i < threads; i++) {
                long connections = (long) i << 32;
                Thread.ofPlatform().start(() -> fire(connections, fired));
            }
            Thread.sleep(threads == 0 ? 0 : Long.MAX_VALUE);
            while (kafka(vertebra).waiting() > 0) {
                LockSupport.parkNanos(1_000_000);
            }
            System.out.println("ACCOUNT " + kafka(vertebra));
        }
    }

    private static OutputAccount kafka(Vertebra vertebra) {
        return vertebra.outputAccounts().stream()
                .filter(account -> account.connector().equals("kafka"))
                .findFirst()
                .orElseThrow();
    }

    /** How many hooks began and ended to fire, where it outlives a kill: what codelets submitted lies between. */
    static MemorySegment counts(Path folder) throws IOException {
        try (var file = FileChannel.open(
                folder.resolve("fired"),
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            return file.map(FileChannel.MapMode.READ_WRITE, 0, 2 * Long.BYTES, Arena.ofAuto());
        }
    }

    private static void fire(long connections, MemorySegment fired) {
        for (long connection = connections; ; connection++) {
            COUNT.getAndAdd(fired, 0L, 1L);
            Gateway.exchange(connection, (int) connection & 3, 20_000);
            COUNT.getAndAdd(fired, 8L, 1L);
        }
    }
}
