package io.vertebra.connectors.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertebra.connectors.TestRecords;
import io.vertebra.runtime.account.OutputAccount;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every connector owes, whatever its destination: extend it, say how to make one and how to look into the
 * destination. Records are those of {@link TestRecords}; {@code connection} is the sequence number.
 */
@Timeout(120)
public abstract class ConnectorContractTest {

    /** For connectors and the queue in front of them. */
    protected final Vertx vertx = Vertx.vertx();

    /** A connector whose destination works; {@code context} names it. */
    protected abstract Connector connector(ConnectorContext context) throws Exception;

    /** A connector whose destination does not exist. */
    protected abstract Connector withoutDestination(ConnectorContext context) throws Exception;

    /** The {@code connection} of every record of a stream that the destination has, as often as it has it. */
    protected abstract List<Long> arrived(String stream) throws Exception;

    /** Ends Vert.x. */
    @AfterEach
    protected void closeVertx() throws Exception {
        get(vertx.close());
    }

    @Test
    void shouldFailToStartWithOneSentence() {
        assertThatThrownBy(() -> get(withoutDestination(context("broken")).start()))
                .rootCause()
                .isInstanceOf(ConnectorException.class)
                .message()
                .doesNotContain("\n")
                .doesNotEndWith(".");
    }

    @Test
    void shouldReportEveryRecordOfAWrite() throws Exception {
        var connector = started();
        var result = get(connector.write(TestRecords.batch(TestRecords.stream("report"), 0, 25)));
        assertThat(result).isEqualTo(WriteResult.delivered(25));
        get(connector.stop(Duration.ofSeconds(10)));
        assertThat(arrived("report"))
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.range(0, 25).boxed().toList());
    }

    @Test
    void shouldCompleteWritesBeforeStopCompletes() throws Exception {
        var connector = started();
        var written = connector.write(TestRecords.batch(TestRecords.stream("stop"), 0, 1_000));
        get(connector.stop(Duration.ofSeconds(10)));
        assertThat(written.isComplete()).isTrue();
    }

    @Test
    void shouldAccountForEveryRecordBehindAQueue() throws Exception {
        var connector = started();
        var queue = new ConnectorQueue("contract", connector, vertx.getOrCreateContext(), 1 << 20);
        var streams = List.of(TestRecords.stream("many_a"), TestRecords.stream("many_b"));
        for (int i = 0; i < 200; i++) {
            for (var stream : streams) {
                queue.offer(TestRecords.batch(stream, 10L * i, 10));
            }
        }
        get(queue.close(Duration.ofSeconds(20)));
        assertThat(queue.accounts())
                .containsExactly(
                        new OutputAccount("many_a", "contract", 2_000, 2_000, Map.of(), 0),
                        new OutputAccount("many_b", "contract", 2_000, 2_000, Map.of(), 0));
        for (var stream : streams) {
            assertThat(Set.copyOf(arrived(stream.name()))).hasSize(2_000);
        }
    }

    /** Of connectors that can keep records: what one has encoded, another sends, in order. */
    @Test
    void shouldSendWhatAnEarlierOneHasEncoded() throws Exception {
        if (started() instanceof DurableConnector earlier) {
            var encoded = earlier.encode(TestRecords.batch(TestRecords.stream("kept"), 0, 25));
            get(earlier.stop(Duration.ofSeconds(10)));
            var later = (DurableConnector) started();
            var attempt = new Attempt("kept");
            assertThat(get(later.send(attempt, encoded.subList(0, 10)))).isEqualTo(SendResult.delivered(10));
            assertThat(get(later.send(attempt, encoded.subList(10, 25)))).isEqualTo(SendResult.delivered(15));
            attempt.fail();
            assertThat(get(later.send(attempt, encoded.subList(0, 10))))
                    .as("would come before what is sent again")
                    .isEqualTo(SendResult.again(10));
            get(later.stop(Duration.ofSeconds(10)));
            assertThat(arrived("kept"))
                    .containsExactlyElementsOf(LongStream.range(0, 25).boxed().toList());
        }
    }

    private Connector started() throws Exception {
        var connector = connector(context("contract"));
        get(connector.start());
        return connector;
    }

    private ConnectorContext context(String name) {
        return new ConnectorContext(name, vertx, "/jvm/test/1");
    }

    /** Waits for a future. */
    protected static <T> T get(Future<T> future) throws Exception {
        var done = new CountDownLatch(1);
        future.onComplete(_ -> done.countDown());
        if (!done.await(60, TimeUnit.SECONDS)) {
            throw new AssertionError("not complete after 60 s");
        }
        if (future.failed()) {
            throw new IllegalStateException(future.cause());
        }
        return future.result();
    }
}
