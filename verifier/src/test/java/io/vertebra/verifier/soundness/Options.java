package io.vertebra.verifier.soundness;

import java.util.Map;
import java.util.TreeMap;

/** The options of a command: pairs of a name and a value. */
public final class Options {

    private Options() {}

    /** Values by name, those that are not given as in the defaults; ends the process with 2 for a name that is not there. */
    public static Map<String, String> of(String[] arguments, Map<String, String> defaults) {
        var options = new TreeMap<>(defaults);
        for (int i = 0; i < arguments.length; i += 2) {
            if (i + 1 == arguments.length || options.put(arguments[i], arguments[i + 1]) == null) {
                System.err.println(
                        "option `" + arguments[i] + "`: known are " + options.keySet() + ", each with a value");
                System.exit(2);
            }
        }
        return options;
    }
}
