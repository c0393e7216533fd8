package io.vertebra.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.vertebra.config.JbpfHooks.HelperType;
import io.vertebra.config.JbpfHooks.MapAlias;
import io.vertebra.config.JbpfHooks.ProgramType;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class JbpfHooksReaderTest {

    @Test
    void shouldReadEveryKey() {
        var hooks = JbpfHooksReader.parse("""
            program_types:
              - {section: jbpf_ran_ofh, context_bytes: 27}
            helpers:
              - {id: 32, name: scale, arguments: [map, map_key, scalar], result: map_value_or_null}
              - {id: 63, name: done, result: void}
            map_types:
              - {id: 16, like: array_of_maps}
            """, "hooks.yaml");
        assertThat(hooks)
                .isEqualTo(new JbpfHooks(
                        List.of(new ProgramType("jbpf_ran_ofh", 27)),
                        List.of(
                                new HelperType(32, "scale", List.of("map", "map_key", "scalar"), "map_value_or_null"),
                                new HelperType(63, "done", List.of(), "void")),
                        List.of(new MapAlias(16, "array_of_maps"))));
    }

    @Test
    void shouldNameAllProblems() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> JbpfHooksReader.parse("""
                    program_types:
                      - {section: "a b"}
                    helpers:
                      - {id: 64, name: f, arguments: [map, pointer, scalar, scalar, scalar, scalar, scalar], result: int}
                    map_types:
                      - {id: 15, like: queue, size: 4}
                    hooks: []
                    """, "hooks.yaml"))
                .satisfies(e -> assertThat(e.problems())
                        .containsExactlyInAnyOrder(
                                "program_types[0].section: `a b`, allowed is text of the form [a-zA-Z0-9_./-]{1,255}",
                                "program_types[0].context_bytes: missing, allowed is an integer from 0 to 2147483647",
                                "helpers[0].id: `64`, allowed is an integer from 1 to 63",
                                "helpers[0].arguments: `pointer`, allowed is text of the form"
                                        + " scalar|map|map_key|map_value"
                                        + "|readable|readable_or_null|writable|size|size_or_zero|context",
                                "helpers[0].arguments: 6 entries, allowed is at most 5",
                                "helpers[0].result: `int`, allowed is text of the form scalar|void|map_value_or_null",
                                "map_types[0].id: `15`, allowed is an integer from 16 to 2147483647",
                                "map_types[0].like: `queue`, allowed is text of the form"
                                        + " hash|array|percpu_hash|percpu_array|lru_hash|array_of_maps|hash_of_maps",
                                "map_types[0].size: unknown key, allowed is id, like",
                                "hooks: unknown key, allowed is helpers, map_types, program_types"));
    }

    @Test
    void shouldNameMissingFiles() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> JbpfHooksReader.read(Path.of("none.yaml")))
                .withMessage("none.yaml: cannot be read: no such file");
    }
}
