package io.vertebra.cli.remote;

import io.vertebra.cli.option.Output;
import io.vertebra.config.HttpSettings;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which Vertebra a command is for. */
final class RemoteOptions {

    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:" + HttpSettings.DEFAULT_PORT,
            description = {
                "A running Vertebra; default: ${DEFAULT-VALUE}. The token is VERTEBRA_TOKEN of the environment, or the"
                        + " one of its run file."
            })
    private String url;

    @Option(
            names = "--run-folder",
            paramLabel = "FOLDER",
            description = "Where its run file is; default: $XDG_RUNTIME_DIR/vertebra, or ~/.vertebra/run.")
    private Path runFolder = HttpSettings.defaultRunFolder();

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /** The API there. */
    ApiClient client() {
        try {
            var uri = new URI(url);
            if (uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
                return new ApiClient(
                        uri,
                        runFolder,
                        Output.of(command)::terminal,
                        command.commandLine().getErr());
            }
        } catch (URISyntaxException _) {
            // told below
        }
        throw new ParameterException(
                command.commandLine(), "--url " + url + ": allowed is http://HOST:PORT or https://HOST:PORT");
    }
}
