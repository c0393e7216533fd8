package io.vertebra.runtime.hook;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.config.RuntimeSettings;
import io.vertebra.verifier.Verifier;
import io.vertebra.vm.program.Program;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hooks of applications that are modules: their hook interfaces are seen by nobody else. */
class ModuleApplicationTest {

    private static final String MODULE = """
        module app {
            requires io.vertebra.runtime;
            exports app;
        }
        """;

    private static final String HOOKS = """
        package app;

        import io.vertebra.runtime.hook.*;
        import java.lang.invoke.MethodHandles;

        @HookGroup("probe")
        interface AppHooks {
            AppHooks HOOKS = Hooks.of(MethodHandles.lookup(), AppHooks.class);

            enum Colour { RED }

            void seen(@Key long id, int route, long bytes);

            void painted(Colour colour);
        }
        """;

    private static final String MAIN = """
        package app;

        import io.vertebra.config.*;
        import io.vertebra.runtime.codelet.*;
        import java.nio.file.Path;

        public final class Main {
            public static void fire(int times) {
                for (int i = 0; i < times; i++) {
                    AppHooks.HOOKS.seen(i, 0, 2);
                    AppHooks.HOOKS.painted(AppHooks.Colour.RED);
                }
            }

            public static String run(String set, Path folder, Runnable others) throws Exception {
                fire(1);
                try (var runtime = CodeletRuntime.start(RuntimeSettings.ofCores(1))) {
                    var loaded = runtime.open(DescriptorReader.parse(set, "set", folder)).load();
                    fire(1000);
                    others.run();
                    loaded.unload();
                    others.run();
                    var account = loaded.accounts().getFirst();
                    return loaded.statistics().getFirst().executor() + " " + account.ok() + " of " + account.offered();
                }
            }
        }
        """;

    @TempDir
    Path folder;

    private Path app;
    private Path[] platform;

    @BeforeEach
    void compile() throws Exception {
        platform = Stream.of(
                        Hooks.class,
                        Verifier.class,
                        RuntimeSettings.class,
                        Program.class,
                        Class.forName("org.snakeyaml.engine.v2.api.Load"))
                .map(ModuleApplicationTest::location)
                .toArray(Path[]::new);
        var sources = Files.createDirectories(folder.resolve("src/app"));
        app = folder.resolve("app");
        var javac = ToolProvider.findFirst("javac").orElseThrow();
        int status = javac.run(
                System.out,
                System.err,
                "-parameters",
                "-d",
                app.toString(),
                "--module-path",
                Stream.of(platform).map(Path::toString).collect(Collectors.joining(java.io.File.pathSeparator)),
                Files.writeString(folder.resolve("src/module-info.java"), MODULE)
                        .toString(),
                Files.writeString(sources.resolve("AppHooks.java"), HOOKS).toString(),
                Files.writeString(sources.resolve("Main.java"), MAIN).toString());
        assertThat(status).isZero();
    }

    private static Path location(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ModuleLayer layer(ModuleLayer parent, String root, Path... path) {
        var configuration = Configuration.resolve(
                ModuleFinder.of(path), List.of(parent.configuration()), ModuleFinder.of(), Set.of(root));
        return ModuleLayer.defineModulesWithOneLoader(
                        configuration, List.of(parent), ClassLoader.getPlatformClassLoader())
                .layer();
    }

    private Method main(ModuleLayer vertebra, String name, Class<?>... parameters) throws Exception {
        return layer(vertebra, "app", app)
                .findLoader("app")
                .loadClass("app.Main")
                .getMethod(name, parameters);
    }

    @Test
    void shouldServeTheSameModuleInTwoLayers() throws Exception {
        var vertebra = layer(ModuleLayer.boot(), "io.vertebra.runtime", platform);
        var first = main(vertebra, "run", String.class, Path.class, Runnable.class);
        var second = main(vertebra, "fire", int.class);
        second.invoke(null, 1);
        var objects =
                Path.of(ModuleApplicationTest.class.getResource("/codelets").toURI());
        Runnable others = () -> {
            try {
                second.invoke(null, 500);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        };

        for (var executor : List.of("jit", "interpreter")) {
            var set =
                    "codeletset: set\ncodelets: [{object: tally.bpf.o, execution: inline, executor: " + executor + "}]";
            assertThat(first.invoke(null, set, objects, others)).isEqualTo(executor + " 1500 of 1500");
        }
        assertThat(second.getDeclaringClass()).isNotEqualTo(first.getDeclaringClass());
    }
}
