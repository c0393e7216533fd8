package io.vertebra.runtime.codelet;

import io.vertebra.runtime.codelet.LoadException.Stage;
import io.vertebra.vm.object.ObjectFile;
import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The maps that a set will have: one for each map of each object, shared by all programs of the object, and one for all
 * maps that are linked with each other. A map is called by its name where that is unique in the set, and {@code
 * codelet/name} always. Data only; {@link SetMaps} makes them live.
 */
final class MapPlan {

    private final Map<Path, List<PlannedMap>> byObject = new LinkedHashMap<>();
    /** By a map that another one takes the place of: that other one, or one on the way to it. */
    private final Map<PlannedMap, PlannedMap> links = new HashMap<>();

    private final Map<String, PlannedMap> named = new LinkedHashMap<>();
    private final Map<String, PlannedMap> qualified = new LinkedHashMap<>();

    private MapPlan() {}

    /** The maps of the codelets' objects, with the codelets' links followed. */
    static MapPlan of(List<PlannedCodelet> codelets) throws LoadException {
        var plan = new MapPlan();
        codelets.forEach(codelet -> plan.byObject.computeIfAbsent(codelet.object(), object -> maps(object, codelet)));
        for (var codelet : codelets) {
            for (var link : codelet.linkedMaps().entrySet()) {
                plan.link(codelet, link.getKey(), link.getValue(), codelets);
            }
        }
        plan.name(codelets);
        return plan;
    }

    private static List<PlannedMap> maps(Path object, PlannedCodelet codelet) {
        var specs = codelet.file().maps();
        List<PlannedMap> maps = new ArrayList<>();
        for (int i = 0; i < specs.size(); i++) {
            maps.add(new PlannedMap(object, i, specs.get(i)));
        }
        return maps;
    }

    // ---- links ----

    private void link(PlannedCodelet codelet, String own, String other, List<PlannedCodelet> codelets)
            throws LoadException {
        String what = "codelet `" + codelet.name() + "`: linked map `" + own + "`: ";
        int slash = other.indexOf('/');
        var target = codelets.stream()
                .filter(c -> c.name().equals(other.substring(0, slash)))
                .findFirst()
                .orElseThrow(() -> refused(what + "no codelet `" + other.substring(0, slash) + "`, the set has "
                        + codelets.stream().map(PlannedCodelet::name).toList()));
        var from = declared(what, codelet, own);
        var to = declared(what, target, other.substring(slash + 1));
        if (from.equals(to)) {
            throw refused(what + "`" + other + "` is the same map, needed is one of another object");
        }
        if (!canStandFor(to.spec(), from.spec())) {
            throw refused(what + "it is " + described(from.spec()) + ", `" + other + "` is " + described(to.spec())
                    + ", allowed are equal ones that codelets may write, no program arrays");
        }
        if (!root(from).equals(root(to))) {
            if (links.putIfAbsent(from, to) != null) {
                throw refused(what + "linked twice, to `" + other + "` and to another map, allowed is once");
            }
        }
    }

    private PlannedMap declared(String what, PlannedCodelet codelet, String name) throws LoadException {
        return byObject.get(codelet.object()).stream()
                .filter(map -> map.spec().name().equals(name))
                .findFirst()
                .orElseThrow(() -> refused(what + "codelet `" + codelet.name() + "` has no map `" + name + "`, it has "
                        + codelet.file().maps().stream().map(MapSpec::name).toList()));
    }

    private static boolean canStandFor(MapSpec to, MapSpec from) {
        return to.type() == from.type()
                && to.type() != MapType.PROG_ARRAY // the verifier judged what the own object's entries lead to
                && to.keySize() == from.keySize()
                && to.valueSize() == from.valueSize()
                && to.maxEntries() == from.maxEntries()
                && to.flags() == from.flags()
                && !to.frozen()
                && !from.frozen();
    }

    private static String described(MapSpec map) {
        return (map.frozen() ? "constant " : "") + map.type() + " with key_size=" + map.keySize() + ", value_size="
                + map.valueSize() + ", max_entries=" + map.maxEntries() + ", flags=" + map.flags();
    }

    private static LoadException refused(String message) {
        return new LoadException(Stage.RESOURCES, message);
    }

    /** The map that lives in place of one. */
    private PlannedMap root(PlannedMap map) {
        var at = map;
        for (var next = links.get(at); next != null; next = links.get(at)) {
            at = next;
        }
        return at;
    }

    // ---- names ----

    private void name(List<PlannedCodelet> codelets) {
        Map<String, Long> occurrences =
                all().stream().collect(Collectors.groupingBy(map -> map.spec().name(), Collectors.counting()));
        all().stream()
                .filter(map -> occurrences.get(map.spec().name()) == 1)
                .forEach(map -> named.put(map.spec().name(), map));
        for (var codelet : codelets) {
            for (var declared : byObject.get(codelet.object())) {
                String name = codelet.name() + "/" + declared.spec().name();
                qualified.put(name, root(declared));
                if (!named.containsValue(root(declared))) {
                    named.put(name, root(declared));
                }
            }
        }
    }

    // ---- questions ----

    /** Each map that will live, once. */
    Set<PlannedMap> all() {
        return byObject.values().stream()
                .flatMap(List::stream)
                .map(this::root)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** The maps of an object, in the order in which its programs index them. */
    List<PlannedMap> of(Path object) {
        return byObject.get(object).stream().map(this::root).toList();
    }

    /** What an object's initial entries say of those of its maps that live: others have their own. */
    List<ObjectFile.MapSlot> initialEntries(Path object, ObjectFile file) {
        var linked = byObject.get(object).stream()
                .filter(links::containsKey)
                .map(map -> map.spec().name())
                .toList();
        return file.slots().stream()
                .filter(slot -> !linked.contains(slot.map()))
                .toList();
    }

    /** Every map, by name where that is unique, else by {@code codelet/name}. */
    Map<String, PlannedMap> named() {
        return Collections.unmodifiableMap(named);
    }

    /** The names of a map of the form {@code codelet/name}. */
    List<String> qualifiedNames(PlannedMap map) {
        return qualified.entrySet().stream()
                .filter(entry -> entry.getValue().equals(map))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The map with a name of either form. */
    Optional<PlannedMap> find(String name) {
        return Optional.ofNullable(named.getOrDefault(name, qualified.get(name)));
    }

    /** The map that a part of the descriptor names. */
    PlannedMap require(String what, String name) throws LoadException {
        return find(name).orElseThrow(() -> refused(what + ": no map `" + name + "`, the set has " + named.keySet()));
    }

    /** The names of {@link #named} with what each map is made into. */
    <T> Map<String, T> named(Function<PlannedMap, T> live) {
        Map<String, T> result = new LinkedHashMap<>();
        named.forEach((name, map) -> result.put(name, live.apply(map)));
        return Collections.unmodifiableMap(result);
    }
}
