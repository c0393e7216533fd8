package io.vertebra.verticles.cluster;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * What a member says of itself. Immutable.
 *
 * @param member its name
 * @param node where it is asked: new for each start
 * @param url of its control plane, which only its own machine may reach
 * @param startedAt when it joined, as text
 * @param leaving whether it goes on purpose
 * @param table the digest of its table
 * @param sets how the fleet's sets are there
 */
record Beat(
        String member, String node, String url, String startedAt, boolean leaving, String table, List<SetStatus> sets) {

    /**
     * How a set of the fleet is at a member.
     *
     * @param set its name
     * @param generation that the member has, or has refused
     * @param state {@code rejected}, {@code waiting} for its files, or a loaded set's own
     * @param reason why it is rejected or waits, else empty
     */
    record SetStatus(String set, long generation, String state, String reason) {

        static final String REJECTED = "rejected";
        static final String WAITING = "waiting";

        boolean loaded() {
            return reason.isEmpty();
        }

        JsonObject json() {
            return new JsonObject()
                    .put("name", set)
                    .put("generation", generation)
                    .put("state", state)
                    .put("reason", loaded() ? null : reason);
        }

        private static SetStatus of(JsonObject json) {
            return new SetStatus(
                    json.getString("name"),
                    json.getLong("generation"),
                    json.getString("state"),
                    json.getString("reason", "") == null ? "" : json.getString("reason", ""));
        }
    }

    Beat {
        sets = List.copyOf(sets);
    }

    JsonObject json() {
        var statuses = new JsonArray();
        sets.forEach(set -> statuses.add(set.json()));
        return new JsonObject()
                .put("member", member)
                .put("node", node)
                .put("url", url)
                .put("started_at", startedAt)
                .put("leaving", leaving)
                .put("table", table)
                .put("sets", statuses);
    }

    /** @throws RuntimeException when it is none */
    static Beat of(JsonObject json) {
        return new Beat(
                json.getString("member"),
                json.getString("node"),
                json.getString("url"),
                json.getString("started_at"),
                json.getBoolean("leaving"),
                json.getString("table"),
                json.getJsonArray("sets").stream()
                        .map(set -> SetStatus.of((JsonObject) set))
                        .toList());
    }
}
