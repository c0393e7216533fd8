package io.vertebra.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.config.HttpSettings;
import io.vertebra.verticles.Vertebra;
import io.vertebra.verticles.VertebraConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A Vertebra in this JVM, and commands against it: over its real port, with the token of its run file.
 *
 * @param folder where the objects are, and the run folder {@code run}
 */
record ProbeRuntime(Path folder, Vertebra vertebra) implements AutoCloseable {

    private static final Path OBJECTS = Path.of("../runtime/src/test/resources/codelets");

    /** Starts one, with some of the runtime's test objects. */
    static ProbeRuntime start(Path folder, String... objects) throws Exception {
        assertThat(Probe.HOOKS.choose(0, 0)).isEqualTo(-1); // the hooks are there, and nothing is attached
        var http = HttpSettings.defaults().withPort(0).withRunFolder(folder.resolve("run"));
        var vertebra = Vertebra.start(VertebraConfig.defaults().withHttp(http));
        for (var object : objects) {
            Files.copy(OBJECTS.resolve(object), folder.resolve(object));
        }
        return new ProbeRuntime(folder, vertebra);
    }

    /** Runs a command against it. */
    Command run(String... arguments) {
        return Command.run(arguments(arguments));
    }

    /** A command line with where it is. */
    String[] arguments(String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of(
                "--url", vertebra.url(), "--run-folder", folder.resolve("run").toString()));
        return all.toArray(String[]::new);
    }

    /** Writes a descriptor. */
    String set(String name, String rest) throws Exception {
        return Files.writeString(folder.resolve(name + ".yaml"), "codeletset: " + name + "\n" + rest + "\n")
                .toString();
    }

    /** Loads a set, which must succeed. */
    void load(String name, String rest) throws Exception {
        run("set", "load", set(name, rest)).shouldPrint("set " + name + " loaded\n");
    }

    void unloadAll() {
        vertebra.runtime().sets().forEach(set -> set.unload());
    }

    @Override
    public void close() {
        vertebra.close();
    }
}
