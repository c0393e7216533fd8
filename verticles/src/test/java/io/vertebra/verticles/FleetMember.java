package io.vertebra.verticles;

import io.vertebra.config.LiveSettings;
import io.vertebra.config.ServerSettingsReader;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * A member of a fleet in a process of its own: {@code FILE [probe]}. It prints {@code READY PORT TOKEN} and runs until its
 * standard input ends; {@code probe} gives it the hooks of {@link ProbeHooks}.
 */
final class FleetMember {

    private FleetMember() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments.length > 1) {
            ProbeHooks.HOOKS.choose(0, 0);
        }
        var file = Optional.of(Path.of(arguments[0]));
        var settings = new LiveSettings(() -> ServerSettingsReader.read(file, new Properties(), Map.of()));
        try (var vertebra = Vertebra.start(settings)) {
            System.out.println("READY " + vertebra.port() + " " + vertebra.token("author"));
            while (System.in.read() >= 0) {
                // until the parent ends
            }
        }
    }
}
