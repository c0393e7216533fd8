package io.vertebra.verticles.api;

import io.vertx.core.json.JsonObject;

/** Why a request is refused: an HTTP status and a sentence for the client. */
final class RequestException extends Exception {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient JsonObject members;

    RequestException(int status, String detail) {
        this(status, detail, new JsonObject(), null);
    }

    /**
     * A refusal that says more.
     *
     * @param members further members of the problem
     */
    RequestException(int status, String detail, JsonObject members, Throwable cause) {
        super(detail, cause);
        this.status = status;
        this.members = members;
    }

    int status() {
        return status;
    }

    JsonObject members() {
        return members;
    }
}
