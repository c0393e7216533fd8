package io.vertebra.verticles.api;

import io.vertebra.connectors.spi.OutputBus;
import io.vertebra.runtime.codelet.CodeletRuntime;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;

/** Takes records for input channels from the event bus, as {@link OutputBus#send} describes. */
public final class InputBus {

    private final InputRecords records;

    private InputBus(CodeletRuntime runtime) {
        records = new InputRecords(runtime);
    }

    /** Listens until the bus is closed. */
    public static void listen(OutputBus bus, CodeletRuntime runtime) {
        bus.inputs(new InputBus(runtime)::take);
    }

    private void take(Message<Object> message) {
        try {
            var input = records.find(String.valueOf(message.headers().get(OutputBus.INPUT)));
            switch (message.body()) {
                case JsonObject record -> records.send(input, record);
                case Buffer record -> records.send(input, record);
                case null, default ->
                    throw new IllegalArgumentException(
                            "input `" + input.name() + "`: a record is a JsonObject or a Buffer, this is neither");
            }
            message.reply(null);
        } catch (RequestException e) {
            message.fail(e.status(), e.getMessage());
        } catch (IllegalArgumentException e) {
            message.fail(400, e.getMessage());
        }
    }
}
