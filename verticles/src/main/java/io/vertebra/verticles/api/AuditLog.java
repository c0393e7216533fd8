package io.vertebra.verticles.api;

import io.vertebra.runtime.codelet.CodeletSet;
import io.vertebra.runtime.codelet.SetListener;
import io.vertebra.runtime.limit.DetachReason;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who changed what, and what came of it: the latest events in memory, all of them in the log under {@code vertebra.audit}.
 * Thread-safe.
 */
public final class AuditLog implements SetListener {

    /** On whose behalf the current thread changes something; unbound, it is the application itself. */
    static final ScopedValue<String> ACTOR = ScopedValue.newInstance();

    private static final Logger LOG = LoggerFactory.getLogger("vertebra.audit");
    private static final int MOST = 1_000;

    private final Deque<JsonObject> events = new ArrayDeque<>(); // guarded by itself
    private long sequence; // guarded by events
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final String start = Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);

    /** Makes a change on somebody's behalf. */
    public static <T> T as(String actor, ScopedValue.CallableOp<T, Exception> change) throws Exception {
        return ScopedValue.where(ACTOR, actor).call(change);
    }

    /** Notes a set's change. */
    @Override
    public void changed(CodeletSet set, Change change) {
        add(change.name().toLowerCase(Locale.ROOT), set.name(), new JsonObject().put("digest", set.digest()));
    }

    /** Notes that a limit has detached a codelet. */
    @Override
    public void detached(String codeletSet, String codelet, DetachReason reason) {
        ScopedValue.where(ACTOR, "limits")
                .run(() -> add(
                        "detached",
                        codeletSet + "/" + codelet,
                        new JsonObject().put("reason", reason.label()).put("detail", reason.text())));
    }

    /** Notes an event with a sentence about it, on behalf of an actor. */
    public void note(String actor, String event, String object, String detail) {
        ScopedValue.where(ACTOR, actor).run(() -> add(event, object, new JsonObject().put("detail", detail)));
    }

    /**
     * Notes an event.
     *
     * @param event what happened, for example {@code loaded}
     * @param object what it happened to: a set, a map, an input
     * @param details further members
     */
    void add(String event, String object, JsonObject details) {
        var entry = new JsonObject()
                .put("time", Instant.now().toString())
                .put("actor", ACTOR.orElse("application"))
                .put("event", event)
                .put("object", object)
                .mergeIn(details);
        synchronized (events) {
            entry.put("sequence", ++sequence);
            events.addLast(entry);
            if (events.size() > MOST) {
                events.removeFirst();
            }
        }
        LOG.info("{}", entry);
        listeners.forEach(Runnable::run);
    }

    /** Calls a listener, on any thread, when there is a new event. */
    void add(Runnable listener) {
        listeners.add(listener);
    }

    /** Calls it no more. */
    void remove(Runnable listener) {
        listeners.remove(listener);
    }

    /** Names this log: sequence numbers of another start are other events'. */
    String start() {
        return start;
    }

    /** The number of the oldest event that is kept; of the next one while there is none. */
    long oldest() {
        synchronized (events) {
            return sequence - events.size() + 1;
        }
    }

    /** The events with a greater sequence number, oldest first. */
    JsonArray after(long number) {
        synchronized (events) {
            var array = new JsonArray();
            events.stream()
                    .filter(event -> event.getLong("sequence") > number)
                    .forEach(event -> array.add(event.copy()));
            return array;
        }
    }
}
