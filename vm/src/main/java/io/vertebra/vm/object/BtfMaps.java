package io.vertebra.vm.object;

import io.vertebra.vm.btf.Btf;
import io.vertebra.vm.btf.BtfType;
import io.vertebra.vm.format.ObjectFormatException;
import io.vertebra.vm.object.ElfFile.Section;
import io.vertebra.vm.program.MapSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** The maps of a {@code .maps} section: one {@link BtfMapDefinition} per variable. */
final class BtfMaps {

    private final List<Placed> maps = new ArrayList<>();
    private final List<Slots> slots = new ArrayList<>();

    /** A map and its byte in the section. */
    record Placed(long offset, MapSpec spec) {}

    /** The place of a map's initial entries: pointers from byte {@code first} of the section to {@code end}. */
    record Slots(Section section, String map, int first, int end) {
        /** The entry that a byte of the section belongs to. */
        OptionalInt indexOf(int offset) {
            return offset >= first && offset < end
                    ? OptionalInt.of((offset - first) / Long.BYTES)
                    : OptionalInt.empty();
        }
    }

    BtfMaps(Btf btf, Section section) {
        var id = btf.find(BtfType.DataSection.class, section.name())
                .orElseThrow(() -> new ObjectFormatException(
                        "section `%s`: no BTF describes its maps, compile with -g".formatted(section.name())));
        for (var placed : ((BtfType.DataSection) btf.type(id)).variables()) {
            var name = btf.type(placed.variable()).name();
            try {
                var definition = BtfMapDefinition.of(btf, name, placed.variable());
                maps.add(new Placed(placed.offset(), definition.spec()));
                definition
                        .firstSlot()
                        .ifPresent(first -> slots.add(
                                new Slots(section, name, placed.offset() + first, placed.offset() + placed.size())));
            } catch (ObjectFormatException e) {
                throw e.in("map `" + name + "`");
            }
        }
    }

    List<Placed> maps() {
        return maps;
    }

    List<Slots> slots() {
        return slots;
    }
}
