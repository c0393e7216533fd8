package io.vertebra.bench;

import io.vertebra.connectors.spi.Connector;
import io.vertebra.connectors.spi.ConnectorContext;
import io.vertebra.connectors.spi.ConnectorFactory;
import io.vertebra.connectors.spi.WriteResult;
import io.vertebra.runtime.output.OutputBatch;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A connector that takes records without looking at them: what is measured is the way to it. */
public final class UnreadConnectorFactory implements ConnectorFactory<UnreadConnectorFactory.Settings> {

    /**
     * Its settings.
     *
     * @param taken counts records
     */
    public record Settings(AtomicLong taken) {}

    @Override
    public String name() {
        return "unread";
    }

    @Override
    public Class<Settings> settingsType() {
        return Settings.class;
    }

    @Override
    public Connector create(ConnectorContext context, Settings settings) {
        return new Connector() {
            @Override
            public Future<Void> start() {
                return Future.succeededFuture();
            }

            @Override
            public Future<WriteResult> write(OutputBatch batch) {
                settings.taken().addAndGet(batch.size());
                return Future.succeededFuture(WriteResult.delivered(batch.size()));
            }

            @Override
            public Future<Void> stop(Duration grace) {
                return Future.succeededFuture();
            }
        };
    }
}
