package io.vertebra.verticles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertebra.config.ConfigException;
import io.vertebra.config.HttpSettings;
import io.vertebra.config.LogSettings;
import io.vertebra.config.RuntimeSettings;
import io.vertebra.connectors.KafkaBroker;
import io.vertebra.connectors.metrics.TypedEntries;
import io.vertebra.runtime.account.DropCause;
import io.vertebra.runtime.account.OutputAccount;
import io.vertebra.runtime.codelet.LoadException;
import io.vertebra.runtime.output.OutputBatch;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class VertebraTest {

    private static final int EXCHANGES = 20_000;

    @Test
    void shouldCarryEveryRecordToEveryPlace(@TempDir Path folder) throws Exception {
        try (var broker = KafkaBroker.start(folder)) {
            var received = new AtomicLong();
            long measured;
            var vertebra = Vertebra.start(VertebraConfig.defaults().withPort(0).withKafka(broker.bootstrap()));
            try (vertebra) {
                vertebra.stream("slow_requests").subscribe(batch -> received.addAndGet(batch.size()));
                Gateway.load(vertebra);
                var other = Thread.ofPlatform().start(() -> Gateway.exchanges(1_000_000, EXCHANGES));
                Gateway.exchanges(0, EXCHANGES);
                other.join();
                Gateway.settle(vertebra);
                var routes = vertebra.map("gateway/traffic").entries();
                assertThat(routes).hasSize(4);
                measured = vertebra.map("gateway/delay_us").entries().stream()
                        .mapToLong(VertebraTest::counted)
                        .sum();
            }
            assertThat(vertebra.accounts()).isNotEmpty().allMatch(a -> a.missing() == 0 && a.waiting() == 0);
            var outputs = byPlace(vertebra.outputAccounts());
            assertThat(outputs.values()).allMatch(a -> a.missing() == 0 && a.waiting() == 0);
            // A response whose request was dropped from a full ring has no delay and gives no record.
            assertThat(outputs.get("output").emitted()).isEqualTo(measured).isPositive();
            for (var place : List.of("kafka", "live", "subscriber-1")) {
                assertThat(outputs.get(place).emitted())
                        .as(place)
                        .isEqualTo(outputs.get("output").delivered());
                assertThat(outputs.get(place).delivered())
                        .as(place)
                        .isEqualTo(outputs.get(place).emitted());
            }
            assertThat(received.get()).isEqualTo(outputs.get("output").delivered());
        }
    }

    private static long counted(TypedEntries.Entry histogram) {
        return ((List<?>) ((Map<?, ?>) histogram.value()).get("slots"))
                .stream().mapToLong(slot -> (Long) slot).sum();
    }

    @Test
    void shouldEndASubscription() throws Exception {
        try (var vertebra = start()) {
            var received = new AtomicLong();
            var subscription = vertebra.stream("slow_requests").subscribe(batch -> received.addAndGet(batch.size()));
            Gateway.load(vertebra);
            Gateway.exchanges(0, 10);
            Gateway.settle(vertebra);
            subscription.close();
            long before = received.get();
            assertThat(before).isEqualTo(10);
            Gateway.exchanges(100, 10);
            Gateway.settle(vertebra);
            assertThat(received.get()).isEqualTo(before);
        }
    }

    @Test
    void shouldCountWhatASubscriberHoldsWhenTheDeadlineHasPassed() throws Exception {
        var release = new CountDownLatch(1);
        var vertebra = Vertebra.start(
                VertebraConfig.defaults().withPort(0).withCores(1).withCloseDeadline(Duration.ofMillis(300)));
        try (vertebra) {
            vertebra.stream("slow_requests").subscribe(_ -> awaitUninterruptibly(release));
            Gateway.load(vertebra);
            Gateway.exchanges(0, 50);
            while (byPlace(vertebra.outputAccounts()).get("output").delivered() < 50
                    || !byPlace(vertebra.outputAccounts()).containsKey("subscriber-1")
                    || byPlace(vertebra.outputAccounts()).get("subscriber-1").emitted() < 50) {
                LockSupport.parkNanos(1_000_000);
            }
        } finally {
            release.countDown();
        }
        var account = byPlace(vertebra.outputAccounts()).get("subscriber-1");
        assertThat(account.emitted()).isEqualTo(50);
        assertThat(account.dropped()).containsExactly(Map.entry(DropCause.STOPPED, 50L));
        assertThat(account.missing()).isZero();
        assertThat(vertebra.accounts()).allMatch(a -> a.missing() == 0 && a.waiting() == 0);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        boolean open = false;
        while (!open) {
            try {
                latch.await();
                open = true;
            } catch (InterruptedException _) {
                // the subscriber is stubborn
            }
        }
    }

    @Test
    void shouldTakeAConnectorOfSomebodyElseAndTheLogBesideIt(@TempDir Path folder) throws Exception {
        List<String> kept = new CopyOnWriteArrayList<>();
        var file = folder.resolve("slow.ndjson");
        var vertebra = Vertebra.start(VertebraConfig.defaults()
                .withPort(0)
                .withConnector("mine", new KeepingConnectorFactory.Settings(kept))
                .withConnector("log", LogSettings.to(file)));
        try (vertebra) {
            Gateway.load(vertebra);
            Gateway.exchanges(0, 100);
            Gateway.settle(vertebra);
        }
        assertThat(kept).hasSize(100);
        assertThat(Files.readAllLines(file))
                .extracting(line -> new JsonObject(line).getJsonObject("data").encode())
                .isEqualTo(kept);
        var outputs = byPlace(vertebra.outputAccounts());
        assertThat(outputs.get("mine").delivered()).isEqualTo(100);
        assertThat(outputs.get("log").delivered()).isEqualTo(100);
    }

    /** The tests of this module run without the optional library. */
    @Test
    void shouldRefuseAFormatWhoseLibraryIsMissing(@TempDir Path folder) throws Exception {
        var object = Path.of("../examples/gateway/gateway.bpf.o").toAbsolutePath();
        var descriptor = Files.writeString(
                folder.resolve("messages.yaml"),
                "codeletset: messages\ncodelets: [{object: " + object + "}]\n"
                        + "streams: {files: {map: slow, format: protobuf}}\n");
        Gateway.exchanges(0, 1); // its hooks are known
        try (var vertebra = start()) {
            assertThatThrownBy(() -> vertebra.load(descriptor))
                    .isInstanceOf(LoadException.class)
                    .hasMessage("codelet set `messages`: stream `files`: format `protobuf` needs the library"
                            + " com.google.protobuf:protobuf-java, put it on the class path");
        }
    }

    @Test
    void shouldRunCoresThatLookByThemselves() throws Exception {
        var settings = RuntimeSettings.ofCores(2).withWake(RuntimeSettings.Wake.TIMER);
        var vertebra = Vertebra.start(VertebraConfig.defaults().withPort(0).withRuntime(settings));
        try (vertebra) {
            Gateway.load(vertebra);
            Gateway.exchanges(0, 100);
            Gateway.settle(vertebra);
        }
        assertThat(byPlace(vertebra.outputAccounts()).get("live").delivered()).isEqualTo(100);
    }

    @Test
    void shouldSurviveASubscriberThatFails() throws Exception {
        var vertebra = start();
        try (vertebra) {
            vertebra.stream("slow_requests").subscribe(VertebraTest::fail);
            Gateway.load(vertebra);
            Gateway.exchanges(0, 10);
            Gateway.settle(vertebra);
        }
        var account = byPlace(vertebra.outputAccounts()).get("subscriber-1");
        assertThat(account.delivered()).isZero();
        assertThat(account.missing()).isZero();
    }

    @Test
    void shouldSayThatThePortIsInUse() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var before = threads();
            assertThatThrownBy(() -> Vertebra.start(VertebraConfig.defaults().withPort(taken.getLocalPort())))
                    .isInstanceOf(StartException.class)
                    .hasMessage("port " + taken.getLocalPort()
                            + " of 127.0.0.1 is in use: stop the program that listens there, or choose another port");
            while (threads().stream().anyMatch(name -> name.contains("vert.x-eventloop") && !before.contains(name))) {
                Thread.sleep(10);
            }
        }
    }

    @Test
    void shouldSayThatKafkaIsNotThere() throws Exception {
        int port = freePort();
        assertThatThrownBy(() ->
                        Vertebra.start(VertebraConfig.defaults().withPort(0).withKafka("127.0.0.1:" + port)))
                .isInstanceOf(StartException.class)
                .hasMessageStartingWith("kafka broker `127.0.0.1:" + port + "` cannot be used: ");
    }

    @Test
    void shouldRefuseSetsWhoseMetricsCannotBeShown(@TempDir Path folder) throws Exception {
        Files.copy(Gateway.DESCRIPTOR.resolveSibling("gateway.bpf.o"), folder.resolve("gateway.bpf.o"));
        var descriptor = folder.resolve("bad.yaml");
        Files.writeString(descriptor, """
            codeletset: bad
            codelets:
              - object: gateway.bpf.o
            metrics:
              - {map: traffic, field: nope, name: nope_total, help: Nothing., type: counter}
            """);
        try (var vertebra = start()) {
            assertThatThrownBy(() -> vertebra.load(descriptor))
                    .isInstanceOf(LoadException.class)
                    .hasMessageContaining("metric `nope_total`")
                    .hasMessageContaining("`bad`");
            assertThat(vertebra.runtime().sets()).isEmpty();
        }
    }

    @Test
    void shouldRefuseAPromiseItCannotKeep(@TempDir Path folder) throws Exception {
        Files.copy(Gateway.DESCRIPTOR.resolveSibling("gateway.bpf.o"), folder.resolve("gateway.bpf.o"));
        var descriptor = folder.resolve("durable.yaml");
        Files.writeString(descriptor, """
            codeletset: durable
            codelets:
              - object: gateway.bpf.o
            streams:
              slow_requests: {map: slow, delivery: at-least-once, to: [kafka]}
            """);
        try (var vertebra = start()) {
            assertThatThrownBy(() -> vertebra.load(descriptor))
                    .isInstanceOf(LoadException.class)
                    .hasMessageContaining("stream `slow_requests`: nothing that runs can deliver it at least once: ");
        }
    }

    @Test
    void shouldRefuseToListenForOthers() {
        assertThatThrownBy(() -> HttpSettings.defaults().withHost("0.0.0.0"))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("settings: http.host: `0.0.0.0` is not a loopback address");
    }

    private static Vertebra start() throws StartException {
        return Vertebra.start(VertebraConfig.defaults().withPort(0));
    }

    private static void fail(OutputBatch batch) {
        throw new IllegalStateException("this subscriber always fails");
    }

    private static Map<String, OutputAccount> byPlace(List<OutputAccount> accounts) {
        return accounts.stream().collect(Collectors.toMap(OutputAccount::connector, account -> account));
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).toList();
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
