package io.vertebra.config;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads files that users name: whole, never more than a bound, and with errors in words. */
public final class InputFile {
    private InputFile() {}

    /**
     * All bytes of a file.
     *
     * @param file any readable path, also inside a jar
     * @param most bytes that are allowed
     * @throws IOException whose message completes "cannot be read: "
     */
    public static byte[] read(Path file, int most) throws IOException {
        try (var in = Files.newInputStream(file)) {
            var bytes = in.readNBytes(most + 1);
            if (bytes.length > most) {
                throw new IOException("more than the " + most + " bytes that are allowed");
            }
            return bytes;
        } catch (NoSuchFileException e) {
            throw new IOException("no such file", e);
        } catch (AccessDeniedException e) {
            throw new IOException("its permissions forbid it", e);
        }
    }
}
