package io.vertebra.config;

import io.vertebra.config.AdmissionSettings.Unsigned;
import io.vertebra.config.ServerSettings.Outputs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Reads a standalone Vertebra's settings. Of a key {@code http.port}, the system property {@code vertebra.http.port} counts
 * before the environment's {@code VERTEBRA_HTTP_PORT}, that before the file, that before the default. Every problem is
 * named, with where the value comes from. Stateless and thread-safe.
 */
public final class ServerSettingsReader {

    private static final Pattern ANY = Pattern.compile("(?s).{1,4096}");

    private static final Map<String, Unsigned> UNSIGNED =
            Map.of("allow", Unsigned.ALLOW, "warn", Unsigned.WARN, "deny", Unsigned.DENY);

    private final List<String> problems = new ArrayList<>();
    private final Map<String, String> sources = new HashMap<>();
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
    public static LoadedSettings read(Optional<Path> file, Properties properties, Map<String, String> environment) {
        var reader = new ServerSettingsReader(
                file.map(f -> f.toAbsolutePath().getParent()).orElse(Path.of("")));
        Object document = file.map(reader::document).orElse(Map.of());
        var settings = reader.settings(reader.overlaid(document, properties, environment));
        reader.refuseUnknown(properties, environment);
        if (!reader.problems.isEmpty()) {
            var fallback = file.map(Path::toString).orElse("settings");
            throw new ConfigException(reader.problems.stream()
                    .map(problem -> reader.source(problem, fallback) + ": " + problem)
                    .toList());
        }
        return new LoadedSettings(settings, reader.sources);
    }

    private Object document(Path file) {
        var text = DescriptorReader.text(file);
        var document = YamlDocument.parse(text, file.toString());
        YamlDocument.lines(text, file.toString()).forEach((path, line) -> sources.put(path, file + ":" + line));
        return document;
    }

    /** Where the value comes from that a problem names first, or what is around it. */
    private String source(String problem, String fallback) {
        var path = problem.substring(0, problem.indexOf(": "));
        while (!sources.containsKey(path)) {
            int end = Math.max(path.lastIndexOf('.'), path.lastIndexOf('['));
            if (end < 0) {
                return fallback;
            }
            path = path.substring(0, end);
        }
        return sources.get(path);
    }

    private Section overlaid(Object document, Properties properties, Map<String, String> environment) {
        if (document != null && !(document instanceof Map)) {
            return new Section("", document, problems);
        }
        Map<String, Object> root = new LinkedHashMap<>();
        if (document instanceof Map<?, ?> map) {
            map.forEach((key, value) -> root.put(String.valueOf(key), value));
        }
        for (var key : SettingKey.ALL) {
            var property = properties.getProperty(key.property());
            var variable = environment.get(key.variable());
            if (property != null) {
                put(root, key.name(), value(key, property));
                sources.put(key.name(), "property " + key.property());
            } else if (variable != null) {
                put(root, key.name(), value(key, variable));
                sources.put(key.name(), "environment " + key.variable());
            }
        }
        return new Section("", root, problems);
    }

    private static Object value(SettingKey key, String given) {
        if (key.value().apply(ServerSettings.defaults()) instanceof Collection) {
            return List.of(given.split(","));
        }
        return given.matches("[0-9]{1,9}") ? Integer.valueOf(given) : given;
    }

    /** Puts a value at a path, into copies of the sections on the way there. */
    private static void put(Map<String, Object> section, String path, Object value) {
        int dot = path.indexOf('.');
        if (dot < 0) {
            section.put(path, value);
            return;
        }
        var before = section.get(path.substring(0, dot));
        if (before == null || before instanceof Map) { // what is none is a problem of its own
            Map<String, Object> inner = new LinkedHashMap<>();
            if (before instanceof Map<?, ?> map) {
                map.forEach((k, v) -> inner.put(String.valueOf(k), v));
            }
            put(inner, path.substring(dot + 1), value);
            section.put(path.substring(0, dot), inner);
        }
    }

    /** A name that is nearly a setting's would be without effect, and nobody would know. */
    private void refuseUnknown(Properties properties, Map<String, String> environment) {
        Set<String> known = new HashSet<>();
        SettingKey.ALL.forEach(key -> known.addAll(List.of(key.property(), key.variable())));
        for (var name : new TreeSet<>(properties.stringPropertyNames())) {
            refuseUnknown("property", name, known);
        }
        for (var name : new TreeSet<>(environment.keySet())) {
            refuseUnknown("environment", name, known);
        }
    }

    private void refuseUnknown(String where, String name, Set<String> known) {
        if (isSettings(name) && !known.contains(name)) {
            sources.put(name, where);
            problems.add(name + ": no setting has this name, see `vertebra start --reference`");
        }
    }

    /** Whether a property or variable is of a section; other ones of ours are not for settings. */
    private static boolean isSettings(String name) {
        return SettingKey.ALL.stream()
                .filter(key -> key.name().contains("."))
                .map(key -> key.name().substring(0, key.name().indexOf('.') + 1))
                .map(section -> "vertebra." + section)
                .anyMatch(start -> name.startsWith(start)
                        || name.startsWith(start.replace('.', '_').toUpperCase(Locale.ROOT)));
    }

    private ServerSettings settings(Section root) {
        var runtime = runtime(root.section("runtime"));
        var http = http(root.section("http"));
        var admission = admission(root.section("admission"));
        var outputs = outputs(root.section("outputs"));
        var log = checked(
                "", () -> ConnectorSettingsReader.log(root.section("log"), folder), Optional.<LogSettings>empty());
        var kafka = checked(
                "", () -> ConnectorSettingsReader.kafka(root.section("kafka")), Optional.<KafkaSettings>empty());
        var cluster = checked(
                "",
                () -> ClusterSettingsReader.read(root.section("cluster"), folder, http.runFolder()),
                Optional.<ClusterSettings>empty());
        var sets = root.texts("codelet_sets", ANY).stream().map(folder::resolve).toList();
        root.close();
        return new ServerSettings(runtime, http, admission, outputs, log, kafka, cluster, sets);
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
        var run = path(section, "run_folder").orElse(defaults.runFolder());
        var limits = limits(section, defaults.limits());
        Optional<TlsSettings> tls = section.has("tls") ? tls(section.section("tls")) : Optional.empty();
        var access = new HttpAccess(tls, path(section, "token_file"), section.texts("allowed_hosts", ANY));
        section.close();
        return checked("", () -> new HttpSettings(host, port, run, limits, access), defaults);
    }

    private static HttpLimits limits(Section section, HttpLimits defaults) {
        return new HttpLimits(
                number(section, "max_connections", defaults.maxConnections()),
                number(section, "max_clients", defaults.maxClients()),
                section.duration("request_timeout").orElse(defaults.requestTimeout()),
                size(section, "max_upload", defaults.maxUpload()),
                number(section, "max_uploads", defaults.maxUploads()));
    }

    private Optional<TlsSettings> tls(Section section) {
        var certificate = folder.resolve(section.requiredText("certificate", ANY));
        var key = folder.resolve(section.requiredText("key", ANY));
        Map<String, Role> roles = new LinkedHashMap<>();
        var names = section.section("client_roles");
        names.forEach(
                (name, _) -> names.choice(name, Role.BY_LABEL, Set.of()).ifPresent(role -> roles.put(name, role)));
        var tls = new TlsSettings(
                certificate,
                key,
                path(section, "client_ca"),
                roles,
                section.duration("check_every").orElse(TlsSettings.DEFAULT_CHECK));
        section.close();
        return Optional.of(tls);
    }

    private Optional<Path> path(Section section, String key) {
        return section.text(key, ANY).map(folder::resolve);
    }

    private AdmissionSettings admission(Section section) {
        var unsigned = section.choice("unsigned", UNSIGNED, Set.of()).orElse(AdmissionSettings.OPEN.unsigned());
        var keys =
                section.texts("trusted_keys", ANY).stream().map(folder::resolve).toList();
        var digests = Set.copyOf(section.texts("allowed_digests", ANY));
        Optional<Map<Role, Grant>> grants =
                section.has("grants") ? grants(section.section("grants")) : Optional.empty();
        section.close();
        return checked("", () -> new AdmissionSettings(unsigned, keys, digests, grants), AdmissionSettings.OPEN);
    }

    private static Optional<Map<Role, Grant>> grants(Section section) {
        Map<Role, Grant> grants = new EnumMap<>(Role.class);
        Role.BY_LABEL.forEach((label, role) -> {
            var grant = section.section(label);
            grants.put(role, new Grant(grant.texts("hooks", ANY), grant.texts("helpers", ANY)));
            grant.close();
        });
        section.close();
        return Optional.of(grants);
    }

    private Outputs outputs(Section section) {
        var defaults = Outputs.DEFAULT;
        long queue = section.size("queue_bytes").orElse(defaults.queueBytes());
        int series = number(section, "max_series", defaults.maxSeries());
        var deadline = section.duration("close_deadline").orElse(defaults.closeDeadline());
        var spool = path(section, "spool");
        section.close();
        return checked("", () -> new Outputs(queue, series, deadline, spool), defaults);
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
