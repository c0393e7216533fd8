package io.vertebra.examples.gateway;

import java.util.Optional;

/** What the gateway serves; the ordinal is the route's number in hooks and codelets. */
public enum Route {
    USERS("/users", 400, 4),
    ORDERS("/orders", 1_500, 3),
    SEARCH("/search", 6_000, 2),
    FILES("/files", 20_000, 1);

    private final String path;
    private final int responseBytes;
    private final int weight;

    Route(String path, int responseBytes, int weight) {
        this.path = path;
        this.responseBytes = responseBytes;
        this.weight = weight;
    }

    /** The path that selects the route. */
    public String path() {
        return path;
    }

    /** Size of a backend's answer. */
    int responseBytes() {
        return responseBytes;
    }

    /** Share of the traffic, relative to the other routes. */
    int weight() {
        return weight;
    }

    /** The route of a request's path. */
    static Optional<Route> of(String path) {
        for (var route : values()) {
            if (route.path.equals(path)) {
                return Optional.of(route);
            }
        }
        return Optional.empty();
    }
}
