/** Vertebra as one thing to start: cores, connectors and an HTTP port on Vert.x. */
module io.vertebra.verticles {
    requires transitive io.vertebra.connectors;
    requires transitive micrometer.core;
    requires io.netty.codec;
    requires io.netty.codec.http;
    requires io.netty.common;
    requires io.netty.transport;
    requires io.vertx.web;
    requires java.naming;
    requires org.slf4j;
    requires static com.hazelcast.core;
    requires static io.vertx.clustermanager.hazelcast;

    exports io.vertebra.verticles;

    uses io.vertebra.connectors.spi.ConnectorFactory;
}
