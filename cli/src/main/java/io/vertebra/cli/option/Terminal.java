package io.vertebra.cli.option;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;

/**
 * Whether somebody looks at what a command prints.
 *
 * @param out whether standard output is a terminal
 * @param err whether standard error is
 */
public record Terminal(boolean out, boolean err) {

    /** Nobody: pipes and files. */
    public static final Terminal NONE = new Terminal(false, false);

    private static final File CONTROLLING = new File("/dev/tty");

    /** What this process has; without the command {@code test} of POSIX, none. */
    public static Terminal ofProcess() {
        return new Terminal(isTerminal(1), isTerminal(2));
    }

    private static boolean isTerminal(int descriptor) {
        var test = new ProcessBuilder("test", "-t", String.valueOf(descriptor))
                .redirectOutput(Redirect.INHERIT)
                .redirectError(Redirect.INHERIT);
        try {
            return test.start().waitFor() == 0;
        } catch (IOException _) {
            return false;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /**
     * Runs {@code stty} on the terminal that this process belongs to.
     *
     * @return what it printed
     * @throws IOException when there is no such terminal
     */
    public static String stty(String... arguments) throws IOException {
        var command = new String[arguments.length + 1];
        command[0] = "stty";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        var process = new ProcessBuilder(command)
                .redirectInput(CONTROLLING)
                .redirectErrorStream(true)
                .start();
        var printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
        try {
            if (process.waitFor() != 0) {
                throw new IOException(printed);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        return printed;
    }

    /** The terminal's keys. */
    public static File keys() {
        return CONTROLLING;
    }
}
