package io.vertebra.verifier.analysis;

import io.vertebra.verifier.domain.Region;
import io.vertebra.verifier.domain.State;
import io.vertebra.verifier.domain.Value.Pointer;
import io.vertebra.vm.program.Program;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Formats of the printing helpers. Their directives {@code %s}, {@code %pI4} and {@code %pi4} follow an argument that no
 * prototype declares, so that only constant formats without them are known to be safe. jbpf's helper is not among them: it
 * looks itself whether it may follow an argument.
 */
final class Formats {

    /** Index of the format argument by helper. */
    private static final Map<String, Integer> FORMAT = Map.of("trace_printk", 0, "snprintf", 2, "trace_vprintk", 0);

    private static final Pattern FOLLOWS = Pattern.compile("%[-+ #0-9.hlz]*(s|p[iI])");

    private Formats() {}

    /** Whether an argument is a helper's format. */
    static boolean isFormat(String helper, int index) {
        return FORMAT.getOrDefault(helper, -1) == index;
    }

    /** Why a format is not known to be safe. */
    static Optional<Violation> check(Program program, State state, int register) {
        if (!(state.register(register) instanceof Pointer p)
                || !(p.region() instanceof Region.MapValue region)
                || !program.maps().get(region.map()).frozen()
                || !Extent.of(p, 0).isExact()) {
            return Optional.of(new Violation(
                    "the format is not constant",
                    Text.register(register) + " does not point into read-only data",
                    "a string constant",
                    "declare it as static const char[]"));
        }
        var content = program.maps().get(region.map()).initial();
        int start = (int) Math.min(Extent.of(p, 0).least(), content.length);
        int end = start;
        while (end < content.length && content[end] != 0) {
            end++;
        }
        var format = new String(content, start, end - start, StandardCharsets.ISO_8859_1);
        // Sound because what comes before a conversion is at most flags, width, precision and length.
        return FOLLOWS.matcher(format.replace("%%", "  ")).find()
                ? Optional.of(new Violation(
                        "the format follows an argument that is not known to be a pointer",
                        '"' + format + '"',
                        "a format without %s and %pI4",
                        "print the number, or send the text in a record"))
                : Optional.empty();
    }
}
