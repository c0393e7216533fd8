package io.vertebra.cli;

import io.vertebra.cli.option.CommandException;
import io.vertebra.cli.option.Output;
import io.vertebra.config.LiveSettings;
import io.vertebra.config.ServerSettings;
import io.vertebra.config.ServerSettingsReader;
import io.vertebra.verticles.Vertebra;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code vertebra start}. */
@Command(
        name = "start",
        description = {
            "Run a standalone Vertebra until Ctrl-C: its codelets come from the settings and over HTTP.",
            "",
            "Of a setting http.port, the system property vertebra.http.port counts before the environment's",
            "VERTEBRA_HTTP_PORT, that before the file, that before the default."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  vertebra start",
            "  vertebra start --config vertebra.yaml",
            "  vertebra start --reference > vertebra.yaml    every setting, explained",
            "  VERTEBRA_HTTP_PORT=7800 vertebra start",
            "  vertebra start -Dvertebra.http.port=7800"
        })
final class StartCommand implements Callable<Integer> {

    @Option(names = "--config", paramLabel = "FILE", description = "The settings, a YAML file.")
    private Path config;

    @Option(
            names = "-D",
            paramLabel = "KEY=VALUE",
            description = "A system property, for example vertebra.http.port=7800.")
    private Map<String, String> properties = Map.of();

    @Option(names = "--reference", description = "Print a file with every setting and its default, and exit.")
    private boolean reference;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        if (reference) {
            printReference();
            return 0;
        }
        var all = new Properties(System.getProperties());
        all.putAll(properties);
        var live = new LiveSettings(() -> ServerSettingsReader.read(Optional.ofNullable(config), all, System.getenv()));
        var stopped = new CountDownLatch(1);
        var finished = new CountDownLatch(1);
        var atCtrlC = new Thread(() -> finish(stopped, finished, live), "start-stop");
        Runtime.getRuntime().addShutdownHook(atCtrlC);
        try (var vertebra = Vertebra.start(live)) {
            for (var set : live.current().settings().codeletSets()) {
                vertebra.loadAtStart(set);
            }
            tell(vertebra);
            stopped.await();
        } finally {
            finished.countDown();
        }
        return 0;
    }

    /** On Ctrl-C: ask for the end and keep the JVM alive until everything is drained. */
    private static void finish(CountDownLatch stopped, CountDownLatch finished, LiveSettings live) {
        stopped.countDown();
        try {
            finished.await(
                    2 * live.current().settings().outputs().closeDeadline().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void tell(Vertebra vertebra) {
        var out = spec.commandLine().getOut();
        var output = Output.of(spec);
        if (output.json()) {
            output.print(out, new JsonObject().put("url", vertebra.url()));
        } else {
            var page = isTerminal() ? vertebra.pageUrl() : vertebra.url() + "/";
            out.println("Vertebra runs at " + page + (page.contains("#") ? " " : "") + "; stop it with Ctrl-C");
        }
    }

    /** Output that is kept, as a service's is, gets no token. */
    @SuppressWarnings("SystemConsoleNull") // it is null in a JDK 25 without a terminal
    private static boolean isTerminal() {
        var console = System.console();
        return console != null && console.isTerminal();
    }

    private void printReference() throws CommandException {
        try (var in = ServerSettings.class.getResourceAsStream("reference.yaml")) {
            spec.commandLine().getOut().print(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            spec.commandLine().getOut().flush();
        } catch (IOException e) {
            throw new CommandException("the reference file cannot be read: " + e.getMessage(), e);
        }
    }
}
