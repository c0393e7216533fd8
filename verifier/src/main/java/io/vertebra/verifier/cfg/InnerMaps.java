package io.vertebra.verifier.cfg;

import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Gives the inner maps of maps of maps a number of their own, so that everything that is known of maps by number holds
 * for them too: behind the maps of the program, in the order of their outer maps. All inner maps of one map have one
 * shape, so that one number stands for them. Stateless.
 */
public final class InnerMaps {

    private InnerMaps() {}

    /** A program with the inner maps as maps behind its own. */
    public static Program added(Program program) {
        var maps = new ArrayList<>(program.maps());
        for (var map : program.maps()) {
            map.inner().ifPresent(maps::add);
        }
        return maps.size() == program.maps().size() ? program : program.withMaps(maps);
    }

    /** The map whose inner maps a number stands for; empty for a map of the program. */
    public static OptionalInt outerOf(List<MapSpec> maps, int number) {
        int own = own(maps);
        return number < own ? OptionalInt.empty() : OptionalInt.of(outers(maps).get(number - own));
    }

    /** The number of the inner maps of a map; empty when nothing says what they look like. */
    public static OptionalInt innerOf(List<MapSpec> maps, int outer) {
        int place = outers(maps).indexOf(outer);
        return place < 0 ? OptionalInt.empty() : OptionalInt.of(own(maps) + place);
    }

    private static int own(List<MapSpec> maps) {
        return maps.size() - outers(maps).size();
    }

    private static List<Integer> outers(List<MapSpec> maps) {
        var outers = new ArrayList<Integer>();
        for (int map = 0; map < maps.size(); map++) {
            if (maps.get(map).inner().isPresent()) {
                outers.add(map);
            }
        }
        return outers;
    }
}
