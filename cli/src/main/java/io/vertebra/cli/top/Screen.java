package io.vertebra.cli.top;

import io.vertebra.cli.option.Output;
import io.vertebra.cli.option.Terminal;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;

/**
 * The terminal as a page that is written over, and its keys one by one. Closing it gives the terminal back as it was; so does
 * the end of the JVM.
 */
final class Screen implements AutoCloseable {

    private static final int DEFAULT_ROWS = 24;
    private static final int DEFAULT_COLUMNS = 80;

    /** The alternate page without a cursor, and back. */
    private static final String ENTER = "\033[?1049h\033[?25l";

    private static final String LEAVE = "\033[?25h\033[?1049l";
    private static final String HOME = "\033[H";
    private static final String ERASE_LINE = "\033[K";
    private static final String ERASE_BELOW = "\033[J";

    private final PrintWriter out;
    private final String before;
    private final FileInputStream keys;
    private final Thread atExit = new Thread(this::restore, "top-restore");
    private boolean restored; // guarded by this

    private Screen(PrintWriter out, String before, FileInputStream keys) {
        this.out = out;
        this.before = before;
        this.keys = keys;
    }

    /**
     * Takes the terminal.
     *
     * @throws IOException when this process has none
     */
    static Screen open(PrintWriter out) throws IOException {
        var before = Terminal.stty("-g");
        var screen = new Screen(out, before, new FileInputStream(Terminal.keys()));
        Runtime.getRuntime().addShutdownHook(screen.atExit);
        Terminal.stty("-icanon", "-echo", "min", "0", "time", "1");
        out.print(ENTER);
        out.flush();
        return screen;
    }

    /** Writes lines over what was there, as far as they fit. */
    void show(List<String> lines) {
        var size = size();
        var text = new StringBuilder(HOME);
        for (int i = 0; i < Math.min(lines.size(), size[0]); i++) {
            var line = Output.printable(lines.get(i));
            text.append(i == 0 ? "" : "\r\n")
                    .append(line, 0, Math.min(line.length(), size[1]))
                    .append(ERASE_LINE);
        }
        out.print(text.append(ERASE_BELOW));
        out.flush();
    }

    /** The next key, waited for a tenth of a second; 0 for none. */
    char key() throws IOException {
        int key = keys.read();
        return key < 0 ? 0 : (char) key;
    }

    private static int[] size() {
        try {
            var size = Terminal.stty("size").split(" ");
            int rows = Integer.parseInt(size[0]);
            int columns = Integer.parseInt(size[1]);
            return new int[] {rows == 0 ? DEFAULT_ROWS : rows, columns == 0 ? DEFAULT_COLUMNS : columns};
        } catch (IOException | RuntimeException _) {
            return new int[] {DEFAULT_ROWS, DEFAULT_COLUMNS};
        }
    }

    private synchronized void restore() {
        if (restored) {
            return;
        }
        restored = true;
        out.print(LEAVE);
        out.flush();
        try {
            Terminal.stty(before);
        } catch (IOException _) {
            // the terminal is gone
        }
    }

    @Override
    public void close() throws IOException {
        restore();
        keys.close();
        Runtime.getRuntime().removeShutdownHook(atExit);
    }
}
