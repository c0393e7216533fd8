package io.vertebra.connectors.live;

import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A state that clients follow: each gets it whole once, then what changed, encoded once for all of them. A client that could
 * not take a change gets the whole again. Only on the hub's event loop.
 */
final class Feed {

    /** A state older than this is read again for who comes new. */
    private static final long FRESH_NANOS = 1_000_000_000L;

    private final Vertx vertx;
    private final FeedModel model;
    private final Set<FeedSubscription> followers = new LinkedHashSet<>();
    private final Consumer<Feed> abandoned;
    private final long timer;
    private long readNanos;
    private String whole;

    /**
     * A feed that reads from now on.
     *
     * @param abandoned called when nobody follows any more
     */
    Feed(Vertx vertx, FeedModel model, long intervalMillis, Consumer<Feed> abandoned) {
        this.vertx = vertx;
        this.model = model;
        this.abandoned = abandoned;
        this.timer = vertx.setPeriodic(intervalMillis, _ -> tick());
        this.readNanos = System.nanoTime() - 2 * FRESH_NANOS;
    }

    /**
     * Adds a client and sends it the state.
     *
     * @throws IllegalArgumentException when it exists no more
     */
    FeedSubscription join(int id, LiveClient client) {
        var follower = new FeedSubscription(id, this, client);
        followers.add(follower);
        try {
            if (System.nanoTime() - readNanos > FRESH_NANOS) {
                read();
            } else {
                follower.snapshot(whole());
            }
        } catch (IllegalArgumentException e) {
            leave(follower);
            throw e;
        }
        return follower;
    }

    void leave(FeedSubscription follower) {
        followers.remove(follower);
        if (followers.isEmpty()) {
            vertx.cancelTimer(timer);
            abandoned.accept(this);
        }
    }

    private void tick() {
        try {
            read();
        } catch (IllegalArgumentException e) {
            new ArrayList<>(followers).forEach(follower -> follower.client().complete(follower.id(), e.getMessage()));
        }
    }

    private void read() {
        var change = model.read();
        readNanos = System.nanoTime();
        whole = null;
        for (var follower : followers) {
            if (follower.client().full()) {
                follower.missed();
            } else if (follower.stale()) {
                follower.snapshot(whole());
            } else {
                follower.next(change);
            }
        }
    }

    private String whole() {
        if (whole == null) {
            whole = model.whole();
        }
        return whole;
    }
}
