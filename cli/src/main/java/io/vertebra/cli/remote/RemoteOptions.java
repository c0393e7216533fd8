package io.vertebra.cli.remote;

import io.vertebra.cli.option.CommandException;
import io.vertebra.cli.option.Output;
import io.vertebra.config.HttpSettings;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which Vertebra a command is for. */
final class RemoteOptions {

    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = "${env:VERTEBRA_URL:-http://127.0.0.1:" + HttpSettings.DEFAULT_PORT + "}",
            description = {
                "A running Vertebra; default: VERTEBRA_URL of the environment, or http://127.0.0.1:"
                        + HttpSettings.DEFAULT_PORT + ". The token is VERTEBRA_TOKEN of the environment, or the one of"
                        + " its run file."
            })
    private String url;

    @Option(
            names = "--run-folder",
            paramLabel = "FOLDER",
            description = "Where its run file is; default: $XDG_RUNTIME_DIR/vertebra, or ~/.vertebra/run.")
    private Path runFolder = HttpSettings.defaultRunFolder();

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            defaultValue = "${env:VERTEBRA_TOKEN_FILE:-" + CommandLine.Option.NULL_VALUE + "}",
            description = "A file with the token and nothing else; default: VERTEBRA_TOKEN_FILE.")
    private Path tokenFile;

    @Option(
            names = "--cacert",
            paramLabel = "FILE",
            defaultValue = "${env:VERTEBRA_CACERT:-" + CommandLine.Option.NULL_VALUE + "}",
            description = "Who must have signed the server's certificate, PEM; default: VERTEBRA_CACERT, or those that"
                    + " Java trusts.")
    private Path authority;

    @Option(
            names = "--cert",
            paramLabel = "FILE",
            defaultValue = "${env:VERTEBRA_CERT:-" + CommandLine.Option.NULL_VALUE + "}",
            description = "A certificate to show to the server, PEM; default: VERTEBRA_CERT.")
    private Path certificate;

    @Option(
            names = "--key",
            paramLabel = "FILE",
            defaultValue = "${env:VERTEBRA_KEY:-" + CommandLine.Option.NULL_VALUE + "}",
            description = "The private key of --cert, PEM; default: VERTEBRA_KEY.")
    private Path key;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /** The API there. */
    ApiClient client() throws CommandException {
        try {
            var uri = new URI(url);
            if (uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
                var tls = new ClientTls(
                        Optional.ofNullable(authority), Optional.ofNullable(certificate), Optional.ofNullable(key));
                return new ApiClient(
                        new Endpoint(uri, runFolder, Optional.ofNullable(tokenFile), tls),
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
