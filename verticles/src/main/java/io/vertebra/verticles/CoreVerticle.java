package io.vertebra.verticles;

import io.vertebra.runtime.dispatch.CoreDispatcher;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Drives one core on an event loop of its own: a bounded piece of work, then again, or asleep until woken. */
final class CoreVerticle extends VerticleBase {

    private static final Logger LOG = LoggerFactory.getLogger(CoreVerticle.class);

    private static final VarHandle SCHEDULED = scheduled();

    /** Events, and records of each output ring, before the event loop gets a turn. */
    private static final int LIMIT = 256;

    /** How soon a core looks again that nobody may wake: after work, and after it has found none for some time. */
    private static final long SHORTEST_MILLIS = 2;

    private static final long LONGEST_MILLIS = 128;

    /** Pause after a failure, so that a lasting one does not fill the log. */
    private static final long FAILURE_MILLIS = 1_000;

    /** How soon a core looks again when a wake-up got lost: where the stack of the thread that wakes ends inside it. */
    private static final long LOST_MILLIS = 1_000;

    private final CoreDispatcher core;
    private volatile boolean scheduled;
    private long pauseMillis = SHORTEST_MILLIS;
    private long look = -1;
    private volatile boolean stopped;

    CoreVerticle(CoreDispatcher core) {
        this.core = core;
    }

    private static VarHandle scheduled() {
        try {
            return MethodHandles.lookup().findVarHandle(CoreVerticle.class, "scheduled", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @Override
    public Future<?> start() {
        core.onWake(this::again);
        vertx.setPeriodic(LOST_MILLIS, _ -> again());
        again();
        return Future.succeededFuture();
    }

    @Override
    public Future<?> stop() {
        stopped = true;
        return Future.succeededFuture();
    }

    /** Any thread. A turn is on its way or scheduled, never two: they would keep each other going. */
    private void again() {
        if (!scheduled && SCHEDULED.compareAndSet(this, false, true)) {
            try {
                context.runOnContext(_ -> run());
            } catch (Throwable e) {
                // The stack of the thread that wakes may end here: no call, so that the next one wakes again.
                scheduled = false;
                throw e;
            }
        }
    }

    private void run() {
        scheduled = false;
        if (stopped) {
            return;
        }
        try {
            if (core.runOnce(LIMIT) > 0) {
                pauseMillis = SHORTEST_MILLIS;
                again();
            } else {
                rest();
            }
        } catch (RuntimeException | Error e) { // whatever it is, the core goes on
            LOG.error("core {}: a turn failed", core.index(), e);
            vertx.setTimer(FAILURE_MILLIS, _ -> again());
        }
    }

    private void rest() {
        if (!core.park()) {
            again();
        } else if (core.mustLook()) {
            vertx.cancelTimer(look); // one at a time, however often it is woken
            look = vertx.setTimer(pauseMillis, _ -> again());
            pauseMillis = Math.min(2 * pauseMillis, LONGEST_MILLIS);
        }
    }
}
