package io.vertebra.cli.object;

import io.vertebra.cli.option.CommandException;
import io.vertebra.vm.exec.InitialEntries;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.object.ObjectFile;
import java.util.ArrayList;
import java.util.List;

/** Live maps for the programs of one object file that run by themselves. Stateless. */
final class ObjectMaps {

    private ObjectMaps() {}

    /** The object's maps in its order, with their initial entries. */
    static List<BpfMap> create(ObjectFile file) throws CommandException {
        try {
            var maps = new ArrayList<BpfMap>();
            for (var map : file.maps()) {
                maps.add(BpfMap.create(map, 1));
            }
            InitialEntries.putMaps(file, maps);
            return maps;
        } catch (IllegalArgumentException e) {
            throw new CommandException("object `" + file.name() + "`: " + e.getMessage(), e);
        }
    }
}
