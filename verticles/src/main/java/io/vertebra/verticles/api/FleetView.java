package io.vertebra.verticles.api;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import java.util.Optional;

/** The fleet that this Vertebra is a member of, as the API shows it. Thread-safe. */
public interface FleetView {

    /** What members can be asked for. */
    enum Listing {
        /** Codelet sets, those included that a member has rejected. */
        SETS,
        /** Hooks, and what is attached to each. */
        HOOKS
    }

    /** The members, this one included: {@code [{"name", "state", "self", "url", "started_at", "sets"}]}. */
    JsonArray members();

    /**
     * What all members have, each element with its {@code member} and {@code member_state}. Of one that does not answer it is
     * what was last heard.
     *
     * @param member the only one to ask; empty for all
     */
    Future<JsonArray> list(Listing what, Optional<String> member);

    /**
     * Unloads a set that other members have and this one has not, everywhere.
     *
     * @return whether the fleet had it
     */
    boolean unload(String set);
}
