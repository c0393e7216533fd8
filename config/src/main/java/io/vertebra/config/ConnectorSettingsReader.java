package io.vertebra.config;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the sections {@code log} and {@code kafka} of the settings. */
final class ConnectorSettingsReader {

    private static final Pattern ANY = Pattern.compile("(?s).{1,4096}");

    private enum Target {
        NONE,
        STDOUT,
        FILE
    }

    private static final Map<String, Target> TARGETS =
            Map.of("none", Target.NONE, "stdout", Target.STDOUT, "file", Target.FILE);

    private ConnectorSettingsReader() {}

    /**
     * The log connector; empty when no target is named.
     *
     * @param folder what a relative path starts from
     * @throws ConfigException when values break rules that are not the section's form
     */
    static Optional<LogSettings> log(Section section, Path folder) {
        var target = section.choice("target", TARGETS, Set.of()).orElse(Target.NONE);
        var file = section.text("file", ANY).map(folder::resolve);
        long bytes = section.size("max_bytes").orElse(LogSettings.DEFAULT_BYTES);
        int keep = (int)
                section.integer("keep", Integer.MIN_VALUE, Integer.MAX_VALUE).orElse(LogSettings.DEFAULT_GENERATIONS);
        if (target == Target.FILE && file.isEmpty()) {
            section.problem("file", "missing", "a path, because target is `file`");
        }
        section.close();
        var settings = new LogSettings(target == Target.FILE ? file : Optional.empty(), bytes, keep);
        return target == Target.NONE ? Optional.empty() : Optional.of(settings);
    }

    /**
     * The Kafka connector; empty when no broker is named.
     *
     * @throws ConfigException when values break rules that are not the section's form
     */
    static Optional<KafkaSettings> kafka(Section section) {
        var defaults = KafkaSettings.of("none");
        var servers = section.text("bootstrap_servers", ANY);
        var settings = new KafkaSettings(
                servers.orElse(defaults.bootstrapServers()),
                section.text("topic_prefix", KafkaSettings.TOPIC).orElse(defaults.topicPrefix()),
                section.duration("start_timeout").orElse(defaults.startTimeout()),
                section.duration("delivery_timeout").orElse(defaults.deliveryTimeout()),
                section.choice("cloud_events", KafkaSettings.MODES, Set.of()).orElse(defaults.cloudEvents()),
                new KafkaSettings.Properties(section.secrets("properties")));
        section.close();
        return servers.map(_ -> settings);
    }
}
