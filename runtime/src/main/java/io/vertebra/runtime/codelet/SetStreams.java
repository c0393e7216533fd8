package io.vertebra.runtime.codelet;

import io.vertebra.config.CodeletSetDescriptor;
import io.vertebra.config.CodeletSetDescriptor.Stream;
import io.vertebra.runtime.codelet.LoadException.Stage;
import io.vertebra.runtime.output.OutputDrain;
import io.vertebra.runtime.output.StreamDescriptor;
import io.vertebra.vm.map.RecordChannel;
import io.vertebra.vm.program.MapSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The streams of a set: those that the descriptor declares, and one for each ring buffer and perf event array that it does not mention. */
final class SetStreams {

    private SetStreams() {}

    /**
     * What the streams will be, by their maps.
     *
     * @param taken names of streams that other sets have
     */
    static Map<PlannedMap, StreamDescriptor> plan(CodeletSetDescriptor set, MapPlan maps, Set<String> taken)
            throws LoadException {
        Map<PlannedMap, StreamDescriptor> streams = new LinkedHashMap<>();
        for (var stream : set.streams()) {
            var map = ring(stream, maps);
            var other = streams.put(map, descriptor(set, stream, map.spec()));
            if (other != null) {
                throw refused(stream.name(), "map `" + stream.map() + "` is that of stream `" + other.name() + "`");
            }
        }
        for (var map : maps.named().entrySet()) {
            if (RecordChannel.isOf(map.getValue().spec().type())) {
                var undeclared = Stream.of(map.getKey().replace('/', '.'), map.getKey());
                streams.putIfAbsent(
                        map.getValue(),
                        descriptor(set, undeclared, map.getValue().spec()));
            }
        }
        Set<String> names = new TreeSet<>(taken);
        for (var stream : streams.values()) {
            if (!names.add(stream.name())) {
                throw refused(stream.name(), "the name is taken by another stream, give it one of its own");
            }
        }
        return streams;
    }

    /** The drains of planned streams; a ring buffer that is kept keeps its drain. */
    static List<OutputDrain> drains(
            Map<PlannedMap, StreamDescriptor> streams, SetMaps maps, Optional<SetVersion> before, boolean wakes) {
        List<OutputDrain> drains = new ArrayList<>();
        streams.forEach((map, stream) -> {
            var ring = (RecordChannel) maps.live(map);
            drains.add(before.stream()
                    .flatMap(b -> b.drains().stream())
                    .filter(drain -> drain.ring() == ring)
                    .findFirst()
                    .orElseGet(() -> new OutputDrain(stream, ring, wakes)));
        });
        return drains;
    }

    private static StreamDescriptor descriptor(CodeletSetDescriptor set, Stream stream, MapSpec map)
            throws LoadException {
        var types = StreamTypes.of(stream, map);
        return new StreamDescriptor(
                stream.name(),
                set.name(),
                stream.map(),
                stream.delivery(),
                stream.to(),
                stream.key(),
                map.btf(),
                types.type(),
                types.kinds(),
                stream.records().format());
    }

    private static PlannedMap ring(Stream stream, MapPlan maps) throws LoadException {
        var map = maps.require("stream `" + stream.name() + "`", stream.map());
        if (!RecordChannel.isOf(map.spec().type())) {
            throw refused(
                    stream.name(),
                    "map `" + stream.map() + "` is a " + map.spec().type()
                            + ", needed is a RINGBUF or a PERF_EVENT_ARRAY");
        }
        return map;
    }

    private static LoadException refused(String stream, String why) {
        return new LoadException(Stage.RESOURCES, "stream `" + stream + "`: " + why);
    }
}
