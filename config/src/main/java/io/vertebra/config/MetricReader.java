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

/** Reads one entry of {@code metrics}: the keys of ebpf_exporter as far as this version honours them. */
final class MetricReader {

    private static final Pattern MAP = Pattern.compile("([a-zA-Z0-9_.-]+/)?[a-zA-Z0-9_.]+");
    private static final Pattern FIELD = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");
    private static final Pattern METRIC = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");
    private static final Pattern HELP = Pattern.compile("(?s).{1,1000}");
    private static final Map<String, Type> TYPES =
            Map.of("counter", Type.COUNTER, "gauge", Type.GAUGE, "histogram", Type.HISTOGRAM);
    private static final Set<String> DECODERS_NOT_YET =
            Set.of("cgroup", "dname", "errno", "inet_ip", "kstack", "ksym", "majorminor", "regexp", "syscall", "uid");

    private MetricReader() {}

    static MetricSpec read(Section section) {
        section.notYet("bucket_min", "bucket_max", "bucket_keys", "flush_interval");
        String name = section.requiredText("name", METRIC);
        String help = section.requiredText("help", HELP);
        String map = section.requiredText("map", MAP);
        String field = section.text("field", FIELD).orElse("");
        if (!section.has("type")) {
            section.problem(
                    "type",
                    "missing",
                    String.join(", ", TYPES.keySet().stream().sorted().toList()));
        }
        Optional<Type> type = section.choice("type", TYPES, Set.of());
        double multiplier = 1;
        if (type.equals(Optional.of(Type.HISTOGRAM))) {
            section.choice("bucket_type", Map.of("exp2", true), Set.of("exp2zero", "linear", "fixed"));
            multiplier = section.positive("bucket_multiplier").orElse(1);
        } else {
            multiplier = section.positive("multiplier").orElse(1);
        }
        if (type.equals(Optional.of(Type.COUNTER)) && !name.isEmpty() && !name.endsWith("_total")) {
            section.problem("name", "`" + name + "`", "a counter's name that ends in `_total`");
        }
        List<LabelSpec> labels = new ArrayList<>();
        section.sections("labels").forEach(label -> labels.add(label(label)));
        section.close();
        return new MetricSpec(map, field, name, help, type.orElse(Type.GAUGE), multiplier, labels);
    }

    private static LabelSpec label(Section section) {
        section.notYet("size", "padding");
        String name = section.requiredText("name", FIELD);
        List<Decoder> decoders = new ArrayList<>();
        section.sections("decoders").forEach(decoder -> decoder(decoder).ifPresent(decoders::add));
        if (decoders.isEmpty()) {
            section.problem("decoders", "no usable entry", "at least one decoder");
        }
        section.close();
        return new LabelSpec(name, decoders);
    }

    private static Optional<Decoder> decoder(Section section) {
        section.notYet("static_map_allow_unknown");
        if (!section.has("name")) {
            section.problem("name", "missing", "a decoder");
        }
        var names = Map.<String, Decoder>of(
                "uint", new Decoder.Uint(),
                "hex", new Decoder.Hex(),
                "string", new Decoder.Text(),
                "static_map", new Decoder.StaticMap(Map.of()));
        var decoder = section.choice("name", names, DECODERS_NOT_YET);
        if (decoder.isPresent() && decoder.get() instanceof Decoder.StaticMap) {
            decoder = Optional.of(new Decoder.StaticMap(table(section)));
        }
        section.close();
        return decoder;
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
