package io.vertebra.runtime.codelet;

import static io.vertebra.runtime.codelet.ProbeHooks.HOOKS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertebra.config.RuntimeSettings;
import io.vertebra.config.StreamFormat;
import io.vertebra.runtime.output.OutputBatch;
import io.vertebra.runtime.output.StreamDescriptor;
import io.vertebra.vm.btf.BtfValues;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Streams whose records have types that the descriptor names; {@code kinds.bpf.c} emits one by the event's route. */
class RecordKindsTest {

    private final CodeletRuntime runtime = CodeletRuntime.start(RuntimeSettings.ofCores(1));

    @AfterEach
    void close() {
        runtime.close(Duration.ofSeconds(5));
    }

    private CodeletSet load(String stream) throws LoadException {
        return open(stream).load();
    }

    private OpenSet open(String stream) throws LoadException {
        return Sets.open(
                runtime, "kinds", "codelets: [{object: kinds.bpf.o}]\nstreams: {files: {map: events, " + stream + "}}");
    }

    private List<OutputBatch> fired(int... routes) {
        List<OutputBatch> batches = new ArrayList<>();
        runtime.output(batches::add);
        for (int i = 0; i < routes.length; i++) {
            HOOKS.seen(40 + i, routes[i], 0);
        }
        Sets.drain(runtime);
        return batches;
    }

    private static Optional<Object> value(StreamDescriptor stream, OutputBatch batch, int index) {
        var record = batch.record(index);
        return BtfValues.record(stream.btf(), stream.kindOf(record).type(), record);
    }

    @ParameterizedTest
    @CsvSource({
        "'{EVENT_OPEN: struct open_event, EVENT_CLOSE: struct close_event}', EVENT_OPEN, EVENT_CLOSE",
        "'{1: struct open_event, 2: struct close_event}', open_event, close_event",
    })
    void shouldTellTheKindsOfRecords(String types, String first, String second) throws Exception {
        load("key: id, format: raw, kind: {field: kind, types: " + types + "}");
        var batch = fired(1, 2, 3, 4).getFirst();
        var stream = batch.stream();
        assertThat(stream.format()).isEqualTo(StreamFormat.RAW);
        assertThat(List.of(0, 1, 2, 3))
                .extracting(i -> stream.kindOf(batch.record(i)).name())
                .containsExactly(first, second, "", "");
        assertThat(value(stream, batch, 0))
                .contains(Map.of("at", 40L, "kind", "EVENT_OPEN", "flags", -1L, "id", 40L, "path", "/tmp/file"));
        assertThat(value(stream, batch, 1)).contains(Map.of("id", 41L, "kind", "EVENT_CLOSE", "result", 5L));
        assertThat(stream.kindOf(batch.record(2)).type()).as("of no kind").isZero();
        assertThat(stream.kindOf(batch.record(3)).type())
                .as("too short for a kind")
                .isZero();
    }

    /** What waits in a ring buffer is not read with types that came later. */
    @ParameterizedTest
    @CsvSource({
        "'type: struct open_event', true",
        "'type: struct close_event', false",
        "'type: struct open_event, format: raw', false",
        "'kind: {field: kind, types: {1: struct open_event}}', false",
    })
    void shouldKeepARingBufferWhoseRecordsAreTheSame(String next, boolean kept) throws Exception {
        var set = load("type: struct open_event");
        var ring = set.map("events").orElseThrow();
        set.replace(open(next));
        assertThat(set.map("events").orElseThrow() == ring).isEqualTo(kept);
    }

    @Test
    void shouldTakeATypeThatTheMapDoesNotDeclare() throws Exception {
        load("key: result, type: struct close_event");
        var batch = fired(2).getFirst();
        assertThat(value(batch.stream(), batch, 0)).contains(Map.of("id", 40L, "kind", "EVENT_CLOSE", "result", 5L));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "type: struct gone | type `struct gone` is not in the BTF of map `events`'s object; a global"
                        + " `struct gone *gone_type;` in C puts it there",
                "type: struct only_declared | type `struct only_declared` is not in the BTF of map `events`'s object; a"
                        + " global `struct only_declared *only_declared_type;` in C puts it there",
                "type: union open_event | type `union open_event` is not in the BTF of map `events`'s object; a global"
                        + " `union open_event *open_event_type;` in C puts it there",
                "kind: {field: kind, types: {1: struct open_event, 2: struct moved_event}} | field `kind` has 4 bytes"
                        + " at 8 in `struct open_event` and 4 bytes at 0 in `struct moved_event`, needed is the same"
                        + " place",
                "kind: {field: kind, types: {1: struct open_event, 2: struct narrow_event}} | field `kind` has 4 bytes"
                        + " at 8 in `struct open_event` and 2 bytes at 8 in `struct narrow_event`, needed is the same"
                        + " place",
                "kind: {field: sort, types: {1: struct open_event}} | `struct open_event` has no field `sort`",
                "kind: {field: part, types: {1: struct narrow_event}} | field `part` of `struct narrow_event` is no"
                        + " integer or enum of whole bytes, at most 8",
                "kind: {field: path, types: {1: struct open_event}} | field `path` of `struct open_event` is no integer"
                        + " or enum of whole bytes, at most 8",
                "kind: {field: x, types: {1: __u64}} | `__u64` is no struct, needed is one with a field `x`",
                "kind: {field: kind, types: {1: struct open_event, EVENT_OPEN: struct close_event}} | kind `EVENT_OPEN`"
                        + " has the value of another one",
                "kind: {field: kind, types: {EVENT_READ: struct open_event}} | kind `EVENT_READ` is no enumerator of"
                        + " field `kind`",
                "kind: {field: kind, types: {65536: struct narrow_event}} | kind `65536` is no value of `kind`, which"
                        + " has 16 bits",
                "key: path, kind: {field: kind, types: {1: struct open_event, 2: struct close_event}} | key `path` is"
                        + " not a field of its records",
                "key: id | key `id` is not a field of its records",
                "format: protobuf | format `protobuf` needs the type of the records: declare it with __type(value, ...)"
                        + " in map `events`, or name it with `type`",
            })
    void shouldRefuseTypesThatDoNotFit(String stream, String message) {
        assertThatThrownBy(() -> load(stream))
                .isInstanceOf(LoadException.class)
                .hasMessage("stream `files`: " + message);
    }
}
