package io.vertebra.verticles;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@link FleetMember} that a test starts, stops, and takes away. */
final class FleetProcess implements AutoCloseable {

    private final Process process;
    private final Path log;
    private final ApiClient client;

    private FleetProcess(Process process, Path log, ApiClient client) {
        this.process = process;
        this.log = log;
        this.client = client;
    }

    /**
     * Starts a member and waits until it has joined.
     *
     * @param name also of the file with its settings, {@code NAME.yaml} in the folder
     * @param arguments of {@link FleetMember} after that file
     */
    static FleetProcess start(Path folder, String name, List<String> options, String... arguments) throws IOException {
        var log = folder.resolve(name + ".log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=info"));
        command.addAll(options);
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                FleetMember.class.getName(),
                folder.resolve(name + ".yaml").toString()));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command).redirectError(log.toFile()).start();
        var out = process.inputReader();
        String line = ready(out);
        if (line == null) {
            throw new IOException("member " + name + " did not start: " + Files.readString(log));
        }
        var words = line.split(" ");
        return new FleetProcess(process, log, new ApiClient(Integer.parseInt(words[1]), words[2]));
    }

    private static String ready(BufferedReader out) throws IOException {
        String line = out.readLine();
        while (line != null && !line.startsWith("READY ")) {
            line = out.readLine();
        }
        return line;
    }

    ApiClient client() {
        return client;
    }

    /** What it has logged. */
    String log() throws IOException {
        return Files.readString(log);
    }

    /** Lets it stand still, as a machine does that is cut off. */
    void freeze() throws Exception {
        signal("-STOP");
    }

    void thaw() throws Exception {
        signal("-CONT");
    }

    /** Takes it away without a word. */
    void kill() throws Exception {
        signal("-KILL");
        process.waitFor();
    }

    private void signal(String signal) throws Exception {
        new ProcessBuilder("kill", signal, String.valueOf(process.pid()))
                .start()
                .waitFor();
    }

    /** Ends it properly. */
    @Override
    public void close() throws IOException {
        client.close();
        process.getOutputStream().close();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
