package io.vertebra.config;

import io.vertebra.config.MetricSpec.LabelSpec;
import io.vertebra.config.MetricSpec.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Reads one entry of {@code metrics}: the keys of ebpf_exporter as far as a JVM can honour them. */
final class MetricReader {

    private static final Pattern MAP = Pattern.compile("([a-zA-Z0-9_.-]+/)?[a-zA-Z0-9_.]+");
    private static final Pattern FIELD = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");
    private static final Pattern HOOK = Pattern.compile("([a-z0-9_]+/)?[a-z0-9_]+");
    private static final Pattern METRIC = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");
    private static final Pattern HELP = Pattern.compile("(?s).{1,1000}");
    private static final Map<String, Type> TYPES =
            Map.of("counter", Type.COUNTER, "gauge", Type.GAUGE, "histogram", Type.HISTOGRAM);
    private static final Map<String, String> BUCKETS =
            Map.of("exp2", "exp2", "exp2zero", "exp2zero", "linear", "linear", "fixed", "fixed");
    private static final Map<String, Decoder> DECODERS = Map.of(
            "uint", new Decoder.Uint(),
            "int", new Decoder.Int(),
            "hex", new Decoder.Hex(),
            "enum", new Decoder.EnumName(),
            "hook_names", new Decoder.HookNames("", ""),
            "string", new Decoder.Text(),
            "inet_ip", new Decoder.InetIp(),
            "static_map", new Decoder.StaticMap(Map.of(), false),
            "regexp", new Decoder.Regexp(List.of()));
    /** What they decode is in a kernel only. */
    private static final Set<String> DECODERS_OF_LINUX =
            Set.of("cgroup", "dname", "errno", "kstack", "ksym", "majorminor", "syscall", "uid");

    private static final Pattern EXPRESSION = Pattern.compile("(?s).{1,1000}");
    private static final long MOST_LINEAR = 10_000;
    private static final long MOST_KEY_BYTES = 4_096;

    private MetricReader() {}

    /** Reads an entry that names its map, or stands where that is known. */
    static MetricSpec read(Section section, Optional<String> known) {
        section.refuse("flush_interval", "a map is never cleared, only read at each scrape: remove the key");
        String name = section.requiredText("name", METRIC);
        String help = section.requiredText("help", HELP);
        String map = known.orElseGet(() -> section.requiredText("map", MAP));
        String field = section.text("field", FIELD).orElse("");
        if (!section.has("type")) {
            section.problem(
                    "type",
                    "missing",
                    String.join(", ", TYPES.keySet().stream().sorted().toList()));
        }
        Optional<Type> type = section.choice("type", TYPES, Set.of());
        boolean histogram = type.equals(Optional.of(Type.HISTOGRAM));
        double multiplier =
                section.positive(histogram ? "bucket_multiplier" : "multiplier").orElse(1);
        var buckets = histogram ? buckets(section) : Buckets.LOG2;
        if (type.equals(Optional.of(Type.COUNTER)) && !name.isEmpty() && !name.endsWith("_total")) {
            section.problem("name", "`" + name + "`", "a counter's name that ends in `_total`");
        }
        List<LabelSpec> labels = new ArrayList<>();
        section.sections("labels").forEach(label -> labels.add(label(label)));
        section.close();
        return new MetricSpec(map, field, name, help, type.orElse(Type.GAUGE), multiplier, buckets, labels);
    }

    private static Buckets buckets(Section section) {
        var type = section.choice("bucket_type", BUCKETS, Set.of()).orElse("exp2");
        if (type.equals("fixed")) {
            return new Buckets.Fixed(keys(section));
        }
        long most = type.equals("linear") ? MOST_LINEAR : 63;
        // exp2zero begins with the bucket of 0
        long min = section.integer("bucket_min", 0, type.equals("exp2zero") ? 0 : most)
                .orElse(0);
        var max = section.integer("bucket_max", min, most);
        return switch (type) {
            case "linear" -> new Buckets.Linear(min, max);
            case "exp2zero" -> new Buckets.Exp2Zero(max);
            default -> new Buckets.Exp2(min, max);
        };
    }

    private static List<Double> keys(Section section) {
        var keys = section.numbers("bucket_keys");
        boolean rising = IntStream.range(1, keys.size()).allMatch(i -> keys.get(i - 1) < keys.get(i));
        if (keys.isEmpty() || !rising) {
            section.problem("bucket_keys", Section.shown(keys), "numbers, each greater than the one before");
        }
        return keys;
    }

    private static LabelSpec label(Section section) {
        section.ignore("padding"); // BTF tells it
        String name = section.requiredText("name", FIELD);
        List<Decoder> decoders = new ArrayList<>();
        section.sections("decoders").forEach(decoder -> decoder(decoder).ifPresent(decoders::add));
        if (decoders.isEmpty()) {
            section.problem("decoders", "no usable entry", "at least one decoder");
        }
        var size = section.integer("size", 1, MOST_KEY_BYTES);
        section.close();
        return new LabelSpec(name, decoders, size);
    }

    private static Optional<Decoder> decoder(Section section) {
        if (!section.has("name")) {
            section.problem("name", "missing", "a decoder");
        }
        var decoder = section.choice("name", DECODERS, DECODERS_OF_LINUX).map(named -> switch (named) {
            case Decoder.StaticMap _ -> new Decoder.StaticMap(table(section), section.flag("static_map_allow_unknown"));
            case Decoder.Regexp _ -> new Decoder.Regexp(expressions(section));
            case Decoder.HookNames _ ->
                new Decoder.HookNames(section.requiredText("hook", HOOK), section.requiredText("field", FIELD));
            default -> named;
        });
        section.close();
        return decoder;
    }

    private static List<String> expressions(Section section) {
        var expressions = section.texts("regexps", EXPRESSION);
        if (expressions.isEmpty()) {
            section.problem("regexps", "no entry", "at least one expression");
        }
        return expressions;
    }

    private static Map<String, String> table(Section section) {
        if (!section.has("static_map")) {
            section.problem("static_map", "missing", "a mapping");
        }
        Map<String, String> table = new LinkedHashMap<>();
        var entries = section.section("static_map");
        entries.forEach((key, value) -> {
            if (value instanceof Map || value instanceof List || value == null) {
                entries.problem(key, Section.shown(value), "a text");
            } else {
                table.put(key, value.toString());
            }
        });
        return table;
    }
}
