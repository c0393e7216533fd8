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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ConnectorQueueTest {

    private static final StreamDescriptor STREAM = TestRecords.stream("s");

    /** What ten records cost in the queue: 24 bytes each, and the batch. */
    private static final int TEN = 10 * 24 + 128;

    private final Vertx vertx = Vertx.vertx();
    private final ByHand connector = new ByHand();

    @AfterEach
    void closeVertx() throws Exception {
        ConnectorContractTest.get(vertx.close());
    }

    @Test
    void shouldDropTheOldestWhenFull() throws Exception {
        var queue = queue(2 * TEN);
        queue.offer(ten(0));
        await(() -> connector.open() == 1);
        for (int i = 1; i <= 4; i++) {
            queue.offer(ten(10L * i));
        }
        assertThat(queue.accounts())
                .containsExactly(new OutputAccount("s", "c", 50, 0, Map.of(DropCause.CONNECTOR_FULL, 20L), 30));

        connector.completeAll();
        await(() -> queue.accounts().getFirst().waiting() == 0);
        assertThat(connector.sequences()).containsExactly(0L, 30L, 40L);
        assertThat(queue.accounts())
                .containsExactly(new OutputAccount("s", "c", 50, 30, Map.of(DropCause.CONNECTOR_FULL, 20L), 0));
    }

    @Test
    void shouldTellWhatWaitsAndForHowLong() throws Exception {
        var queue = queue(2 * TEN);
        assertThat(queue.state()).isEqualTo(new QueueState("c", Duration.ZERO, 0, 2 * TEN, 0, 0));
        queue.offer(ten(0));
        await(() -> connector.open() == 1);
        queue.offer(ten(10));
        var state = queue.state();
        assertThat(state.waitingBytes()).isEqualTo(TEN);
        assertThat(state.unfinishedWrites()).isOne();
        long age = System.currentTimeMillis() - ten(0).drainedMillis();
        assertThat(state.lag().toMillis()).isBetween(age - 10_000, age);
        connector.completeAll();
        await(() -> queue.state().equals(new QueueState("c", Duration.ZERO, 0, 2 * TEN, 0, 0)));
    }

    @Test
    void shouldNeverHoldMoreThanItsBytes() {
        var queue = queue(TEN - 1);
        queue.offer(ten(0));
        assertThat(queue.state().waitingBytes()).isZero();
        assertThat(queue.accounts())
                .containsExactly(new OutputAccount("s", "c", 10, 0, Map.of(DropCause.CONNECTOR_FULL, 10L), 0));
    }

    @Test
    void shouldCountWhatAWriteReportsAndWhatItThrows() throws Exception {
        var queue = queue(1 << 20);
        connector.results.add(() -> Future.succeededFuture(new WriteResult(7, 3)));
        connector.results.add(() -> Future.failedFuture("lost"));
        connector.results.add(() -> {
            throw new IllegalStateException("the connector is broken");
        });
        for (int i = 0; i < 3; i++) {
            queue.offer(ten(10L * i));
        }
        await(() -> queue.accounts().getFirst().waiting() == 0);
        assertThat(queue.accounts())
                .containsExactly(new OutputAccount("s", "c", 30, 7, Map.of(DropCause.CONNECTOR_FAILED, 23L), 0));
    }

    @Test
    void shouldCountTheRestAsStoppedWhenTheGraceIsOver() throws Exception {
        var queue = queue(1 << 20);
        queue.offer(ten(0));
        queue.offer(ten(10));
        await(() -> connector.open() == 1);
        ConnectorContractTest.get(queue.close(Duration.ofMillis(50)));
        queue.offer(ten(20));
        connector.completeAll(); // too late: counted already
        assertThat(connector.stops).isOne();
        assertThat(queue.accounts())
                .containsExactly(new OutputAccount("s", "c", 30, 0, Map.of(DropCause.STOPPED, 30L), 0));
    }

    @Test
    void shouldBalanceAtEveryMoment() throws Exception {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        connector.writesInFlight = 1 + random.nextInt(4);
        var queue = queue(20L * TEN);
        var missing = new ArrayList<OutputAccount>();
        var reader = Thread.ofPlatform().start(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                queue.accounts().stream().filter(a -> a.missing() != 0).forEach(missing::add);
            }
        });
        for (int i = 0; i < 5_000; i++) {
            queue.offer(TestRecords.batch(TestRecords.stream("s" + random.nextInt(3)), i, 1 + random.nextInt(20)));
            if (random.nextInt(3) == 0) {
                connector.completeSome(random);
            }
        }
        reader.interrupt();
        reader.join();
        assertThat(missing).as("seed %d", seed).isEmpty();
        assertThat(connector.threads).as("seed %d", seed).hasSize(1);
        assertThat(connector.mostOpen).as("seed %d", seed).isLessThanOrEqualTo(connector.writesInFlight);
    }

    private ConnectorQueue queue(long bytes) {
        return new ConnectorQueue("c", connector, vertx.getOrCreateContext(), bytes);
    }

    private static OutputBatch ten(long first) {
        return TestRecords.batch(STREAM, first, 10);
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    /** A connector whose writes end when the test says so. */
    private static final class ByHand implements Connector {
        private final Queue<Supplier<Future<WriteResult>>> results = new ArrayDeque<>();
        private final Queue<Promise<WriteResult>> open = new ArrayDeque<>();
        private final List<OutputBatch> batches = new ArrayList<>();
        private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
        private int writesInFlight = 1;
        private int mostOpen;
        private boolean completing;
        private int stops;

        @Override
        public Future<Void> start() {
            return Future.succeededFuture();
        }

        @Override
        public synchronized Future<WriteResult> write(OutputBatch batch) {
            threads.add(Thread.currentThread());
            batches.add(batch);
            if (!results.isEmpty()) {
                return results.remove().get();
            }
            if (completing) {
                return Future.succeededFuture(WriteResult.delivered(batch.size()));
            }
            var promise = Promise.<WriteResult>promise();
            open.add(promise);
            mostOpen = Math.max(mostOpen, open.size());
            return promise.future();
        }

        @Override
        public synchronized Future<Void> stop(Duration grace) {
            stops++;
            return Future.succeededFuture();
        }

        @Override
        public int writesInFlight() {
            return writesInFlight;
        }

        synchronized int open() {
            return open.size();
        }

        synchronized List<Long> sequences() {
            return batches.stream().map(OutputBatch::firstSequence).toList();
        }

        void completeAll() {
            List<Promise<WriteResult>> all;
            synchronized (this) {
                completing = true;
                all = List.copyOf(open);
                open.clear();
            }
            all.forEach(promise -> promise.complete(WriteResult.delivered(10)));
        }

        void completeSome(Random random) {
            Promise<WriteResult> one;
            OutputBatch batch;
            synchronized (this) {
                if (open.isEmpty()) {
                    return;
                }
                batch = batches.get(batches.size() - open.size());
                one = open.remove();
            }
            int failed = random.nextInt(batch.size() + 1);
            one.complete(new WriteResult(batch.size() - failed, failed));
        }
    }
}
