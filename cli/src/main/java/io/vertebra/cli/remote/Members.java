package io.vertebra.cli.remote;

import io.vertx.core.json.JsonObject;
import picocli.CommandLine.Option;

/** Which members of a fleet a list is of, and how its elements name theirs. */
final class Members {

    @Option(names = "--member", paramLabel = "NAME", description = "Only what this member of the fleet has.")
    private String name;

    /** The path of a list, with the member to ask when one was named. */
    String path(String list) {
        return name == null ? list : list + "?member=" + ApiClient.encoded(name);
    }

    /** {@code "  member NAME"}, with its state unless it is present; empty without a fleet. */
    static String of(JsonObject element) {
        var member = element.getString("member", "");
        var state = element.getString("member_state", "present");
        return member.isEmpty() ? "" : "  member " + member + (state.equals("present") ? "" : " (" + state + ")");
    }

    /** A set's state and, when it has one, the reason for it. */
    static String stateOf(JsonObject set) {
        var reason = set.getString("reason");
        return set.getString("state") + (reason == null ? "" : ": " + reason);
    }
}
