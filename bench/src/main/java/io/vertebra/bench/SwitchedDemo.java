package io.vertebra.bench;

import io.vertebra.examples.gateway.GatewayApplication;
import io.vertebra.runtime.codelet.CodeletSet;
import io.vertebra.runtime.codelet.CodeletSetState;
import io.vertebra.verticles.Vertebra;
import io.vertebra.verticles.VertebraConfig;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import java.util.stream.LongStream;

/**
 * How long requests take to the demo's gateway at half of what it can do, with a codelet set detached or attached every
 * second and with none (P11). Both are measured in turns of {@link #TURN_SECONDS} each. Requests go only to routes whose
 * backend is never slow, and are sent when they are due, whether or not others wait: a late one counts from when it was
 * due.
 */
final class SwitchedDemo {

    private static final int TURNS = 3;
    private static final int TURN_SECONDS = 8;
    private static final int WARM_UP_SECONDS = 8;
    private static final int CLIENTS = 16;
    private static final List<String> ROUTES = List.of("/users", "/search"); // both of the backend that is never slow

    private final HttpClient client;
    private final int port;

    private SwitchedDemo(HttpClient client, int port) {
        this.client = client;
        this.port = port;
    }

    /** Runs it, for about a minute; gives a Markdown table. */
    static List<String> run() throws Exception {
        var vertx = Vertx.vertx();
        try (var vertebra = Vertebra.start(VertebraConfig.defaults().withPort(0));
                var application = GatewayApplication.start()) {
            var watching = vertebra.load(GatewayApplication.watching());
            var steering = vertebra.load(GatewayApplication.steering());
            var client = vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(CLIENTS));
            return new SwitchedDemo(client, application.port()).measure(watching, steering);
        } finally {
            vertx.close().await();
        }
    }

    private List<String> measure(CodeletSet watching, CodeletSet steering) {
        saturate(WARM_UP_SECONDS / 2);
        double most = (double) saturate(WARM_UP_SECONDS / 2) / (WARM_UP_SECONDS / 2);
        long gap = (long) (1e9 / (most / 2));
        atPace(gap, WARM_UP_SECONDS, _ -> {});
        List<long[]> without = new ArrayList<>();
        List<long[]> with = new ArrayList<>();
        for (int turn = 0; turn < TURNS; turn++) {
            without.add(atPace(gap, TURN_SECONDS, _ -> {}));
            with.add(atPace(gap, TURN_SECONDS, second -> change((second & 1) == 0 ? watching : steering)));
        }
        double ratio = (double) quantile(sorted(with), 0.999) / quantile(sorted(without), 0.999);
        return List.of(
                Cells.titles("requests to the demo's gateway", "a second", "p50, ms", "p99", "p99.9", "largest"),
                row("no switch", gap, sorted(without)),
                row("a switch every second", gap, sorted(with)),
                "",
                String.format(Locale.ROOT, "p99.9 with switches: %.2fx (P11: at most 2x)", ratio));
    }

    private static void change(CodeletSet set) {
        switch (set.state()) {
            case CodeletSetState.Attached _ -> set.disable();
            case CodeletSetState.Disabled _ -> set.enable();
            case CodeletSetState.Replacing _, CodeletSetState.Draining _, CodeletSetState.Unloaded _ ->
                throw new IllegalStateException(
                        "codelet set `" + set.name() + "` is " + set.state().label());
        }
    }

    private static long[] sorted(List<long[]> turns) {
        return turns.stream().flatMapToLong(LongStream::of).sorted().toArray();
    }

    private static long quantile(long[] sorted, double share) {
        return sorted[Math.min(sorted.length - 1, (int) (share * sorted.length))];
    }

    private static String row(String name, long gap, long[] nanos) {
        List<String> cells = new ArrayList<>(List.of(name, Long.toString(Math.round(1e9 / gap))));
        for (double share : new double[] {0.5, 0.99, 0.999, 1}) {
            cells.add(String.format(Locale.ROOT, "%.2f", quantile(nanos, share) / 1e6));
        }
        return Cells.row(cells);
    }

    /** Requests answered while each client sends its next one at once. */
    private long saturate(int seconds) {
        var recorded = new Recorded();
        var stopped = new AtomicBoolean();
        for (int i = 0; i < CLIENTS; i++) {
            again(i, recorded, stopped);
        }
        LockSupport.parkNanos(seconds * 1_000_000_000L);
        stopped.set(true);
        return recorded.times().length;
    }

    private void again(int number, Recorded recorded, AtomicBoolean stopped) {
        send(number, System.nanoTime(), recorded, () -> {
            if (!stopped.get()) {
                again(number, recorded, stopped);
            }
        });
    }

    /** Sends a request after each gap, for some seconds; gives how long each took. */
    private long[] atPace(long gap, int seconds, IntConsumer everySecond) {
        var recorded = new Recorded();
        var switching = Thread.ofPlatform().start(() -> {
            long begin = System.nanoTime();
            for (int second = 0; second < seconds; second++) {
                awaitMoment(begin + second * 1_000_000_000L + 500_000_000L);
                everySecond.accept(second);
            }
        });
        long begin = System.nanoTime();
        int count = (int) (seconds * 1_000_000_000L / gap);
        for (int i = 0; i < count; i++) {
            awaitMoment(begin + i * gap);
            send(i, begin + i * gap, recorded, () -> {});
        }
        join(switching);
        return recorded.times();
    }

    private static void awaitMoment(long moment) {
        for (long left = moment - System.nanoTime(); left > 0; left = moment - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void send(int number, long due, Recorded recorded, Runnable then) {
        client.request(HttpMethod.POST, port, "127.0.0.1", ROUTES.get(number % ROUTES.size()))
                .compose(request -> request.send("x".repeat(number % 1_000)))
                .compose(response -> response.body())
                .onComplete(result -> {
                    if (result.succeeded()) {
                        recorded.add(System.nanoTime() - due);
                    }
                    then.run();
                });
    }

    /** Nanoseconds of answered requests. Thread-safe. */
    private static final class Recorded {
        private long[] nanos = new long[1 << 16];
        private int count;

        synchronized void add(long time) {
            if (count == nanos.length) {
                nanos = Arrays.copyOf(nanos, 2 * count);
            }
            nanos[count++] = time;
        }

        synchronized long[] times() {
            return Arrays.copyOf(nanos, count);
        }
    }
}
