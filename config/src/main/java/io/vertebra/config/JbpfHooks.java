package io.vertebra.config;

import java.util.List;

/**
 * What an application adds to jbpf's ABI, as a file says it.
 *
 * @param programs program types
 * @param helpers helper functions
 * @param maps map types
 */
public record JbpfHooks(List<ProgramType> programs, List<HelperType> helpers, List<MapAlias> maps) {

    /**
     * A program type.
     *
     * @param section what its sections begin with
     * @param contextBytes size of its context without padding at the end
     */
    public record ProgramType(String section, int contextBytes) {}

    /**
     * A helper function.
     *
     * @param id its number
     * @param name in C
     * @param arguments kinds, for example {@code map_key}
     * @param result kind, for example {@code scalar}
     */
    public record HelperType(int id, String name, List<String> arguments, String result) {

        /** Makes the list immutable. */
        public HelperType {
            arguments = List.copyOf(arguments);
        }
    }

    /**
     * A map type.
     *
     * @param id its number in definitions
     * @param like the type that it behaves as, for example {@code hash}
     */
    public record MapAlias(int id, String like) {}

    /** Makes the lists immutable. */
    public JbpfHooks {
        programs = List.copyOf(programs);
        helpers = List.copyOf(helpers);
        maps = List.copyOf(maps);
    }
}
