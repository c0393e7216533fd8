package io.vertebra.runtime.codelet;

import io.vertebra.config.CodeletSetDescriptor;
import io.vertebra.config.CodeletSetDescriptor.Input;
import io.vertebra.runtime.codelet.LoadException.Stage;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.program.MapType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The inputs of a set: those that the descriptor declares, and each control input of jbpf's that it does not mention. */
final class SetInputs {

    private static final Set<MapType> TYPES =
            Set.of(MapType.QUEUE, MapType.STACK, MapType.USER_RINGBUF, MapType.JBPF_CONTROL_INPUT);

    private SetInputs() {}

    /**
     * Makes the inputs.
     *
     * @param taken names of inputs that other sets have
     * @param before the version that is replaced: an input whose name and map stay the same stays
     */
    static List<InputChannel> create(
            CodeletSetDescriptor set, MapPlan plan, SetMaps maps, Set<String> taken, Optional<SetVersion> before)
            throws LoadException {
        List<InputChannel> inputs = new ArrayList<>();
        Set<String> names = new HashSet<>(taken);
        for (var input : declared(set, plan)) {
            var map = plan.require("input `" + input.name() + "`", input.map());
            if (!TYPES.contains(map.spec().type())) {
                throw refused(
                        input.name(),
                        "map `" + input.map() + "` is a " + map.spec().type()
                                + ", needed is a QUEUE, a STACK or a USER_RINGBUF");
            }
            if (!names.add(input.name())) {
                throw refused(input.name(), "the name is taken by another input, give it one of its own");
            }
            inputs.add(channel(input.name(), maps.live(map), before));
        }
        return inputs;
    }

    private static List<Input> declared(CodeletSetDescriptor set, MapPlan plan) throws LoadException {
        List<Input> inputs = new ArrayList<>(set.inputs());
        Set<PlannedMap> mentioned = new HashSet<>();
        for (var input : set.inputs()) {
            mentioned.add(plan.require("input `" + input.name() + "`", input.map()));
        }
        plan.named().forEach((name, map) -> {
            if (map.spec().type() == MapType.JBPF_CONTROL_INPUT && !mentioned.contains(map)) {
                inputs.add(new Input(name.replace('/', '.'), name));
            }
        });
        return inputs;
    }

    private static InputChannel channel(String name, BpfMap map, Optional<SetVersion> before) {
        return before.stream()
                .flatMap(b -> b.inputs().stream())
                .filter(input -> input.map() == map && input.name().equals(name))
                .findFirst()
                .orElseGet(() -> new InputChannel(name, map));
    }

    private static LoadException refused(String input, String why) {
        return new LoadException(Stage.RESOURCES, "input `" + input + "`: " + why);
    }
}
