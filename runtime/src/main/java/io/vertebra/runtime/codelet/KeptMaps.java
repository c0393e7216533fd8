package io.vertebra.runtime.codelet;

import io.vertebra.runtime.codelet.LoadException.Stage;
import io.vertebra.runtime.output.OutputDrain;
import io.vertebra.runtime.output.StreamDescriptor;
import io.vertebra.vm.btf.BtfLayouts;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.object.ObjectFile;
import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Decides which maps a set takes over from the one that it replaces: those of the same {@code codelet/name} whose type,
 * sizes, entries, flags and layout are the same. Global data is taken over when {@code keep} names it. What refers to the
 * old programs is not: program arrays, and maps with timers; nor is a ring buffer whose stream has other settings.
 */
final class KeptMaps {

    private final MapPlan plan;
    private final Map<PlannedMap, StreamDescriptor> streams;
    private final Set<PlannedMap> named = new HashSet<>();
    private final SetVersion before;
    private final IdentityHashMap<BpfMap, OutputDrain> drains = new IdentityHashMap<>();

    private KeptMaps(MapPlan plan, Map<PlannedMap, StreamDescriptor> streams, SetVersion before) {
        this.plan = plan;
        this.streams = streams;
        this.before = before;
        before.drains().forEach(drain -> drains.put((BpfMap) drain.ring(), drain));
    }

    /**
     * What is kept, by the map in whose place it comes.
     *
     * @param keep names of the descriptor's {@code keep}
     * @param before the version that is replaced; empty for the first, which keeps nothing
     * @throws LoadException when {@code keep} names what is not there, or cannot be kept
     */
    static Map<PlannedMap, BpfMap> of(
            MapPlan plan,
            Map<Path, ObjectFile> objects,
            Map<PlannedMap, StreamDescriptor> streams,
            List<String> keep,
            Optional<SetVersion> before)
            throws LoadException {
        Map<String, PlannedMap> wanted = new LinkedHashMap<>();
        for (var name : keep) {
            wanted.put(name, plan.require("keep", name));
        }
        if (before.isEmpty()) {
            return Map.of();
        }
        var kept = new KeptMaps(plan, streams, before.get());
        kept.named.addAll(wanted.values());
        var maps = kept.maps(objects);
        for (var name : wanted.entrySet()) {
            var old = kept.earlier(name.getValue());
            if (old.isPresent() && !maps.containsKey(name.getValue())) {
                throw new LoadException(
                        Stage.RESOURCES,
                        "keep: map `" + name.getKey()
                                + "` differs from the one that is loaded, allowed is one of the same"
                                + " type, sizes, entries, flags and layout that holds no program and no timer");
            }
        }
        return maps;
    }

    private Map<PlannedMap, BpfMap> maps(Map<Path, ObjectFile> objects) {
        Map<PlannedMap, BpfMap> kept = new LinkedHashMap<>();
        Set<BpfMap> taken = Collections.newSetFromMap(new IdentityHashMap<>());
        for (var map : plan.all()) {
            earlier(map).filter(old -> stays(old, map) && taken.add(old)).ifPresent(old -> kept.put(map, old));
        }
        // The inner maps of a map that stays are those that it holds now.
        objects.forEach((object, file) -> plan.initialEntries(object, file).forEach(slot -> {
            var outer = find(object, file, slot.map());
            var inner = find(object, file, slot.target());
            if (outer.isPresent() && inner.isPresent() && !kept.containsKey(inner.get())) {
                kept.remove(outer.get());
            }
        }));
        return kept;
    }

    private Optional<PlannedMap> find(Path object, ObjectFile file, String name) {
        var names = file.maps().stream().map(MapSpec::name).toList();
        return names.contains(name) ? Optional.of(plan.of(object).get(names.indexOf(name))) : Optional.empty();
    }

    private Optional<BpfMap> earlier(PlannedMap map) {
        return plan.qualifiedNames(map).stream()
                .flatMap(name -> before.maps().find(name).stream())
                .findFirst();
    }

    private boolean stays(BpfMap old, PlannedMap map) {
        var next = map.spec();
        boolean globalData = next.name().startsWith(".");
        return !next.frozen()
                && (!globalData || named.contains(map))
                && next.type() != MapType.PROG_ARRAY
                && !old.opaque().hasTimer()
                && same(old.spec(), next)
                && sameStream(drains.get(old), streams.get(map));
    }

    private static boolean same(MapSpec a, MapSpec b) {
        return a.type() == b.type()
                && a.keySize() == b.keySize()
                && a.valueSize() == b.valueSize()
                && a.maxEntries() == b.maxEntries()
                && a.flags() == b.flags()
                && a.frozen() == b.frozen()
                && BtfLayouts.same(a.btf(), a.keyType(), b.btf(), b.keyType())
                && BtfLayouts.same(a.btf(), a.valueType(), b.btf(), b.valueType())
                && a.inner().isPresent() == b.inner().isPresent()
                && (a.inner().isEmpty() || same(a.inner().get(), b.inner().get()));
    }

    private static boolean sameStream(OutputDrain old, StreamDescriptor next) {
        return old == null
                ? next == null
                : next != null
                        && old.stream().name().equals(next.name())
                        && old.stream().delivery().equals(next.delivery())
                        && old.stream().connectors().equals(next.connectors())
                        && old.stream().key().equals(next.key())
                        && old.stream().sameRecords(next);
    }
}
