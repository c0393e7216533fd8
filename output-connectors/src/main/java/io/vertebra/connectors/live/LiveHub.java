package io.vertebra.connectors.live;

import io.vertebra.connectors.spi.Connector;
import io.vertebra.connectors.spi.WriteResult;
import io.vertebra.runtime.account.OutputAccount;
import io.vertebra.runtime.output.OutputBatch;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.ServerWebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntSupplier;
import java.util.function.ToLongFunction;

/**
 * The connector {@code live}: keeps each stream's latest records, and passes them on to the WebSocket clients that follow it.
 * Everything but {@link #accounts} and {@link #clients} runs on the event loop that started it; a record counts as delivered
 * to this place when it is in the stream's log, and {@code live-clients} accounts for each client's.
 */
public final class LiveHub implements Connector {

    /** The sub-protocol that clients must ask for. */
    public static final String SUB_PROTOCOL = "vertebra.v1";

    /** The connector's name. */
    public static final String NAME = "live";

    private static final long FLUSH_MILLIS = 100;
    private static final long OVERVIEW_MILLIS = 1_000;

    private final Vertx vertx;
    private final LiveSource source;
    private final IntSupplier mostClients;
    private final Patience patience;
    private final Set<LiveClient> clients = new HashSet<>();
    private final Map<String, StreamLog> logs = new HashMap<>();
    private final Map<Followed, Feed> feeds = new HashMap<>();
    private final Map<CloseCause, Long> closed = new EnumMap<>(CloseCause.class);
    private final ClientLedger ledger = new ClientLedger();
    private final List<Long> timers = new ArrayList<>();

    /**
     * How long a client is waited for.
     *
     * @param stuck one whose socket takes nothing
     * @param silence one that does not answer; it is asked three times before
     */
    record Patience(Duration stuck, Duration silence) {}

    /** What a feed reads and how often; no map for the overview. */
    private record Followed(String map, long intervalMillis) {}

    /**
     * The clients.
     *
     * @param connected now
     * @param closed connections that the server has closed, by cause
     */
    public record Clients(int connected, Map<CloseCause, Long> closed) {

        /** Makes the map immutable. */
        public Clients {
            closed = Map.copyOf(closed);
        }
    }

    /**
     * A hub without clients.
     *
     * @param mostClients clients at a time, asked for each one that comes
     */
    public LiveHub(Vertx vertx, LiveSource source, IntSupplier mostClients) {
        this(vertx, source, mostClients, new Patience(Duration.ofSeconds(30), Duration.ofSeconds(45)));
    }

    LiveHub(Vertx vertx, LiveSource source, IntSupplier mostClients, Patience patience) {
        this.vertx = vertx;
        this.source = source;
        this.mostClients = mostClients;
        this.patience = patience;
    }

    @Override
    public Future<Void> start() {
        return Future.succeededFuture();
    }

    /** The first client has come. */
    private void begin() {
        timers.add(vertx.setPeriodic(FLUSH_MILLIS, _ -> flush()));
        timers.add(vertx.setPeriodic(OVERVIEW_MILLIS, _ -> forgetStreams()));
        timers.add(vertx.setPeriodic(
                Math.max(1, patience.silence().toMillis() / 3),
                _ -> List.copyOf(clients).forEach(client -> client.ping(patience))));
    }

    /** The last client has gone: nothing costs anything until the next comes. */
    private void rest() {
        timers.forEach(vertx::cancelTimer);
        timers.clear();
    }

    private void flush() {
        synchronized (ledger) {
            logs.values().forEach(StreamLog::flush);
        }
        long now = System.nanoTime();
        List.copyOf(clients).forEach(client -> client.check(now, patience));
    }

    @Override
    public Future<WriteResult> write(OutputBatch batch) {
        synchronized (ledger) {
            var name = batch.stream().name();
            if (!logs.containsKey(name)) {
                forgetStreams();
            }
            var log = logs.computeIfAbsent(name, _ -> new StreamLog());
            log.append(batch);
            if (log.urgent()) {
                log.flush();
            }
        }
        return Future.succeededFuture(WriteResult.delivered(batch.size()));
    }

    @Override
    public Future<Void> stop(Duration grace) {
        rest();
        List.copyOf(clients).forEach(LiveClient::goAway);
        return Future.succeededFuture();
    }

    /**
     * Serves a client that has just been upgraded, on the hub's event loop.
     *
     * @param abort ends its connection at once, also when it takes nothing
     */
    public void accept(ServerWebSocket socket, Runnable abort) {
        var client = new LiveClient(vertx, socket, abort, this);
        if (clients.size() >= mostClients.getAsInt()) {
            client.close(CloseCause.TOO_MANY_CLIENTS);
            return;
        }
        if (clients.isEmpty()) {
            begin();
        }
        synchronized (ledger) {
            clients.add(client);
        }
        socket.closeHandler(_ -> {
            client.end();
            synchronized (ledger) {
                clients.remove(client);
            }
            if (clients.isEmpty()) {
                rest();
            }
        });
    }

    /** What became of the records that clients subscribed to, added up over the clients. Any thread; exact. */
    public List<OutputAccount> accounts() {
        synchronized (ledger) {
            return ledger.accounts(
                    stream -> sum(stream, StreamSubscription::unseen),
                    stream -> sum(stream, StreamSubscription::waiting));
        }
    }

    private long sum(String stream, ToLongFunction<StreamSubscription> records) {
        var log = logs.get(stream);
        return log == null ? 0 : log.followers().stream().mapToLong(records).sum();
    }

    /** How many clients there are, and which were sent away. Any thread. */
    public Clients clients() {
        synchronized (ledger) {
            return new Clients(clients.size(), closed);
        }
    }

    ClientLedger ledger() {
        return ledger;
    }

    void closed(CloseCause cause) {
        synchronized (ledger) {
            closed.merge(cause, 1L, Long::sum);
        }
    }

    /** The log of a stream that somebody wants to follow. The caller holds the ledger's lock. */
    StreamLog log(ClientMessage.Stream message) throws ProtocolException {
        var known = source.streams();
        if (!known.contains(message.stream())) {
            throw new ProtocolException(
                    message.id(), "stream `" + message.stream() + "` is unknown: known are " + known);
        }
        ledger.opened(message.stream());
        return logs.computeIfAbsent(message.stream(), _ -> new StreamLog());
    }

    /** Joins the feed of a map, shared by all who want it as often. */
    FeedSubscription follow(ClientMessage.Entries message, LiveClient client) throws ProtocolException {
        try {
            source.map(message.map());
            return feed(new Followed(message.map(), message.intervalMillis()), new MapModel(source, message.map()))
                    .join(message.id(), client);
        } catch (IllegalArgumentException e) {
            throw new ProtocolException(message.id(), e.getMessage());
        }
    }

    /** Joins the overview's feed. */
    FeedSubscription followOverview(int id, LiveClient client) {
        return feed(new Followed("", OVERVIEW_MILLIS), new OverviewModel(source))
                .join(id, client);
    }

    private Feed feed(Followed followed, FeedModel model) {
        return feeds.computeIfAbsent(
                followed, key -> new Feed(vertx, model, key.intervalMillis(), _ -> feeds.remove(key)));
    }

    /** Forgets the logs of streams that are gone, and tells who follows them. */
    private void forgetStreams() {
        synchronized (ledger) {
            var known = source.streams();
            for (var name : List.copyOf(logs.keySet())) {
                if (!known.contains(name)) {
                    var log = logs.get(name);
                    log.flush();
                    log.followers()
                            .forEach(follower -> follower.client()
                                    .complete(
                                            follower.id(),
                                            "stream `" + name + "` is gone: its set was unloaded or replaced"));
                    logs.remove(name);
                }
            }
        }
    }
}
