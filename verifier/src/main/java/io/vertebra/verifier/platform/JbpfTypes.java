package io.vertebra.verifier.platform;

import io.vertebra.vm.helper.HelperPrototype;
import io.vertebra.vm.helper.HelperPrototype.Argument;
import io.vertebra.vm.helper.HelperPrototype.Result;
import io.vertebra.vm.helper.Helpers;
import io.vertebra.vm.helper.JbpfHelpers;
import io.vertebra.vm.program.MapType;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What an application adds to jbpf's ABI, as far as a verifier has to know it.
 *
 * @param programs program types beside {@link JbpfProgramType#GENERIC} and {@link JbpfProgramType#STATS}
 * @param helpers helpers by numbers up to {@link JbpfHelpers#LAST}; one with a number of jbpf's replaces jbpf's
 * @param maps what map types stand for, by their numbers from {@link #FIRST_MAP}
 */
public record JbpfTypes(List<JbpfProgramType> programs, List<HelperPrototype> helpers, Map<Integer, MapType> maps) {

    /** The first number of map types that jbpf leaves to applications. */
    public static final int FIRST_MAP = 16;

    /** What a map type of an application can stand for. */
    public static final Set<MapType> ALLOWED_MAPS = Collections.unmodifiableSet(EnumSet.of(
            MapType.HASH,
            MapType.ARRAY,
            MapType.PERCPU_HASH,
            MapType.PERCPU_ARRAY,
            MapType.LRU_HASH,
            MapType.ARRAY_OF_MAPS,
            MapType.HASH_OF_MAPS));

    private static final Set<Argument> SIZES = EnumSet.of(Argument.SIZE, Argument.SIZE_OR_ZERO);

    private static final Set<Argument> MEMORY =
            EnumSet.of(Argument.READABLE, Argument.READABLE_OR_NULL, Argument.WRITABLE);

    /** What a helper of an application can ask for. */
    public static final Set<Argument> ALLOWED_ARGUMENTS = Collections.unmodifiableSet(EnumSet.of(
            Argument.SCALAR,
            Argument.MAP,
            Argument.MAP_KEY,
            Argument.MAP_VALUE,
            Argument.READABLE,
            Argument.READABLE_OR_NULL,
            Argument.WRITABLE,
            Argument.SIZE,
            Argument.SIZE_OR_ZERO,
            Argument.CONTEXT));

    /** Names that the verifier knows more of than their prototypes say. */
    private static final Set<String> TAKEN_NAMES =
            Helpers.standard().all().stream().map(h -> h.prototype().name()).collect(Collectors.toUnmodifiableSet());

    /** Nothing: jbpf as it is. */
    public static final JbpfTypes NONE = new JbpfTypes(List.of(), List.of(), Map.of());

    /**
     * Makes the collections immutable.
     *
     * @throws IllegalArgumentException naming a number or type that is not allowed
     */
    public JbpfTypes {
        programs = List.copyOf(programs);
        helpers = List.copyOf(helpers);
        maps = Map.copyOf(maps);
        helpers.forEach(JbpfTypes::check);
        maps.forEach((number, type) -> {
            if (number < FIRST_MAP || !ALLOWED_MAPS.contains(type)) {
                throw new IllegalArgumentException("map type " + number + ": stands for " + type
                        + ", allowed are numbers from " + FIRST_MAP + " for " + ALLOWED_MAPS);
            }
        });
    }

    /** Only what means something together: a verifier relies on it. */
    private static void check(HelperPrototype helper) {
        var problem = problem(helper);
        if (problem.isPresent()) {
            throw new IllegalArgumentException("helper `" + helper.name() + "`: " + problem.get());
        }
    }

    private static Optional<String> problem(HelperPrototype helper) {
        if (helper.id() < 1 || helper.id() > JbpfHelpers.LAST) {
            return Optional.of("id=" + helper.id() + ", allowed is 1 to " + JbpfHelpers.LAST);
        }
        if (TAKEN_NAMES.contains(helper.name())) {
            return Optional.of("its name is that of a helper of the native ABI, allowed is any other");
        }
        if (helper.result() == Result.RESERVATION_OR_NULL) {
            return Optional.of("result " + helper.result() + ", allowed are SCALAR, VOID and MAP_VALUE_OR_NULL");
        }
        if (helper.result() == Result.MAP_VALUE_OR_NULL && !helper.arguments().contains(Argument.MAP)) {
            return Optional.of("result MAP_VALUE_OR_NULL without an argument MAP");
        }
        return IntStream.range(0, helper.arguments().size())
                .mapToObj(i -> problem(helper.arguments(), i))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<String> problem(List<Argument> arguments, int index) {
        var argument = arguments.get(index);
        if (!ALLOWED_ARGUMENTS.contains(argument)) {
            return Optional.of("argument " + argument + ", allowed are " + ALLOWED_ARGUMENTS);
        }
        var before = index == 0 ? Optional.<Argument>empty() : Optional.of(arguments.get(index - 1));
        var after = index + 1 == arguments.size() ? Optional.<Argument>empty() : Optional.of(arguments.get(index + 1));
        boolean complete = switch (argument) {
            case MAP_KEY, MAP_VALUE -> arguments.subList(0, index).contains(Argument.MAP);
            case READABLE, READABLE_OR_NULL, WRITABLE ->
                after.filter(SIZES::contains).isPresent();
            case SIZE, SIZE_OR_ZERO -> before.filter(MEMORY::contains).isPresent();
            default -> true;
        };
        return complete
                ? Optional.empty()
                : Optional.of("argument " + argument + " at place " + (index + 1)
                        + ": a key or value needs a MAP before it, memory a size after it, a size memory before it");
    }

    /** All program types, jbpf's own too. */
    public List<JbpfProgramType> allPrograms() {
        return Stream.concat(Stream.of(JbpfProgramType.GENERIC, JbpfProgramType.STATS), programs.stream())
                .toList();
    }

    /** The program type of a section: the one with the longest name that it begins with, else the generic one. */
    public JbpfProgramType programOf(String section) {
        return allPrograms().stream()
                .filter(p -> section.startsWith(p.section()))
                .max(Comparator.comparingInt(p -> p.section().length()))
                .orElse(JbpfProgramType.GENERIC);
    }

    /** The helpers that programs may call, by number: jbpf's and these. */
    public Map<Integer, HelperPrototype> allHelpers() {
        return Stream.concat(JbpfHelpers.all((_, _) -> {}).stream().map(h -> h.prototype()), helpers.stream())
                .collect(Collectors.toUnmodifiableMap(HelperPrototype::id, h -> h, (_, own) -> own));
    }
}
