package io.vertebra.connectors.spi;

import io.vertebra.runtime.output.OutputBatch;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageCodec;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.atomic.LongAdder;

/**
 * Vertebra's three addresses on a Vert.x event bus, and the only place that knows their names. Nothing leaves the JVM;
 * batches travel by reference. Thread-safe.
 */
public final class OutputBus {

    /** Batches of all streams; a subscriber looks at {@link OutputBatch#stream()}. */
    public static final String RECORDS = "vertebra.records";

    /** Records for input channels; who sends one is told by reply whether it was taken in. */
    public static final String INPUTS = "vertebra.inputs";

    /** The header of a message to {@link #INPUTS} that has the channel's name. */
    public static final String INPUT = "input";

    /** What happened to codelet sets: loaded, refused, unloaded; JSON. */
    public static final String LIFE_CYCLE = "vertebra.lifecycle";

    private static final DeliveryOptions LOCAL = new DeliveryOptions().setLocalOnly(true);
    private static final DeliveryOptions BY_REFERENCE = new DeliveryOptions(LOCAL).setCodecName(ByReference.NAME);

    private final EventBus bus;
    private final LongAdder published = new LongAdder();

    /** The addresses on the bus of a Vert.x instance. */
    public OutputBus(Vertx vertx) {
        bus = vertx.eventBus();
        bus.unregisterCodec(ByReference.NAME).registerCodec(new ByReference());
    }

    /** Hands a batch to every subscriber. */
    public void publish(OutputBatch batch) {
        published.increment();
        bus.publish(RECORDS, batch, BY_REFERENCE);
    }

    /** Batches published so far; a subscriber that was there first has missed nothing when it has seen as many. */
    public long published() {
        return published.sum();
    }

    /** Calls a handler with every batch from now on, on the context of the caller or a new one. */
    public MessageConsumer<OutputBatch> subscribe(Handler<OutputBatch> handler) {
        return bus.localConsumer(RECORDS, message -> handler.handle(message.body()));
    }

    /**
     * Sends one record into a codelet set.
     *
     * @param input the channel's name
     * @param record a {@link JsonObject} with the record's fields, typed by BTF, or a {@link Buffer} with its bytes
     * @return succeeds when the record was taken in; fails with a {@link ReplyException} whose code is HTTP's: 400 when the
     *     record does not fit, 404 when there is no such channel, 503 when it has no room
     */
    public Future<Void> send(String input, Object record) {
        return bus.<Void>request(INPUTS, record, new DeliveryOptions(LOCAL).addHeader(INPUT, input))
                .mapEmpty();
    }

    /** Calls a handler with every message to {@link #INPUTS}, which it has to reply to. */
    public MessageConsumer<Object> inputs(Handler<Message<Object>> handler) {
        return bus.localConsumer(INPUTS, handler);
    }

    /** Tells everybody what happened to a codelet set. */
    public void announce(JsonObject event) {
        bus.publish(LIFE_CYCLE, event, LOCAL);
    }

    /** Passes the batch itself. */
    private static final class ByReference implements MessageCodec<OutputBatch, OutputBatch> {
        static final String NAME = "vertebra.batch";

        @Override
        public void encodeToWire(Buffer buffer, OutputBatch batch) {
            throw new UnsupportedOperationException("batches stay in this JVM: publish with localOnly");
        }

        @Override
        public OutputBatch decodeFromWire(int position, Buffer buffer) {
            throw new UnsupportedOperationException("batches stay in this JVM");
        }

        @Override
        public OutputBatch transform(OutputBatch batch) {
            return batch;
        }

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public byte systemCodecID() {
            return -1;
        }
    }
}
