package io.vertebra.runtime.codelet;

import io.vertebra.config.CodeletSetDescriptor;
import io.vertebra.config.ConfigException;
import io.vertebra.config.DescriptorReader;
import io.vertebra.config.MetricSpec;
import io.vertebra.runtime.codelet.LoadException.Stage;
import io.vertebra.vm.btf.BtfType;
import io.vertebra.vm.program.MapSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Metrics that C declares on the map itself, with {@code METRIC("{name: ..., type: ..., help: ...}")} of {@code vertebra.h}: a
 * {@code btf_decl_tag} with an entry of a descriptor's {@code metrics}, but for {@code map}.
 */
final class AnnotatedMetrics {

    private static final String TAG = "metric:";

    private AnnotatedMetrics() {}

    /** A descriptor with its maps' metrics; where both have one of the same name, the descriptor's counts. */
    static CodeletSetDescriptor added(CodeletSetDescriptor descriptor, MapPlan maps) throws LoadException {
        List<MetricSpec> all = new ArrayList<>(descriptor.metrics());
        for (var map : maps.named().entrySet()) {
            for (var yaml : tags(map.getValue().spec())) {
                var metric = metric(map.getKey(), yaml);
                if (all.stream().noneMatch(other -> other.name().equals(metric.name()))) {
                    all.add(metric);
                }
            }
        }
        return descriptor.withMetrics(all);
    }

    private static MetricSpec metric(String map, String yaml) throws LoadException {
        try {
            return DescriptorReader.metric(map, yaml, "map `" + map + "`, METRIC");
        } catch (ConfigException e) {
            throw new LoadException(Stage.OBJECT, e.getMessage(), e);
        }
    }

    private static List<String> tags(MapSpec map) {
        var types = map.btf().types();
        var variable = IntStream.range(0, types.size())
                .filter(id ->
                        types.get(id) instanceof BtfType.Variable v && v.name().equals(map.name()))
                .findFirst();
        return types.stream()
                .filter(BtfType.DeclTag.class::isInstance)
                .map(BtfType.DeclTag.class::cast)
                .filter(tag -> variable.isPresent() && tag.target() == variable.getAsInt())
                .map(BtfType.DeclTag::name)
                .filter(text -> text.startsWith(TAG))
                .map(text -> text.substring(TAG.length()))
                .toList();
    }
}
