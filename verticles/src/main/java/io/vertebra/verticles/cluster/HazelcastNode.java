package io.vertebra.verticles.cluster;

import com.hazelcast.config.ClassFilter;
import com.hazelcast.config.Config;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.MultiMapConfig;
import com.hazelcast.config.ServerSocketEndpointConfig;
import io.vertebra.config.ClusterSettings;
import io.vertx.core.spi.cluster.ClusterManager;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;

/** The only class that knows Hazelcast: loaded when a fleet is joined, and not before. */
final class HazelcastNode {

    private static final int MIN_HEARTBEATS = 4;

    private HazelcastNode() {}

    /**
     * A cluster manager whose node finds others by TCP alone, listens at one address, serves members only (neither
     * clients nor REST), takes no Java objects but those of Vert.x and its own, and tells nobody else that it exists.
     */
    static ClusterManager of(ClusterSettings settings) {
        return new HazelcastClusterManager(config(settings));
    }

    static Config config(ClusterSettings settings) {
        var config = new Config();
        config.setClusterName(settings.name());
        config.setProperty("hazelcast.phone.home.enabled", "false");
        config.setProperty("hazelcast.shutdownhook.enabled", "false");
        config.setProperty("hazelcast.logging.type", "slf4j");
        config.setProperty("hazelcast.local.localAddress", settings.host());
        config.setProperty("hazelcast.socket.bind.any", "false");
        config.setProperty("hazelcast.wait.seconds.before.join", "1");
        long silence = Math.max(MIN_HEARTBEATS, settings.lostAfter().toSeconds());
        config.setProperty("hazelcast.heartbeat.interval.seconds", "1");
        config.setProperty("hazelcast.max.no.heartbeat.seconds", String.valueOf(silence));
        // the sides of a cut look for each other as often as members do
        config.setProperty("hazelcast.merge.first.run.delay.seconds", String.valueOf(silence));
        config.setProperty("hazelcast.merge.next.run.delay.seconds", String.valueOf(silence));
        network(config, settings);
        // what Vert.x keeps there, as its own configuration has it
        config.addMultiMapConfig(new MultiMapConfig("__vertx.subs")
                .setBackupCount(1)
                .setValueCollectionType(MultiMapConfig.ValueCollectionType.SET));
        // members answer each other with exceptions of Hazelcast, for example while a partition moves
        config.getSerializationConfig()
                .setJavaSerializationFilterConfig(new JavaSerializationFilterConfig()
                        .setDefaultsDisabled(true)
                        .setWhitelist(new ClassFilter()
                                .addPrefixes("io.vertx.", "com.hazelcast.", "java.lang.", "java.util.", "[")));
        return config;
    }

    private static void network(Config config, ClusterSettings settings) {
        var network = config.getAdvancedNetworkConfig().setEnabled(true);
        var endpoint = new ServerSocketEndpointConfig().setPort(settings.port()).setPortAutoIncrement(false);
        endpoint.getInterfaces().setEnabled(true).addInterface(settings.host());
        network.setMemberEndpointConfig(endpoint);
        var join = network.getJoin();
        join.getAutoDetectionConfig().setEnabled(false);
        join.getMulticastConfig().setEnabled(false);
        join.getTcpIpConfig().setEnabled(true).addMember(settings.host() + ":" + settings.port());
        settings.members().forEach(join.getTcpIpConfig()::addMember);
    }
}
