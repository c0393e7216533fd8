package io.vertebra.vm.object;

import io.vertebra.vm.format.ObjectFormatException;
import java.util.List;

/**
 * One section of an object file, for people who look at the file.
 *
 * @param name its name
 * @param size bytes in memory
 * @param code whether it holds instructions
 * @param relocations how many places of it refer to symbols
 */
public record ObjectSection(String name, long size, boolean code, int relocations) {

    /**
     * The named sections of an object file, in file order.
     *
     * @throws ObjectFormatException when its headers are malformed
     */
    public static List<ObjectSection> list(byte[] elf) {
        var file = ElfFile.read(elf);
        return file.sections().stream()
                .filter(s -> !s.name().isEmpty())
                .map(s -> new ObjectSection(
                        s.name(), s.size(), s.isCode(), file.relocationsOf(s).size()))
                .toList();
    }
}
