package io.vertebra.cli.option;

import java.io.PrintWriter;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** A line on standard error that says what takes so long, from the second second on; gone when it is done. */
public final class Progress implements AutoCloseable {

    private static final String ERASE = "\r\033[K";

    private final Supplier<Terminal> terminal;
    private final PrintWriter err;
    private final String what;
    private final ScheduledExecutorService clock;
    private int seconds; // the clock's thread; the closing one after its end

    private Progress(Supplier<Terminal> terminal, PrintWriter err, String what, ScheduledExecutorService clock) {
        this.terminal = terminal;
        this.err = err;
        this.what = what;
        this.clock = clock;
    }

    /**
     * Begins; silent unless standard error is a terminal.
     *
     * @param terminal asked after a second
     */
    public static Progress start(Supplier<Terminal> terminal, PrintWriter err, String what) {
        var clock = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("progress").factory());
        var progress = new Progress(terminal, err, what, clock);
        var _ = clock.scheduleAtFixedRate(progress::tick, 1, 1, TimeUnit.SECONDS);
        return progress;
    }

    private void tick() {
        if (seconds == 0 && !terminal.get().err()) {
            clock.shutdown();
            return;
        }
        err.print(ERASE + what + " ... " + ++seconds + " s");
        err.flush();
    }

    @Override
    public void close() {
        clock.shutdownNow();
        try {
            clock.awaitTermination(1, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        if (seconds > 0) {
            err.print(ERASE);
            err.flush();
        }
    }
}
