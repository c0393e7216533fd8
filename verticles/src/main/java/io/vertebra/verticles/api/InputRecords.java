package io.vertebra.verticles.api;

import io.vertebra.runtime.codelet.CodeletRuntime;
import io.vertebra.runtime.codelet.InputChannel;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

/** Records on their way into input channels, from HTTP or from the event bus. Thread-safe. */
final class InputRecords {

    private final CodeletRuntime runtime;

    InputRecords(CodeletRuntime runtime) {
        this.runtime = runtime;
    }

    /**
     * The channel of that name.
     *
     * @throws RequestException 404 when there is none; names the known ones
     */
    InputChannel find(String name) throws RequestException {
        try {
            return runtime.input(name);
        } catch (IllegalArgumentException e) {
            throw new RequestException(404, e.getMessage());
        }
    }

    /**
     * Sends a record given by its fields.
     *
     * @throws RequestException 503 when there is no room
     * @throws IllegalArgumentException when it does not fit the type, or no type is declared
     */
    void send(InputChannel input, JsonObject record) throws RequestException {
        var spec = input.map().spec();
        var raw = TypedJson.raw("record", record);
        taken(
                input,
                raw.isPresent()
                        ? input.send(raw.get())
                        : input.send(TypedJson.fields(spec.btf(), spec.valueType(), record)));
    }

    /**
     * Sends a record's bytes.
     *
     * @throws RequestException 503 when there is no room
     * @throws IllegalArgumentException when their number is not allowed
     */
    void send(InputChannel input, Buffer record) throws RequestException {
        taken(input, input.send(record.getBytes()));
    }

    private static void taken(InputChannel input, boolean taken) throws RequestException {
        if (!taken) {
            throw new RequestException(
                    503, "input `" + input.name() + "`: no room, " + input.waiting() + " records wait");
        }
    }
}
