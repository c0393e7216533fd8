package io.vertebra.cli.option;

import java.io.PrintWriter;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** A line on standard error that says what takes so long, from the second second on; gone when it is done. */
public final class Progress implements AutoCloseable {

    private static final String ERASE = "\r\033[K";
    private static final ScheduledExecutorService CLOCK = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("progress").factory());

    private final Supplier<Terminal> terminal;
    private final PrintWriter err;
    private final String what;
    private final Future<?> ticks;
    private int seconds; // guarded by this, as what is printed
    private boolean done;

    private Progress(Supplier<Terminal> terminal, PrintWriter err, String what) {
        this.terminal = terminal;
        this.err = err;
        this.what = what;
        this.ticks = CLOCK.scheduleAtFixedRate(this::tick, 1, 1, TimeUnit.SECONDS);
    }

    /**
     * Begins; silent unless standard error is a terminal.
     *
     * @param terminal asked after a second
     */
    public static Progress start(Supplier<Terminal> terminal, PrintWriter err, String what) {
        return new Progress(terminal, err, what);
    }

    private synchronized void tick() {
        done |= seconds == 0 && !terminal.get().err();
        if (!done) {
            err.print(ERASE + what + " ... " + ++seconds + " s");
            err.flush();
        }
    }

    @Override
    public synchronized void close() {
        ticks.cancel(false);
        if (seconds > 0 && !done) {
            err.print(ERASE);
            err.flush();
        }
        done = true;
    }
}
