package io.vertebra.config;

import io.vertebra.config.ServerSettings.Outputs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads a standalone Vertebra's settings. Of a key {@code http.port}, the system property {@code vertebra.http.port} counts
 * before the environment's {@code VERTEBRA_HTTP_PORT}, that before the file, that before the default. Stateless and
 * thread-safe.
 */
public final class ServerSettingsReader {

    /** Every key that a property or a variable may set; lists are comma-separated there. */
    static final List<String> KEYS = Stream.concat(
                    ClusterSettingsReader.KEYS.stream(),
                    Stream.of(
                            "http.host",
                            "http.port",
                            "http.run_folder",
                            "http.max_connections",
                            "http.request_timeout",
                            "http.max_upload",
                            "runtime.cores",
                            "runtime.ring_bytes",
                            "runtime.inline_slots",
                            "runtime.payload_max",
                            "runtime.wake",
                            "outputs.queue_bytes",
                            "outputs.max_series",
                            "outputs.close_deadline",
                            "kafka.bootstrap_servers",
                            "codelet_sets"))
            .toList();

    private static final Set<String> LISTS = Set.of("codelet_sets", "cluster.members");
    private static final Pattern ANY = Pattern.compile("(?s).{1,4096}");

    private final List<String> problems = new ArrayList<>();
    private final Path folder;

    private ServerSettingsReader(Path folder) {
        this.folder = folder;
    }

    /**
     * Reads settings.
     *
     * @param file the YAML file; empty for none
     * @throws ConfigException when the file cannot be read, is not YAML, or values break rules: all of them are named
     */
    public static ServerSettings read(Optional<Path> file, Properties properties, Map<String, String> environment) {
        var source = file.map(Path::toString).orElse("settings");
        Object document = file.map(f -> YamlDocument.parse(DescriptorReader.text(f), source))
                .orElse(Map.of());
        var reader = new ServerSettingsReader(
                file.map(f -> f.toAbsolutePath().getParent()).orElse(Path.of("")));
        var settings = reader.settings(reader.overlaid(document, properties, environment));
        if (!reader.problems.isEmpty()) {
            throw new ConfigException(source, reader.problems);
        }
        return settings;
    }

    private Section overlaid(Object document, Properties properties, Map<String, String> environment) {
        if (document != null && !(document instanceof Map)) {
            return new Section("", document, problems);
        }
        Map<String, Object> root = new LinkedHashMap<>();
        if (document instanceof Map<?, ?> map) {
            map.forEach((key, value) -> root.put(String.valueOf(key), value));
        }
        for (var key : KEYS) {
            var variable = "VERTEBRA_" + key.replace('.', '_').toUpperCase(Locale.ROOT);
            var given = properties.getProperty("vertebra." + key, environment.get(variable));
            if (given != null) {
                put(root, key, given);
            }
        }
        return new Section("", root, problems);
    }

    private static void put(Map<String, Object> root, String key, String given) {
        Object value = LISTS.contains(key)
                ? List.of(given.split(","))
                : given.matches("[0-9]{1,9}") ? Integer.valueOf(given) : given;
        int dot = key.indexOf('.');
        if (dot < 0) {
            root.put(key, value);
            return;
        }
        Map<String, Object> section = new LinkedHashMap<>();
        if (root.get(key.substring(0, dot)) instanceof Map<?, ?> before) {
            before.forEach((k, v) -> section.put(String.valueOf(k), v));
        }
        section.put(key.substring(dot + 1), value);
        root.put(key.substring(0, dot), section);
    }

    private ServerSettings settings(Section root) {
        var runtime = runtime(root.section("runtime"));
        var http = http(root.section("http"));
        var outputs = outputs(root.section("outputs"));
        var kafkaSection = root.section("kafka");
        var kafka = kafkaSection.text("bootstrap_servers", ANY);
        kafkaSection.close();
        var cluster = checked(
                "",
                () -> ClusterSettingsReader.read(root.section("cluster"), folder, http.runFolder()),
                Optional.<ClusterSettings>empty());
        var sets = root.texts("codelet_sets", ANY).stream().map(folder::resolve).toList();
        root.close();
        return new ServerSettings(runtime, http, outputs, kafka, cluster, sets);
    }

    private RuntimeSettings runtime(Section section) {
        int cores = number(section, "cores", RuntimeSettings.defaults().cores());
        var defaults = checked("runtime.", () -> RuntimeSettings.ofCores(cores), RuntimeSettings.defaults());
        int ring = size(section, "ring_bytes", defaults.ringBytes());
        int slots = number(section, "inline_slots", defaults.inlineSlots());
        int payload = size(section, "payload_max", Math.min(defaults.payloadMax(), Math.max(0, ring / 8)));
        var wake = section.choice("wake", RuntimeSettings.WAKES, Set.of()).orElse(defaults.wake());
        section.close();
        return checked("runtime.", () -> new RuntimeSettings(defaults.cores(), ring, slots, payload, wake), defaults);
    }

    private HttpSettings http(Section section) {
        var defaults = HttpSettings.defaults();
        var host = section.text("host", ANY).orElse(defaults.host());
        int port = number(section, "port", defaults.port());
        var run = section.text("run_folder", ANY).map(folder::resolve).orElse(defaults.runFolder());
        int connections = number(section, "max_connections", defaults.maxConnections());
        var timeout = section.duration("request_timeout").orElse(defaults.requestTimeout());
        int upload = size(section, "max_upload", defaults.maxUpload());
        section.close();
        return checked("", () -> new HttpSettings(host, port, run, connections, timeout, upload), defaults);
    }

    private Outputs outputs(Section section) {
        var defaults = Outputs.DEFAULT;
        long queue = section.size("queue_bytes").orElse(defaults.queueBytes());
        int series = number(section, "max_series", defaults.maxSeries());
        var deadline = section.duration("close_deadline").orElse(defaults.closeDeadline());
        section.close();
        return checked("", () -> new Outputs(queue, series, deadline), defaults);
    }

    private static int number(Section section, String key, int otherwise) {
        return (int) section.integer(key, Integer.MIN_VALUE, Integer.MAX_VALUE).orElse(otherwise);
    }

    private static int size(Section section, String key, int otherwise) {
        return (int) Math.min(Integer.MAX_VALUE, section.size(key).orElse(otherwise));
    }

    /** What the records' own rules say joins the other problems. */
    private <T> T checked(String prefix, Supplier<T> settings, T otherwise) {
        try {
            return settings.get();
        } catch (ConfigException e) {
            e.problems().forEach(problem -> problems.add(prefix + problem));
            return otherwise;
        }
    }
}
