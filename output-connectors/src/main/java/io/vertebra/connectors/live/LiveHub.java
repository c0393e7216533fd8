package io.vertebra.connectors.live;

import io.vertebra.connectors.spi.Connector;
import io.vertebra.connectors.spi.WriteResult;
import io.vertebra.runtime.account.OutputAccount;
import io.vertebra.runtime.output.OutputBatch;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.ServerWebSocket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The connector {@code live}: keeps each stream's latest records for those who come later, and passes records on to the
 * WebSocket clients that asked. Everything but {@link #accounts} runs on the event loop that started it; a record counts
 * as delivered to this place when it was offered to all clients, and {@code live-clients} accounts for each of them.
 */
public final class LiveHub implements Connector {

    /** The sub-protocol that clients must ask for. */
    public static final String SUB_PROTOCOL = "vertebra.v1";

    /** The connector's name. */
    public static final String NAME = "live";

    /** Clients at a time. */
    private static final int MOST_CLIENTS = 128;

    /** Records of each stream that are kept for snapshots. */
    private static final int HISTORY_RECORDS = 100;

    private static final long FLUSH_MILLIS = 100;
    private static final long OVERVIEW_MILLIS = 1_000;
    private static final long PING_MILLIS = 15_000;

    private final Vertx vertx;
    private final LiveSource source;
    private final Set<LiveClient> clients = ConcurrentHashMap.newKeySet();
    private final Map<String, Deque<OutputBatch>> histories = new HashMap<>();
    private final ClientLedger ledger = new ClientLedger();
    private final OverviewRates rates = new OverviewRates();
    private final List<Long> timers = new ArrayList<>();
    private String overview;

    /** A hub without clients. */
    public LiveHub(Vertx vertx, LiveSource source) {
        this.vertx = vertx;
        this.source = source;
    }

    @Override
    public Future<Void> start() {
        return Future.succeededFuture();
    }

    /** The first client has come. */
    private void begin() {
        timers.add(vertx.setPeriodic(FLUSH_MILLIS, _ -> clients.forEach(LiveClient::flush)));
        timers.add(vertx.setPeriodic(OVERVIEW_MILLIS, _ -> tick()));
        timers.add(vertx.setPeriodic(PING_MILLIS, _ -> clients.forEach(LiveClient::ping)));
    }

    /** The last client has gone: nothing costs anything until the next comes. */
    private void rest() {
        timers.forEach(vertx::cancelTimer);
        timers.clear();
        overview = null;
    }

    @Override
    public Future<WriteResult> write(OutputBatch batch) {
        remember(batch);
        clients.forEach(client -> client.offer(batch));
        return Future.succeededFuture(WriteResult.delivered(batch.size()));
    }

    @Override
    public Future<Void> stop(Duration grace) {
        rest();
        clients.forEach(LiveClient::goAway);
        return Future.succeededFuture();
    }

    /** Serves a client that has just been upgraded, on the hub's event loop. */
    public void accept(ServerWebSocket socket) {
        if (clients.size() >= MOST_CLIENTS) {
            socket.close((short) 1013, "too many clients: at most " + MOST_CLIENTS); // try again later, IANA registry
            return;
        }
        var client = new LiveClient(vertx, socket, this);
        if (clients.isEmpty()) {
            begin();
        }
        clients.add(client);
        socket.closeHandler(_ -> {
            client.end();
            clients.remove(client);
            if (clients.isEmpty()) {
                rest();
            }
        });
    }

    /** What became of the records that clients subscribed to, added up over the clients. Any thread; exact. */
    public List<OutputAccount> accounts() {
        synchronized (ledger) {
            return ledger.accounts(stream -> clients.stream()
                    .map(LiveClient::streams)
                    .flatMap(Collection::stream)
                    .filter(subscription -> subscription.stream().equals(stream))
                    .mapToLong(StreamSubscription::waiting)
                    .sum());
        }
    }

    LiveSource source() {
        return source;
    }

    ClientLedger ledger() {
        return ledger;
    }

    List<OutputBatch> history(String stream) {
        return List.copyOf(histories.getOrDefault(stream, new ArrayDeque<>()));
    }

    /** The latest overview, at most a second old. */
    String overview() {
        if (overview == null) {
            tick();
        }
        return overview;
    }

    private void tick() {
        overview = rates.add(source.overview()).encode();
        clients.forEach(client -> client.overview(overview));
    }

    private void remember(OutputBatch batch) {
        var history = histories.computeIfAbsent(batch.stream().name(), _ -> new ArrayDeque<>());
        history.addLast(batch);
        int records = history.stream().mapToInt(OutputBatch::size).sum();
        while (records - history.getFirst().size() >= HISTORY_RECORDS) {
            records -= history.removeFirst().size();
        }
    }
}
