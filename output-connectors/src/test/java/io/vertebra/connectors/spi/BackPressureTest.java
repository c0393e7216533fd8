package io.vertebra.connectors.spi;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.connectors.TestRecords;
import io.vertebra.runtime.account.DropCause;
import io.vertebra.runtime.account.OutputAccount;
import io.vertebra.runtime.output.OutputBatch;
import io.vertebra.runtime.output.StreamDescriptor;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A connector that never settles a write, beside one that does, behind the same bus and on the same event loop. */
@Timeout(60)
class BackPressureTest {

    private static final StreamDescriptor STREAM = TestRecords.stream("s");
    private static final int LIMIT = 64 << 10;
    private static final int BATCHES = 2_000;
    private static final int SIZE = 50;

    private final Vertx vertx = Vertx.vertx();
    private final OutputBus bus = new OutputBus(vertx);

    @AfterEach
    void closeVertx() throws Exception {
        ConnectorContractTest.get(vertx.close());
    }

    @Test
    void shouldNotSlowAConnectorBesideOneThatHangs() {
        var context = vertx.getOrCreateContext();
        var hanging = new ConnectorQueue("hanging", new Hanging(), context, LIMIT);
        var fast = new ConnectorQueue("fast", new Fast(), context, 16 << 20);
        bus.subscribe(hanging::offer);
        bus.subscribe(fast::offer);

        for (int i = 0; i < BATCHES; i++) {
            bus.publish(TestRecords.batch(STREAM, (long) i * SIZE, SIZE));
            assertThat(hanging.state().waitingBytes()).isLessThanOrEqualTo(LIMIT);
        }
        long all = (long) BATCHES * SIZE;
        while (account(fast).delivered() + account(hanging).emitted() < 2 * all) {
            Thread.onSpinWait();
        }

        assertThat(account(fast)).isEqualTo(new OutputAccount("s", "fast", all, all, Map.of(), 0));
        var account = account(hanging);
        assertThat(account.dropped()).containsOnlyKeys(DropCause.CONNECTOR_FULL);
        assertThat(account.delivered()).isZero();
        assertThat(account.waiting()).isPositive();
        assertThat(account.missing()).isZero();
        var state = hanging.state();
        assertThat(state.waitingBytes()).isBetween(1L, (long) LIMIT);
        assertThat(state.unfinishedWrites()).isOne();
        assertThat(state.lag()).isPositive();
    }

    private static OutputAccount account(ConnectorQueue queue) {
        return queue.accounts().stream().findFirst().orElseGet(() -> new OutputAccount("s", "none", 0, 0, Map.of(), 0));
    }

    /** Takes a write and never settles it. */
    private static final class Hanging extends Fast {
        @Override
        public Future<WriteResult> write(OutputBatch batch) {
            return Promise.<WriteResult>promise().future();
        }
    }

    private static class Fast implements Connector {
        @Override
        public Future<Void> start() {
            return Future.succeededFuture();
        }

        @Override
        public Future<WriteResult> write(OutputBatch batch) {
            return Future.succeededFuture(WriteResult.delivered(batch.size()));
        }

        @Override
        public Future<Void> stop(Duration grace) {
            return Future.succeededFuture();
        }
    }
}
