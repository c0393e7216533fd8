package io.vertebra.verticles.cluster;

import io.vertebra.config.ClusterSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import io.vertx.core.spi.cluster.ClusterManager;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What members tell and ask each other, sealed, over a Vert.x cluster that carries nothing else. Thread-safe. */
final class Channel {

    private static final Logger LOG = LoggerFactory.getLogger(Channel.class);
    private static final String BEATS = "vertebra.fleet.beat";
    private static final String MEMBER = "vertebra.fleet.member.";
    private static final long ANSWER_MILLIS = 2_000;
    private static final long WARN_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final int REFUSED = 1;

    private final Vertx vertx;
    private final ClusterManager cluster;
    private final Seal seal;
    private final String node = UUID.randomUUID().toString();
    private final AtomicLong warned = new AtomicLong(System.nanoTime() - WARN_NANOS);

    private Channel(Vertx vertx, ClusterManager cluster, Seal seal) {
        this.vertx = vertx;
        this.cluster = cluster;
        this.seal = seal;
    }

    /** Joins the cluster. */
    static Future<Channel> open(VertxOptions options, ClusterSettings settings, Seal seal) {
        var cluster = HazelcastNode.of(settings);
        var bus = new EventBusOptions().setHost(settings.host()).setClusterPublicHost(settings.host());
        return Vertx.builder()
                .with(options.setEventBusOptions(bus))
                .withClusterManager(cluster)
                .buildClustered()
                .map(vertx -> new Channel(vertx, cluster, seal));
    }

    Vertx vertx() {
        return vertx;
    }

    /** Where this member is asked. */
    String node() {
        return node;
    }

    /** How many members the cluster has, this one included. */
    int size() {
        return cluster.getNodes().size();
    }

    /**
     * Listens to all members and to what this one is asked.
     *
     * @param beats gets each beat, on an event loop
     * @param answers gives the answer to a question, or what to wait for; empty for none
     */
    Future<Void> listen(Consumer<Beat> beats, Function<JsonObject, Future<Optional<byte[]>>> answers) {
        var told = vertx.eventBus().<Buffer>consumer(BEATS, message -> beat(message, beats));
        var asked = vertx.eventBus().<Buffer>consumer(MEMBER + node, message -> answer(message, answers));
        return Future.all(told.completion(), asked.completion()).mapEmpty();
    }

    void tell(Beat beat) {
        vertx.eventBus()
                .publish(
                        BEATS,
                        Buffer.buffer(seal.seal("beat", beat.json().toBuffer().getBytes())));
    }

    /**
     * Asks a member.
     *
     * @return its answer; fails when none comes within two seconds
     */
    Future<byte[]> ask(String member, JsonObject question) {
        var nonce = UUID.randomUUID().toString();
        var sealed = seal.seal("ask", question.put("nonce", nonce).toBuffer().getBytes());
        return vertx.eventBus()
                .<Buffer>request(
                        MEMBER + member, Buffer.buffer(sealed), new DeliveryOptions().setSendTimeout(ANSWER_MILLIS))
                .compose(reply -> seal.open("answer " + nonce, reply.body().getBytes())
                        .map(Future::succeededFuture)
                        .orElseGet(() -> Future.failedFuture("the answer has another secret's seal")));
    }

    Future<Void> close() {
        return vertx.close();
    }

    private void beat(Message<Buffer> message, Consumer<Beat> beats) {
        open("beat", message).ifPresent(json -> {
            var beat = Beat.of(json);
            if (!beat.node().equals(node)) {
                beats.accept(beat);
            }
        });
    }

    private void answer(Message<Buffer> message, Function<JsonObject, Future<Optional<byte[]>>> answers) {
        open("ask", message)
                .ifPresent(question -> answers.apply(question).onComplete(answer -> {
                    if (answer.succeeded() && answer.result().isPresent()) {
                        var purpose = "answer " + question.getString("nonce");
                        message.reply(
                                Buffer.buffer(seal.seal(purpose, answer.result().get())));
                    } else {
                        message.fail(REFUSED, "it is not here");
                    }
                }));
    }

    /** What somebody without the secret sends is dropped. */
    private Optional<JsonObject> open(String purpose, Message<Buffer> message) {
        var opened = seal.open(purpose, message.body().getBytes());
        if (opened.isEmpty() && System.nanoTime() - warned.get() > WARN_NANOS) {
            warned.set(System.nanoTime());
            LOG.warn("a message with another secret's seal was dropped: give all members of the fleet the same"
                    + " cluster.secret_file");
        }
        return opened.map(bytes -> new JsonObject(Buffer.buffer(bytes)));
    }
}
