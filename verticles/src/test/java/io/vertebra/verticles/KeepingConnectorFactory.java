package io.vertebra.verticles;

import io.vertebra.connectors.format.TypedRecord;
import io.vertebra.connectors.spi.Connector;
import io.vertebra.connectors.spi.ConnectorContext;
import io.vertebra.connectors.spi.ConnectorFactory;
import io.vertebra.connectors.spi.WriteResult;
import io.vertebra.runtime.output.OutputBatch;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;

/** Somebody else's connector, all that it takes: it keeps records as JSON in a list. */
public final class KeepingConnectorFactory implements ConnectorFactory<KeepingConnectorFactory.Settings> {

    /**
     * Its settings.
     *
     * @param kept where records are kept
     */
    public record Settings(List<String> kept) {}

    @Override
    public String name() {
        return "keeping";
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
                for (int i = 0; i < batch.size(); i++) {
                    settings.kept().add(TypedRecord.of(batch, i).json().encode());
                }
                return Future.succeededFuture(WriteResult.delivered(batch.size()));
            }

            @Override
            public Future<Void> stop(Duration grace) {
                return Future.succeededFuture();
            }
        };
    }
}
