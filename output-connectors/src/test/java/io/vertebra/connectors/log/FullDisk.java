package io.vertebra.connectors.log;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Path;

/** Writes batches of three lines until one cannot be written, in a process whose files may not grow; prints how many could. */
final class FullDisk {

    private FullDisk() {}

    public static void main(String[] arguments) throws IOException {
        byte[] batch = ("a line of sixteen\n".repeat(3)).getBytes(US_ASCII);
        int written = 0;
        try (var file = new RotatedFile(Path.of(arguments[0]), Long.MAX_VALUE, 0)) {
            try {
                while (written < 1_000) {
                    file.write(batch);
                    written++;
                }
            } catch (IOException e) {
                System.out.println(written + " " + e.getMessage());
            }
        }
    }
}
