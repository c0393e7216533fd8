package io.vertebra.connectors.metrics;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.vertebra.config.Decoder;
import io.vertebra.config.MetricSpec.LabelSpec;
import io.vertebra.connectors.spi.ConnectorException;
import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Turns a map's keys into label texts. Immutable and thread-safe. */
public final class KeyLabels {

    private static final int IP4_BYTES = 4;
    private static final int IP6_BYTES = 16;

    private final List<Label> labels;
    private final int keyBytes;

    /**
     * The labels of one map.
     *
     * @throws ConnectorException when they do not fit the key: names label, observed and needed
     */
    public KeyLabels(MapSpec map, List<LabelSpec> labels) {
        List<Field> fields = isSingle(map) && labels.isEmpty() ? List.of() : Layouts.key(map);
        if (fields.size() != labels.size()) {
            throw new ConnectorException("map `" + map.name() + "`: " + labels.size() + " labels for a key of "
                    + fields.size() + " fields; give one label for each field");
        }
        List<Label> made = new ArrayList<>();
        for (int i = 0; i < fields.size(); i++) {
            made.add(label(fields.get(i), labels.get(i)));
        }
        this.labels = List.copyOf(made);
        this.keyBytes = map.keySize();
    }

    private KeyLabels(List<Label> labels, int keyBytes) {
        this.labels = labels;
        this.keyBytes = keyBytes;
    }

    /** The labels without the last one, which are told by the bytes of a key in front of its field. */
    public KeyLabels withoutLast() {
        return new KeyLabels(
                labels.subList(0, labels.size() - 1), labels.getLast().field().offset());
    }

    /** How many bytes of a key, from its start, have the labels. */
    public int keyBytes() {
        return keyBytes;
    }

    /**
     * One label.
     *
     * @param first from the field to text
     * @param others from text to text
     */
    private record Label(String name, Field field, FromKey first, List<FromText> others) {
        Optional<String> of(byte[] key) {
            var text = Optional.of(first.text(field, key));
            for (var step : others) {
                text = text.flatMap(step::text);
            }
            return text;
        }
    }

    private interface FromKey {
        String text(Field field, byte[] key);
    }

    private interface FromText {
        Optional<String> text(String text);
    }

    /** The names, in the order of the key's fields. */
    public List<String> names() {
        return labels.stream().map(Label::name).toList();
    }

    /** The texts of one key, in the order of {@link #names}; empty for a key that a decoder leaves out. */
    public Optional<List<String>> of(byte[] key) {
        var texts = new ArrayList<String>(labels.size());
        for (var label : labels) {
            label.of(key).ifPresent(texts::add);
        }
        return texts.size() == labels.size() ? Optional.of(texts) : Optional.empty();
    }

    private static boolean isSingle(MapSpec map) {
        return (map.type() == MapType.ARRAY || map.type() == MapType.PERCPU_ARRAY) && map.maxEntries() == 1;
    }

    // ---- what is checked once ----

    private static Label label(Field field, LabelSpec label) {
        if (label.size().isPresent() && label.size().getAsLong() != field.size()) {
            throw refused(label, "its size is " + label.size().getAsLong() + ", the key's field has " + field.size());
        }
        var decoders = label.decoders();
        boolean decodes =
                !(decoders.getFirst() instanceof Decoder.StaticMap || decoders.getFirst() instanceof Decoder.Regexp);
        var first = decodes ? first(field, label, decoders.getFirst()) : text(field);
        var others = decoders.subList(decodes ? 1 : 0, decoders.size()).stream()
                .map(decoder -> next(label, decoder))
                .toList();
        return new Label(label.name(), field, first, others);
    }

    /** What a decoder of text gets when it is the first. */
    private static FromKey text(Field field) {
        return field.kind() == Field.Kind.TEXT ? Field::text : Field::decimal;
    }

    private static FromKey first(Field field, LabelSpec label, Decoder decoder) {
        boolean text = field.kind() == Field.Kind.TEXT;
        var observed = text ? "text" : "a number";
        return switch (decoder) {
            case Decoder.Uint _ when !text -> Field::decimal;
            case Decoder.Int _ when !text -> Field::signed;
            case Decoder.Hex _ when !text -> Field::hex;
            case Decoder.Text _ when text -> Field::text;
            case Decoder.EnumName _ -> {
                if (field.names().isEmpty()) {
                    throw refused(label, "enum needs a key field of an enum type of C");
                }
                yield Field::name;
            }
            case Decoder.HookNames hook
            when !text -> {
                var named = field.named(names(label, hook));
                yield (_, key) -> named.name(key);
            }
            case Decoder.InetIp _ -> {
                if (field.size() != IP4_BYTES && field.size() != IP6_BYTES) {
                    throw refused(label, "inet_ip needs a key field of 4 or 16 bytes, this one has " + field.size());
                }
                yield Field::address;
            }
            default ->
                throw refused(
                        label,
                        "its first decoder does not fit a key field that is " + observed
                                + (text ? "; use string" : "; use uint, int or hex"));
        };
    }

    private static Map<Long, String> names(LabelSpec label, Decoder.HookNames hook) {
        try {
            return HookNames.of(hook);
        } catch (ConnectorException e) {
            throw refused(label, e.getMessage());
        }
    }

    private static FromText next(LabelSpec label, Decoder decoder) {
        return switch (decoder) {
            case Decoder.StaticMap map -> text -> Optional.of(lookup(map, text));
            case Decoder.Regexp regexp -> {
                var patterns = regexp.expressions().stream()
                        .map(expression -> compile(label, expression))
                        .toList();
                yield text -> match(patterns, text);
            }
            default -> throw refused(label, "after the first decoder only static_map and regexp are possible");
        };
    }

    private static Pattern compile(LabelSpec label, String expression) {
        try {
            return Pattern.compile(expression);
        } catch (PatternSyntaxException e) {
            throw refused(label, "regexp `" + expression + "`: " + e.getDescription());
        }
    }

    private static ConnectorException refused(LabelSpec label, String why) {
        return new ConnectorException("label `" + label.name() + "`: " + why);
    }

    // ---- what is done for each key ----

    private static String lookup(Decoder.StaticMap map, String text) {
        var found = map.table().get(text);
        return found != null ? found : map.allowUnknown() ? text : "unknown:" + text;
    }

    private static Optional<String> match(List<Pattern> patterns, String text) {
        for (var pattern : patterns) {
            var matcher = pattern.matcher(text);
            if (matcher.find()) {
                return Optional.of(matcher.groupCount() == 0 ? text : Objects.requireNonNullElse(matcher.group(1), ""));
            }
        }
        return Optional.empty();
    }
}
