/** Where records and metrics go: the connector SPI, Kafka, the live view, Prometheus. */
module io.vertebra.connectors {
    requires transitive io.vertebra.config;
    requires transitive io.vertebra.runtime;
    requires transitive io.vertx.core;
    requires transitive io.prometheus.metrics.model;
    requires transitive micrometer.registry.prometheus;
    requires com.fasterxml.jackson.core;
    requires io.prometheus.writer.text;
    requires io.netty.common;
    requires org.slf4j;
    requires com.h2database.mvstore;
    requires re2j;
    requires static com.google.protobuf;
    requires static kafka.clients;

    exports io.vertebra.connectors.format;
    exports io.vertebra.connectors.kafka;
    exports io.vertebra.connectors.live;
    exports io.vertebra.connectors.log;
    exports io.vertebra.connectors.metrics;
    exports io.vertebra.connectors.prometheus;
    exports io.vertebra.connectors.spi;
    exports io.vertebra.connectors.spool;

    provides io.vertebra.connectors.spi.ConnectorFactory with
            io.vertebra.connectors.kafka.KafkaConnectorFactory,
            io.vertebra.connectors.log.LogConnectorFactory;
}
