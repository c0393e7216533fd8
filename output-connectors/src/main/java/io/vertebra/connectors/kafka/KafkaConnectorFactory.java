package io.vertebra.connectors.kafka;

import io.vertebra.config.KafkaSettings;
import io.vertebra.connectors.spi.Connector;
import io.vertebra.connectors.spi.ConnectorContext;
import io.vertebra.connectors.spi.ConnectorFactory;

/** Makes Kafka connectors; needs {@code kafka-clients} only then. */
public final class KafkaConnectorFactory implements ConnectorFactory<KafkaSettings> {

    @Override
    public String name() {
        return "kafka";
    }

    @Override
    public Class<KafkaSettings> settingsType() {
        return KafkaSettings.class;
    }

    @Override
    public Connector create(ConnectorContext context, KafkaSettings settings) {
        return new KafkaConnector(context, settings);
    }
}
