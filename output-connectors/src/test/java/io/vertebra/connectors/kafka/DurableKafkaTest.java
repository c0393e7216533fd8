package io.vertebra.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.config.Delivery.AtLeastOnce;
import io.vertebra.config.KafkaSettings;
import io.vertebra.connectors.KafkaBroker;
import io.vertebra.connectors.TestRecords;
import io.vertebra.connectors.spi.ConnectorContext;
import io.vertebra.connectors.spi.ConnectorQueue;
import io.vertebra.connectors.spool.SpoolFolder;
import io.vertebra.connectors.spool.SpooledQueue;
import io.vertebra.runtime.account.DropCause;
import io.vertebra.runtime.account.OutputAccount;
import io.vertebra.runtime.output.StreamDescriptor;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Delivery at least once, against real brokers that go away, are killed, are slow or refuse. */
@Timeout(180)
class DurableKafkaTest {

    private static final Map<String, String> WITH_ACLS = Map.of(
            "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "allow.everyone.if.no.acl.found", "true");

    @TempDir
    private static Path folder;

    private static KafkaBroker broker;
    private static Vertx vertx;

    @BeforeAll
    static void start() throws Exception {
        broker = KafkaBroker.start(folder.resolve("broker"), KafkaBroker.freePort(), WITH_ACLS);
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stop() {
        get(vertx.close());
        broker.close();
    }

    @Test
    void shouldDeliverAllOnceInOrderOverAKilledBroker() throws Exception {
        int port = KafkaBroker.freePort();
        var place = folder.resolve("killed");
        var first = KafkaBroker.process(place, port);
        var bootstrap = "127.0.0.1:" + port;
        var stream = TestRecords.spooled("killed", new AtLeastOnce(1 << 20, Duration.ofMillis(5), false));
        try (var kafka = new Spooled(bootstrap, "killed")) {
            long next = 0;
            while (kafka.account("killed").delivered() < 2_000) {
                next = kafka.offer(stream, next, 10);
                LockSupport.parkNanos(500_000);
            }
            first.destroyForcibly().waitFor();
            for (long end = next + 10_000; next < end; ) { // more than the spool has room for
                next = kafka.offer(stream, next, 10);
            }
            await(() -> kafka.account("killed").dropped().containsKey(DropCause.SPOOL_FULL));
            var second = KafkaBroker.process(place, port);
            await(() -> kafka.account("killed").waiting() == 0);
            next = kafka.offer(stream, next, 10);
            await(() -> kafka.account("killed").waiting() == 0);
            var account = kafka.account("killed");
            assertThat(account.emitted()).isEqualTo(next);
            assertThat(account.missing()).isZero();
            assertThat(account.dropped()).containsOnlyKeys(DropCause.SPOOL_FULL);
            var numbers = Topic.numbers(bootstrap, "vertebra.killed");
            assertThat(numbers).doesNotHaveDuplicates().isSorted().hasSize((int) account.delivered());
            second.destroyForcibly().waitFor();
        }
    }

    @Test
    void shouldStartWithoutABrokerAndDeliverWhenItComes() throws Exception {
        int port = KafkaBroker.freePort();
        var stream = TestRecords.spooled("late", AtLeastOnce.DEFAULT);
        try (var kafka = new Spooled("127.0.0.1:" + port, "late")) {
            kafka.offer(stream, 0, 100);
            await(() -> kafka.account("late").waiting() == 100);
        }
        try (var late = KafkaBroker.start(folder.resolve("late-broker"), port);
                var kafka = new Spooled(late.bootstrap(), "late")) {
            await(() -> kafka.account("late").delivered() == 100);
            assertThat(Topic.numbers(late.bootstrap(), "vertebra.late")).isEqualTo(numbers(100));
        }
    }

    @Test
    void shouldWaitWhileATopicIsForbiddenAndServeOthers() throws Exception {
        var denied = new AclBinding(
                new ResourcePattern(ResourceType.TOPIC, "vertebra.denied", PatternType.LITERAL),
                new AccessControlEntry("User:ANONYMOUS", "*", AclOperation.WRITE, AclPermissionType.DENY));
        try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()));
                var kafka = new Spooled(broker.bootstrap(), "denied")) {
            admin.createAcls(List.of(denied)).all().get();
            kafka.offer(TestRecords.spooled("denied", AtLeastOnce.DEFAULT), 0, 50);
            kafka.offer(TestRecords.spooled("allowed", AtLeastOnce.DEFAULT), 0, 50);
            await(() -> kafka.account("allowed").delivered() == 50);
            assertThat(kafka.account("denied")).isEqualTo(new OutputAccount("denied", "kafka", 50, 0, Map.of(), 50));
            admin.deleteAcls(List.of(denied.toFilter())).all().get();
            await(() -> kafka.account("denied").delivered() == 50);
            assertThat(Topic.numbers(broker.bootstrap(), "vertebra.denied")).isEqualTo(numbers(50));
        }
    }

    @Test
    void shouldCountWhatTheBrokerNeverTakes() throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()));
                var kafka = new Spooled(broker.bootstrap(), "large")) {
            var stream = TestRecords.spooled("large", AtLeastOnce.DEFAULT);
            kafka.offer(stream, 0, 10);
            await(() -> kafka.account("large").delivered() == 10);
            limit(admin, "vertebra.large", "50");
            kafka.offer(stream, 10, 10);
            await(() -> kafka.account("large").waiting() == 0);
            limit(admin, "vertebra.large", "100000");
            kafka.offer(stream, 20, 10);
            await(() -> kafka.account("large").waiting() == 0);
            assertThat(kafka.account("large"))
                    .isEqualTo(new OutputAccount("large", "kafka", 30, 20, Map.of(DropCause.CONNECTOR_FAILED, 10L), 0));
        }
    }

    @Test
    void shouldNotKeepOthersWaitingWhenItIsSlow() throws Exception {
        var client = new ClientQuotaEntity(Map.of(ClientQuotaEntity.CLIENT_ID, "vertebra-kafka-spool"));
        try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()));
                var kafka = new Spooled(broker.bootstrap(), "slow")) {
            var stream = TestRecords.spooled("slow", AtLeastOnce.DEFAULT);
            kafka.offer(stream, 0, 1);
            await(() -> kafka.account("slow").delivered() == 1);
            quota(admin, client, 2_000.0);
            long next = 1;
            while (next < 20_000) {
                next = kafka.offer(stream, next, 100);
            }
            var other = new ConnectorQueue("kafka", kafka.connector, vertx.getOrCreateContext(), 1 << 20);
            other.offer(TestRecords.batch(TestRecords.stream("fast"), 0, 1_000));
            await(() -> other.accounts().getFirst().delivered() == 1_000);
            assertThat(kafka.account("slow").waiting()).isPositive();
            quota(admin, client, null);
            long all = next;
            await(() -> kafka.account("slow").delivered() == all);
            assertThat(Topic.numbers(broker.bootstrap(), "vertebra.slow")).isEqualTo(numbers((int) all));
        }
    }

    private static void limit(Admin admin, String topic, String bytes) throws Exception {
        var entry = new AlterConfigOp(new ConfigEntry("max.message.bytes", bytes), AlterConfigOp.OpType.SET);
        admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic), List.of(entry)))
                .all()
                .get();
    }

    private static void quota(Admin admin, ClientQuotaEntity client, Double bytes) throws Exception {
        var rate = new ClientQuotaAlteration.Op("producer_byte_rate", bytes);
        admin.alterClientQuotas(List.of(new ClientQuotaAlteration(client, List.of(rate))))
                .all()
                .get();
    }

    private static List<Long> numbers(int count) {
        return LongStream.range(0, count).boxed().toList();
    }

    private static <T> T get(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(5_000_000);
        }
    }

    /** A connector {@code kafka} behind a spool. */
    private static final class Spooled implements AutoCloseable {
        private final SpoolFolder spool;
        private final KafkaConnector connector;
        private final SpooledQueue queue;

        Spooled(String bootstrap, String place) {
            spool = SpoolFolder.open(folder.resolve("spool-" + place));
            var context = new ConnectorContext("kafka", vertx, "/jvm/test/1", true);
            connector = (KafkaConnector) new KafkaConnectorFactory().create(context, KafkaSettings.of(bootstrap));
            get(connector.start());
            queue = spool.queue("kafka", connector, 16 << 20);
            spool.begin();
        }

        /** Offers records and returns the number of the next. */
        long offer(StreamDescriptor stream, long first, int records) {
            queue.expect(stream);
            queue.offer(TestRecords.batch(stream, first, records));
            return first + records;
        }

        OutputAccount account(String stream) {
            return queue.accounts().stream()
                    .filter(account -> account.stream().equals(stream))
                    .findFirst()
                    .orElse(new OutputAccount(stream, "kafka", 0, 0, Map.of(), 0));
        }

        @Override
        public void close() {
            get(queue.drain(Duration.ofMillis(100)));
            get(connector.stop(Duration.ofSeconds(1)));
            get(queue.close());
            spool.close();
        }
    }
}
