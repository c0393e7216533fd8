package io.vertebra.config;

import io.vertebra.config.CodeletSetDescriptor.Codelet;
import io.vertebra.config.CodeletSetDescriptor.Execution;
import io.vertebra.config.CodeletSetDescriptor.Executor;
import io.vertebra.config.CodeletSetDescriptor.Input;
import io.vertebra.config.CodeletSetDescriptor.Limits;
import io.vertebra.config.CodeletSetDescriptor.Scope;
import io.vertebra.config.CodeletSetDescriptor.Stream;
import io.vertebra.config.Delivery.AtLeastOnce;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads a codelet set's descriptor (YAML 1.2), also one of jbpf's. The document makes no objects but text, numbers, lists and mappings; its
 * size (1 MiB), its nesting and its aliases are bounded. Stateless and thread-safe.
 */
public final class DescriptorReader {

    private static final Pattern SET_NAME = Pattern.compile("[a-zA-Z0-9_.-]{1,255}");
    private static final Pattern IDENTIFIER = Pattern.compile("[a-zA-Z0-9_.-]{1,255}");
    private static final Pattern MAP_NAME = Pattern.compile("([a-zA-Z0-9_.-]+/)?[a-zA-Z0-9_.]+");
    private static final Pattern LINK = Pattern.compile("[a-zA-Z0-9_.-]+/[a-zA-Z0-9_.]+");
    private static final Pattern HOOK_NAME = Pattern.compile("([a-z0-9_]+/)?[a-z0-9_]+");
    private static final Pattern ANY = Pattern.compile("(?s).{1,4096}");
    private static final Map<String, Scope> SCOPES = Map.of("member", Scope.MEMBER, "cluster", Scope.CLUSTER);
    private static final Map<String, Execution> EXECUTIONS =
            Map.of("queued", Execution.QUEUED, "inline", Execution.INLINE);
    private static final Map<String, Delivery> DELIVERIES =
            Map.of("best-effort", Delivery.BEST_EFFORT, "at-least-once", AtLeastOnce.DEFAULT);
    private static final Map<String, Executor> EXECUTORS =
            Map.of("jit", Executor.JIT, "interpreter", Executor.INTERPRETER);

    private final ObjectFolder objects;
    private final List<String> problems = new ArrayList<>();

    private DescriptorReader(ObjectFolder objects) {
        this.objects = objects;
    }

    /**
     * Reads a descriptor from a file.
     *
     * @throws ConfigException when the file cannot be read, is not YAML, or breaks rules: all of them are named
     */
    public static CodeletSetDescriptor read(Path file) {
        return parse(text(file), file.toString(), file.toAbsolutePath().getParent());
    }

    /**
     * The text of a descriptor's file.
     *
     * @throws ConfigException when the file cannot be read
     */
    public static String text(Path file) {
        return new String(bytes(file), StandardCharsets.UTF_8);
    }

    /**
     * The bytes of a descriptor's file.
     *
     * @throws ConfigException when the file cannot be read
     */
    public static byte[] bytes(Path file) {
        try {
            return InputFile.read(file, YamlDocument.MAX_BYTES);
        } catch (IOException e) {
            throw new ConfigException(file.toString(), List.of("cannot be read: " + e.getMessage()));
        }
    }

    /**
     * Reads a descriptor from text.
     *
     * @param yaml the document
     * @param source its name in messages
     * @param folder what relative object paths start from
     * @throws ConfigException naming all problems
     */
    public static CodeletSetDescriptor parse(String yaml, String source, Path folder) {
        return parse(yaml, source, new ObjectFolder.Relative(folder, System.getenv()));
    }

    /**
     * Reads a descriptor that has come here with its objects, from wherever they were: each lies in a folder under the last
     * name of the path that the descriptor has for it. No variable of this environment is looked at.
     *
     * @param yaml the document
     * @param source its name in messages
     * @param folder where the objects are
     * @throws ConfigException naming all problems
     */
    public static CodeletSetDescriptor parseUploaded(String yaml, String source, Path folder) {
        return parse(yaml, source, new ObjectFolder.Uploaded(folder, new HashMap<>()));
    }

    private static CodeletSetDescriptor parse(String yaml, String source, ObjectFolder objects) {
        var reader = new DescriptorReader(objects);
        var root = new Section("", YamlDocument.parse(yaml, source), reader.problems);
        var descriptor = root.holds("codeletset_id") ? new JbpfDescriptorReader(objects).set(root) : reader.set(root);
        if (!reader.problems.isEmpty()) {
            throw new ConfigException(source, reader.problems);
        }
        return descriptor;
    }

    /**
     * Reads one entry of {@code metrics} that stands elsewhere.
     *
     * @param map the map that it shows; the text may not name one
     * @param yaml the entry
     * @param source its name in messages
     * @throws ConfigException naming all problems
     */
    public static MetricSpec metric(String map, String yaml, String source) {
        List<String> problems = new ArrayList<>();
        var metric = MetricReader.read(new Section("", YamlDocument.parse(yaml, source), problems), Optional.of(map));
        if (!problems.isEmpty()) {
            throw new ConfigException(source, problems);
        }
        return metric;
    }

    private CodeletSetDescriptor set(Section root) {
        String name = root.requiredText("codeletset", SET_NAME);
        var scope = root.choice("scope", SCOPES, Set.of()).orElse(Scope.MEMBER);
        List<Codelet> codelets = new ArrayList<>();
        root.sections("codelets").forEach(section -> codelets.add(codelet(section)));
        if (codelets.isEmpty()) {
            root.problem("codelets", "no entry", "at least one");
        }
        List<Stream> streams = new ArrayList<>();
        root.section("streams").sectionsByName((stream, section) -> streams.add(stream(stream, section)));
        List<Input> inputs = new ArrayList<>();
        root.section("inputs").sectionsByName((input, section) -> inputs.add(input(input, section)));
        var keep = root.texts("keep", MAP_NAME);
        List<MetricSpec> metrics = new ArrayList<>();
        root.sections("metrics").forEach(section -> metrics.add(MetricReader.read(section, Optional.empty())));
        unique("metrics", metrics.stream().map(MetricSpec::name).toList());
        var limits = limits(root.section("limits"));
        var wake = root.choice("wake", RuntimeSettings.WAKES, Set.of());
        root.close();
        return new CodeletSetDescriptor(name, scope, codelets, streams, inputs, keep, metrics, limits, wake);
    }

    private Codelet codelet(Section section) {
        var codelet = new Codelet(
                object(section),
                section.text("program", IDENTIFIER),
                section.text("name", IDENTIFIER),
                section.text("hook", HOOK_NAME),
                section.choice("execution", EXECUTIONS, Set.of()),
                section.choice("executor", EXECUTORS, Set.of()).orElse(Executor.JIT),
                (int) section.integer("priority", Integer.MIN_VALUE, Integer.MAX_VALUE)
                        .orElse(0),
                linkedMaps(section.section("linked_maps")),
                variables(section.section("variables")),
                Duration.ZERO);
        if (codelet.program().isEmpty()) {
            for (var key : List.of("name", "hook")) {
                if (section.has(key)) {
                    section.problem(key, "given without `program`", "one program when it is named");
                }
            }
        }
        section.close();
        return codelet;
    }

    private Path object(Section section) {
        return objects.path(section, "object", section.requiredText("object", ANY));
    }

    private Map<String, Object> variables(Section section) {
        Map<String, Object> result = new LinkedHashMap<>();
        section.forEach((name, value) -> {
            switch (value) {
                case Integer i -> result.put(name, i.longValue());
                case Long l -> result.put(name, l);
                case BigInteger i -> result.put(name, i);
                case Double d -> result.put(name, d);
                case Boolean b -> result.put(name, b);
                case String s -> result.put(name, s);
                case null, default -> section.problem(name, Section.shown(value), "a number, a text, true or false");
            }
        });
        return result;
    }

    private Map<String, String> linkedMaps(Section section) {
        Map<String, String> result = new LinkedHashMap<>();
        section.forEach((map, value) -> {
            if (value instanceof String other && LINK.matcher(other).matches()) {
                result.put(map, other);
            } else {
                section.problem(map, Section.shown(value), "text of the form " + LINK.pattern());
            }
        });
        return result;
    }

    private Input input(String name, Section section) {
        named("inputs", name);
        return new Input(name, section.requiredText("map", MAP_NAME));
    }

    private void named(String path, String name) {
        if (!IDENTIFIER.matcher(name).matches()) {
            problems.add(path + ": name `" + name + "`, allowed is text of the form " + IDENTIFIER.pattern());
        }
    }

    private Stream stream(String name, Section section) {
        named("streams", name);
        return new Stream(
                name,
                section.requiredText("map", MAP_NAME),
                section.texts("to", IDENTIFIER),
                section.text("key", IDENTIFIER).orElse(""),
                delivery(section),
                StreamRecordsReader.read(section));
    }

    private Delivery delivery(Section section) {
        var delivery = section.choice("delivery", DELIVERIES, Set.of()).orElse(Delivery.BEST_EFFORT);
        if (!section.has("spool")) {
            return delivery;
        }
        var spool = section.section("spool");
        if (!(delivery instanceof AtLeastOnce)) {
            problems.add(section.path("spool") + ": only for `delivery: at-least-once`");
        }
        var defaults = AtLeastOnce.DEFAULT;
        long bytes = spool.size("max_bytes").orElse(defaults.maxBytes());
        var delay = spool.duration("max_delay").orElse(defaults.maxDelay());
        boolean fsync = spool.flag("fsync");
        spool.close();
        try {
            return new AtLeastOnce(bytes, delay, fsync);
        } catch (IllegalArgumentException e) {
            problems.add(section.path("spool") + "." + e.getMessage());
            return delivery;
        }
    }

    private Limits limits(Section section) {
        var limits = new Limits(
                section.size("map_memory").orElse(Limits.DEFAULT_MAP_MEMORY),
                section.integer("max_steps", 1, Integer.MAX_VALUE),
                section.positive("events_per_second"),
                section.duration("run_ns_p99"),
                section.integer("max_faults", 1, Integer.MAX_VALUE).orElse(Limits.DEFAULT_MAX_FAULTS));
        section.close();
        return limits;
    }

    private void unique(String path, List<String> names) {
        Set<String> seen = new HashSet<>();
        for (var name : names) {
            if (!name.isEmpty() && !seen.add(name)) {
                problems.add(path + ": name `" + name + "` occurs twice, allowed is once");
            }
        }
    }
}
