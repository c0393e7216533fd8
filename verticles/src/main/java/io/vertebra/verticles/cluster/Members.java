package io.vertebra.verticles.cluster;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The other members, as far as they were heard. Thread-safe. */
final class Members {

    /** Members that are remembered; of more, the one that is silent for the longest is forgotten. */
    private static final int MOST = 256;

    private static final Logger LOG = LoggerFactory.getLogger(Members.class);

    private final long lostAfterNanos;
    private final LongSupplier nanoTime;
    private final Map<String, Heard> members = new HashMap<>(); // guarded by this

    /** How a member is, as seen from here. */
    enum State {
        /** It is heard. */
        PRESENT,
        /** It was heard and is silent: it has failed, or one of both is cut off. */
        LOST,
        /** It has said goodbye. */
        LEFT;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A member.
     *
     * @param beat its last
     * @param state as seen from here
     */
    record Member(Beat beat, State state) {}

    private static final class Heard {
        private Beat beat;
        private long nanos;
        private State told = State.PRESENT;
        private final Map<String, JsonArray> lists = new HashMap<>();

        private Heard(Beat beat) {
            this.beat = beat;
        }
    }

    Members(Duration lostAfter, LongSupplier nanoTime) {
        this.lostAfterNanos = lostAfter.toNanos();
        this.nanoTime = nanoTime;
    }

    synchronized void heard(Beat beat) {
        var member = members.get(beat.member());
        if (member == null) {
            LOG.info("member `{}` has joined: {}", beat.member(), beat.url());
            member = new Heard(beat);
            members.put(beat.member(), member);
        }
        member.beat = beat;
        member.nanos = nanoTime.getAsLong();
        if (members.size() > MOST) {
            long now = nanoTime.getAsLong();
            members.values().stream()
                    .max(Comparator.comparingLong(other -> now - other.nanos))
                    .ifPresent(silent -> members.remove(silent.beat.member()));
        }
    }

    /** Logs who has come back, left, or is lost since the last call. */
    synchronized void tell() {
        for (var member : members.values()) {
            var state = state(member);
            if (state != member.told) {
                member.told = state;
                LOG.atLevel(state == State.LOST ? org.slf4j.event.Level.WARN : org.slf4j.event.Level.INFO)
                        .log("member `{}` is {}", member.beat.member(), state.label());
            }
        }
    }

    /** All that are remembered, by name. */
    synchronized List<Member> all() {
        return members.values().stream()
                .map(member -> new Member(member.beat, state(member)))
                .sorted(Comparator.comparing(member -> member.beat().member()))
                .toList();
    }

    /** Those that are heard. */
    List<Beat> present() {
        return all().stream()
                .filter(member -> member.state() == State.PRESENT)
                .map(Member::beat)
                .toList();
    }

    /** Keeps a member's last answer. */
    synchronized void answered(String name, String list, JsonArray elements) {
        var member = members.get(name);
        if (member != null) {
            member.lists.put(list, elements);
        }
    }

    /** A member's last answer. */
    synchronized Optional<JsonArray> answer(String name, String list) {
        return Optional.ofNullable(members.get(name)).map(member -> member.lists.get(list));
    }

    private State state(Heard member) {
        if (member.beat.leaving()) {
            return State.LEFT;
        }
        return nanoTime.getAsLong() - member.nanos > lostAfterNanos ? State.LOST : State.PRESENT;
    }

    /** {@code {"name", "state", "self", "url", "started_at", "sets"}}. */
    static JsonObject json(Beat beat, State state, boolean self) {
        var sets = new JsonArray();
        beat.sets().forEach(set -> sets.add(set.json()));
        return new JsonObject()
                .put("name", beat.member())
                .put("state", state.label())
                .put("self", self)
                .put("url", beat.url())
                .put("started_at", beat.startedAt())
                .put("sets", sets);
    }
}
