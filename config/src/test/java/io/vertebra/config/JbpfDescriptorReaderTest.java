package io.vertebra.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vertebra.config.CodeletSetDescriptor.Input;
import io.vertebra.config.CodeletSetDescriptor.Stream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JbpfDescriptorReaderTest {

    private static final Path FOLDER = Path.of("/sets");

    private static CodeletSetDescriptor read(String yaml) {
        return DescriptorReader.parse(yaml, "set.yaml", FOLDER);
    }

    /** Nothing of this machine is looked at: what counts of an uploaded object is its name. */
    @Test
    void shouldFindUploadedObjectsByTheirLastName() {
        var yaml = """
            codeletset_id: radio
            codelet_descriptor:
              - {codelet_name: a, codelet_path: "${NOT_HERE}/out/first.o", hook_name: test1}
              - {codelet_name: b, codelet_path: /elsewhere/second.o, hook_name: test1}
              - {codelet_name: c, codelet_path: /elsewhere/second.o, hook_name: test2}
            """;
        assertThat(DescriptorReader.parseUploaded(yaml, "set.yaml", FOLDER).codelets())
                .extracting(CodeletSetDescriptor.Codelet::object)
                .containsExactly(FOLDER.resolve("first.o"), FOLDER.resolve("second.o"), FOLDER.resolve("second.o"));
        var two = yaml.replace("/elsewhere/second.o, hook_name: test2", "/other/second.o, hook_name: test2");
        assertThat(catchThrowableOfType(
                                ConfigException.class, () -> DescriptorReader.parseUploaded(two, "set.yaml", FOLDER))
                        .problems())
                .containsExactly(
                        "codelet_descriptor[2].codelet_path: `/other/second.o`, and `/elsewhere/second.o` ends in"
                                + " the same name, allowed is another name");
    }

    @Test
    void shouldReadEveryKey() {
        var set = read("""
            codeletset_id: radio
            codelet_descriptor:
              - codelet_name: first
                codelet_path: ${HOME}/first.o
                hook_name: test1
                priority: 4294967295
                runtime_threshold: 1000
                in_io_channel:
                  - name: input_map
                    stream_id: 00112233445566778899AABBCCDDEEFF
                    serde: {file_path: a.so, protobuf: {package_path: p, msg_name: m}}
                out_io_channel:
                  - {name: output_map, forward_destination: DestinationUDP}
              - codelet_name: second
                codelet_path: second.o
                hook_name: test2
                out_io_channel: [{name: output_map}, {name: other}]
                linked_maps: [{map_name: shared, linked_codelet_name: first, linked_map_name: counter}]
            """);
        assertThat(set.name()).isEqualTo("radio");
        var first = set.codelets().getFirst();
        assertThat(first.object()).isEqualTo(Path.of(System.getenv("HOME"), "first.o"));
        assertThat(first.name()).contains("first");
        assertThat(first.hook()).contains("test1");
        assertThat(first.priority()).isEqualTo(Integer.MAX_VALUE);
        assertThat(first.runtimeThreshold()).isEqualTo(Duration.ofMillis(1));
        var second = set.codelets().get(1);
        assertThat(second.object()).isEqualTo(FOLDER.resolve("second.o"));
        assertThat(second.priority()).isEqualTo(1);
        assertThat(second.linkedMaps()).isEqualTo(Map.of("shared", "first/counter"));
        assertThat(set.inputs()).containsExactly(new Input("radio.first.input_map", "first/input_map"));
        assertThat(set.streams())
                .containsExactly(
                        Stream.of("radio.first.output_map", "first/output_map"),
                        Stream.of("radio.second.output_map", "second/output_map"),
                        Stream.of("radio.second.other", "second/other"));
    }

    @Test
    void shouldReportAllProblemsAtOnce() {
        var refused = catchThrowableOfType(ConfigException.class, () -> read("""
            codeletset_id: radio
            colour: red
            codelet_descriptor:
              - codelet_name: first
                codelet_path: ${NOT_A_VARIABLE_THAT_IS_SET}/first.o
                priority: -1
                in_io_channel: [{stream_id: 12}]
                linked_maps: [{map_name: a, linked_codelet_name: b}]
            """));
        assertThat(refused.problems())
                .containsExactlyInAnyOrder(
                        "codelet_descriptor[0].codelet_path: `${NOT_A_VARIABLE_THAT_IS_SET}` is not in the environment,"
                                + " allowed is a variable that is",
                        "codelet_descriptor[0].hook_name: missing, allowed is text of the form"
                                + " ([a-z0-9_]+/)?[a-z0-9_]{1,255}",
                        "codelet_descriptor[0].priority: `-1`, allowed is an integer from 0 to 4294967295",
                        "codelet_descriptor[0].in_io_channel[0].name: missing, allowed is text of the form"
                                + " [a-zA-Z0-9_.]{1,255}",
                        "codelet_descriptor[0].in_io_channel[0].stream_id: `12`, allowed is text of the form"
                                + " [0-9a-fA-F]{32}",
                        "codelet_descriptor[0].linked_maps[0].linked_map_name: missing, allowed is text of the form"
                                + " [a-zA-Z0-9_.]{1,255}",
                        "colour: unknown key, allowed is codelet_descriptor, codeletset_id");
    }
}
