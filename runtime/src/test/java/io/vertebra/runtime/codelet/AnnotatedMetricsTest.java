package io.vertebra.runtime.codelet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.vertebra.config.CodeletSetDescriptor;
import io.vertebra.config.Decoder;
import io.vertebra.config.MetricSpec;
import io.vertebra.config.RuntimeSettings;
import io.vertebra.vm.map.BpfMap;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Metrics that C declares on its maps: {@code METRIC} in {@code metrics.bpf.c}. */
class AnnotatedMetricsTest {

    private static final String SET = "codelets: [{object: metrics.bpf.o}]";

    @Test
    void shouldTakeMetricsFromC() throws Exception {
        try (var runtime = CodeletRuntime.start(RuntimeSettings.ofCores(1))) {
            List<String> told = new ArrayList<>();
            runtime.listen(new SetListener() {
                @Override
                public void ready(CodeletSetDescriptor descriptor, Function<String, BpfMap> map) {
                    descriptor.metrics().forEach(metric -> told.add(metric.name()));
                }
            });
            var metrics = Sets.load(runtime, "set", SET).descriptor().metrics();
            assertThat(metrics)
                    .extracting(MetricSpec::name, MetricSpec::map, MetricSpec::type)
                    .containsExactlyInAnyOrder(
                            tuple("probe_outcomes_total", "outcomes", MetricSpec.Type.COUNTER),
                            tuple("probe_latest", "latest", MetricSpec.Type.GAUGE));
            var outcomes = metrics.stream()
                    .filter(metric -> metric.map().equals("outcomes"))
                    .findFirst()
                    .orElseThrow();
            assertThat(outcomes.help()).isEqualTo("What became of what was seen.");
            assertThat(outcomes.labels().getFirst().decoders()).containsExactly(new Decoder.EnumName());
            assertThat(told).containsExactlyInAnyOrder("probe_outcomes_total", "probe_latest");
        }
    }

    @Test
    void shouldPreferTheDescriptors() throws Exception {
        try (var runtime = CodeletRuntime.start(RuntimeSettings.ofCores(1))) {
            var set = Sets.load(
                    runtime,
                    "set",
                    SET + "\nmetrics: [{name: probe_latest, map: latest, type: gauge, help: Another.}]");
            assertThat(set.descriptor().metrics())
                    .filteredOn(metric -> metric.name().equals("probe_latest"))
                    .singleElement()
                    .extracting(MetricSpec::help)
                    .isEqualTo("Another.");
        }
    }

    @Test
    void shouldNameWhatIsWrong() {
        try (var runtime = CodeletRuntime.start(RuntimeSettings.ofCores(1))) {
            assertThatThrownBy(() -> Sets.load(runtime, "set", "codelets: [{object: strange_metric.bpf.o}]"))
                    .isInstanceOf(LoadException.class)
                    .hasMessageContainingAll(
                            "map `latest`, METRIC: ",
                            "help: missing",
                            "type: `meter`, allowed is counter, gauge, histogram",
                            "map: unknown key");
            assertThat(runtime.sets()).isEmpty();
        }
    }
}
