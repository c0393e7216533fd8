package io.vertebra.runtime.codelet;

import io.vertebra.config.CodeletSetDescriptor;
import io.vertebra.runtime.codelet.LoadException.Stage;
import io.vertebra.runtime.output.OutputDrain;
import io.vertebra.runtime.output.StreamDescriptor;
import io.vertebra.runtime.output.StreamDescriptor.Delivery;
import io.vertebra.vm.btf.Btf;
import io.vertebra.vm.btf.BtfType;
import io.vertebra.vm.map.RecordChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The streams of a set: those that the descriptor declares, and one for each ring buffer and perf event array that it does not mention. */
final class SetStreams {

    private SetStreams() {}

    /**
     * Makes the streams' drains.
     *
     * @param taken names of streams that other sets have
     */
    static List<OutputDrain> create(CodeletSetDescriptor set, SetMaps maps, Set<String> taken) throws LoadException {
        List<OutputDrain> drains = new ArrayList<>();
        Map<RecordChannel, String> used = new HashMap<>();
        for (var stream : set.streams()) {
            var ring = ring(stream.name(), stream.map(), maps);
            String other = used.put(ring, stream.name());
            if (other != null) {
                throw refused(stream.name(), "map `" + stream.map() + "` is that of stream `" + other + "`");
            }
            drains.add(new OutputDrain(
                    new StreamDescriptor(
                            stream.name(),
                            set.name(),
                            stream.map(),
                            Delivery.BEST_EFFORT,
                            stream.to(),
                            key(stream.name(), stream.key(), ring),
                            ring.spec().btf(),
                            ring.spec().valueType()),
                    ring));
        }
        for (var map : maps.named().entrySet()) {
            if (map.getValue() instanceof RecordChannel ring && !used.containsKey(ring)) {
                String name = map.getKey().replace('/', '.');
                drains.add(new OutputDrain(
                        new StreamDescriptor(
                                name,
                                set.name(),
                                map.getKey(),
                                Delivery.BEST_EFFORT,
                                List.of(),
                                "",
                                ring.spec().btf(),
                                ring.spec().valueType()),
                        ring));
            }
        }
        Set<String> names = new TreeSet<>(taken);
        for (var drain : drains) {
            if (!names.add(drain.stream().name())) {
                throw refused(drain.stream().name(), "the name is taken by another stream, give it one of its own");
            }
        }
        return drains;
    }

    private static RecordChannel ring(String stream, String map, SetMaps maps) throws LoadException {
        var found = maps.find(map);
        if (found.isEmpty()) {
            throw refused(
                    stream, "no map `" + map + "`, the set has " + maps.named().keySet());
        }
        if (found.get() instanceof RecordChannel ring) {
            return ring;
        }
        throw refused(
                stream,
                "map `" + map + "` is a " + found.get().spec().type() + ", needed is a RINGBUF or a PERF_EVENT_ARRAY");
    }

    private static String key(String stream, String key, RecordChannel ring) throws LoadException {
        Btf btf = ring.spec().btf();
        int type = ring.spec().valueType();
        if (!key.isEmpty()
                && !(type != 0
                        && btf.resolved(type) instanceof BtfType.Struct record
                        && record.members().stream().anyMatch(m -> m.name().equals(key)))) {
            throw refused(stream, "key `" + key + "` is not a field of its records");
        }
        return key;
    }

    private static LoadException refused(String stream, String why) {
        return new LoadException(Stage.RESOURCES, "stream `" + stream + "`: " + why);
    }
}
