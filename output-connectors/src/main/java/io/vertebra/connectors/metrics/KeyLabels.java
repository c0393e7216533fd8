package io.vertebra.connectors.metrics;

import io.vertebra.config.Decoder;
import io.vertebra.config.MetricSpec.LabelSpec;
import io.vertebra.connectors.spi.ConnectorException;
import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import java.util.ArrayList;
import java.util.List;

/** Turns a map's keys into label texts. Immutable and thread-safe. */
public final class KeyLabels {

    private final List<LabelSpec> labels;
    private final List<Field> fields;

    /**
     * The labels of one map.
     *
     * @throws ConnectorException when they do not fit the key: names label, observed and needed
     */
    public KeyLabels(MapSpec map, List<LabelSpec> labels) {
        this.labels = List.copyOf(labels);
        this.fields = isSingle(map) && labels.isEmpty() ? List.of() : Layouts.key(map);
        if (fields.size() != labels.size()) {
            throw new ConnectorException("map `" + map.name() + "`: " + labels.size() + " labels for a key of "
                    + fields.size() + " fields; give one label for each field");
        }
        for (int i = 0; i < fields.size(); i++) {
            check(this.labels.get(i), fields.get(i));
        }
    }

    /** The names, in the order of the key's fields. */
    public List<String> names() {
        return labels.stream().map(LabelSpec::name).toList();
    }

    /** The texts of one key, in the order of {@link #names}. */
    public List<String> of(byte[] key) {
        var texts = new ArrayList<String>(fields.size());
        for (int i = 0; i < fields.size(); i++) {
            texts.add(text(fields.get(i), labels.get(i).decoders(), key));
        }
        return texts;
    }

    private static boolean isSingle(MapSpec map) {
        return (map.type() == MapType.ARRAY || map.type() == MapType.PERCPU_ARRAY) && map.maxEntries() == 1;
    }

    private static String text(Field field, List<Decoder> decoders, byte[] key) {
        var text = first(field, decoders.getFirst(), key);
        for (var decoder : decoders.subList(1, decoders.size())) {
            text = decoder instanceof Decoder.StaticMap map ? lookup(map, text) : text;
        }
        return text;
    }

    private static String first(Field field, Decoder decoder, byte[] key) {
        return switch (decoder) {
            case Decoder.Uint _ -> field.decimal(key);
            case Decoder.Hex _ -> field.hex(key);
            case Decoder.Text _ -> field.text(key);
            case Decoder.StaticMap map ->
                lookup(map, field.kind() == Field.Kind.TEXT ? field.text(key) : field.decimal(key));
        };
    }

    private static String lookup(Decoder.StaticMap map, String text) {
        var found = map.table().get(text);
        return found == null ? "unknown:" + text : found;
    }

    private static void check(LabelSpec label, Field field) {
        boolean text = field.kind() == Field.Kind.TEXT;
        var fits = switch (label.decoders().getFirst()) {
            case Decoder.Uint _, Decoder.Hex _ -> !text;
            case Decoder.Text _ -> text;
            case Decoder.StaticMap _ -> true;
        };
        if (!fits) {
            throw new ConnectorException(
                    "label `" + label.name() + "`: its first decoder does not fit a key field that is "
                            + (text ? "text; use string" : "a number; use uint or hex"));
        }
        for (var decoder : label.decoders().subList(1, label.decoders().size())) {
            if (!(decoder instanceof Decoder.StaticMap)) {
                throw new ConnectorException(
                        "label `" + label.name() + "`: after the first decoder only static_map is possible");
            }
        }
    }
}
