package io.vertebra.config;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * One setting: what it is called in the settings file, as a system property and in the environment, and whether a running
 * Vertebra can take another value.
 *
 * @param name its path in the file, for example {@code http.port}
 * @param live whether a change needs no restart
 * @param value its effective value
 */
public record SettingKey(String name, boolean live, Function<ServerSettings, Object> value) {

    /** Every key, in the order of {@code reference.yaml}. */
    public static final List<SettingKey> ALL = List.of(
            fixed("http.host", s -> s.http().host()),
            fixed("http.port", s -> s.http().port()),
            fixed("http.run_folder", s -> s.http().runFolder()),
            live("http.max_connections", s -> s.http().limits().maxConnections()),
            live("http.max_clients", s -> s.http().limits().maxClients()),
            live("http.request_timeout", s -> s.http().limits().requestTimeout()),
            live("http.max_upload", s -> s.http().limits().maxUpload()),
            fixed("http.max_uploads", s -> s.http().limits().maxUploads()),
            fixed("http.token_file", s -> orNone(s.http().access().tokenFile())),
            fixed("http.allowed_hosts", s -> s.http().access().allowedHosts()),
            fixed("http.tls.certificate", s -> orNone(tls(s).map(TlsSettings::certificate))),
            fixed("http.tls.key", s -> orNone(tls(s).map(TlsSettings::key))),
            fixed("http.tls.client_ca", s -> orNone(tls(s).flatMap(TlsSettings::clientCa))),
            fixed("http.tls.client_roles", s -> orNone(tls(s).map(TlsSettings::clientRoles))),
            fixed(
                    "http.tls.check_every",
                    s -> tls(s).map(TlsSettings::checkEvery).orElse(TlsSettings.DEFAULT_CHECK)),
            fixed("admission.unsigned", s -> s.admission().unsigned().name().toLowerCase(Locale.ROOT)),
            fixed("admission.trusted_keys", s -> s.admission().trustedKeys()),
            fixed("admission.allowed_digests", s -> s.admission().allowedDigests()),
            fixed("admission.grants", s -> orNone(s.admission().grants())),
            fixed("runtime.cores", s -> s.runtime().cores()),
            fixed("runtime.ring_bytes", s -> s.runtime().ringBytes()),
            fixed("runtime.inline_slots", s -> s.runtime().inlineSlots()),
            fixed("runtime.payload_max", s -> s.runtime().payloadMax()),
            fixed("runtime.wake", s -> s.runtime().wake().name().toLowerCase(Locale.ROOT)),
            fixed("outputs.queue_bytes", s -> s.outputs().queueBytes()),
            fixed("outputs.max_series", s -> s.outputs().maxSeries()),
            live("outputs.close_deadline", s -> s.outputs().closeDeadline()),
            fixed("outputs.spool", s -> orNone(s.outputs().spool())),
            fixed("log.target", SettingKey::logTarget),
            fixed("log.file", s -> orNone(s.log().flatMap(LogSettings::file))),
            fixed("log.max_bytes", s -> log(s).maxBytes()),
            fixed("log.keep", s -> log(s).keep()),
            fixed("kafka.bootstrap_servers", s -> orNone(s.kafka().map(KafkaSettings::bootstrapServers))),
            fixed("kafka.topic_prefix", s -> kafka(s).topicPrefix()),
            fixed("kafka.start_timeout", s -> kafka(s).startTimeout()),
            fixed("kafka.delivery_timeout", s -> kafka(s).deliveryTimeout()),
            fixed("kafka.cloud_events", s -> kafka(s).cloudEvents().name().toLowerCase(Locale.ROOT)),
            fixed("kafka.properties", s -> kafka(s).properties()),
            fixed("cluster.enabled", s -> s.cluster().isPresent()),
            fixed("cluster.name", s -> cluster(s).name()),
            fixed("cluster.member", s -> cluster(s).member().orElse("")),
            fixed("cluster.host", s -> cluster(s).host()),
            fixed("cluster.trusted_network", s -> cluster(s).trustedNetwork()),
            fixed("cluster.port", s -> cluster(s).port()),
            fixed("cluster.members", s -> cluster(s).members()),
            fixed("cluster.lost_after", s -> cluster(s).lostAfter()),
            fixed("cluster.secret_file", s -> cluster(s).secretFile()),
            fixed("cluster.max_bytes", s -> cluster(s).maxBytes()),
            fixed("codelet_sets", s -> s.codeletSets()));

    private static Optional<TlsSettings> tls(ServerSettings settings) {
        return settings.http().access().tls();
    }

    private static Object orNone(Optional<?> value) {
        return value.isPresent() ? value.get() : "";
    }

    private static String logTarget(ServerSettings settings) {
        return settings.log()
                .map(log -> log.file().isPresent() ? "file" : "stdout")
                .orElse("none");
    }

    private static LogSettings log(ServerSettings settings) {
        return settings.log().orElseGet(LogSettings::standardOutput);
    }

    private static KafkaSettings kafka(ServerSettings settings) {
        return settings.kafka().orElseGet(() -> KafkaSettings.of("none"));
    }

    private static SettingKey fixed(String name, Function<ServerSettings, Object> value) {
        return new SettingKey(name, false, value);
    }

    private static SettingKey live(String name, Function<ServerSettings, Object> value) {
        return new SettingKey(name, true, value);
    }

    /** Those of a Vertebra without a fleet are the defaults, whatever the section says that does not enable it. */
    private static ClusterSettings cluster(ServerSettings settings) {
        return settings.cluster()
                .orElseGet(() -> ClusterSettings.defaults(settings.http().runFolder()));
    }

    /** The system property that sets it: {@code vertebra.http.port}. */
    public String property() {
        return "vertebra." + name;
    }

    /** The variable of the environment that sets it: {@code VERTEBRA_HTTP_PORT}. */
    public String variable() {
        return property().replace('.', '_').toUpperCase(Locale.ROOT);
    }

    /** Its effective value as the file has it; durations in milliseconds, a list comma-separated. */
    public String text(ServerSettings settings) {
        return switch (value.apply(settings)) {
            case Duration duration -> duration.toMillis() + "ms";
            case Collection<?> list ->
                String.join(",", list.stream().map(String::valueOf).toList());
            case Object other -> other.toString();
        };
    }
}
