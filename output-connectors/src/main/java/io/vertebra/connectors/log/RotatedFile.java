package io.vertebra.connectors.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A file that lines are appended to; when it has its size it becomes {@code FILE.1}, that {@code FILE.2} and so on. It never
 * ends in a part of a line: what a full disk or a killed process has left of one is cut off. One process at a time writes.
 */
final class RotatedFile implements LineTarget {

    private final Path file;
    private final long maxBytes;
    private final int keep;
    private FileChannel channel;

    /**
     * Opens the file, with what is in it already.
     *
     * @throws IOException when it cannot be written, or another writer has it
     */
    RotatedFile(Path file, long maxBytes, int keep) throws IOException {
        this.file = file;
        this.maxBytes = maxBytes;
        this.keep = keep;
        open();
    }

    private void open() throws IOException {
        channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() == null) {
                throw new IOException("another process writes it");
            }
            channel.truncate(endOfLines());
            channel.position(channel.size());
        } catch (OverlappingFileLockException e) {
            channel.close();
            throw new IOException("another connector writes it", e);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Behind the last line end. */
    private long endOfLines() throws IOException {
        var one = ByteBuffer.allocate(1);
        for (long end = channel.size(); end > 0; end--) {
            channel.read(one.clear(), end - 1);
            if (one.get(0) == '\n') {
                return end;
            }
        }
        return 0;
    }

    @Override
    public void write(byte[] lines) throws IOException {
        if (!channel.isOpen()) {
            open(); // a change of generations has failed
        }
        if (channel.position() > 0 && channel.position() + lines.length > maxBytes) {
            rotate();
        }
        long start = channel.position();
        try {
            var rest = ByteBuffer.wrap(lines);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
        } catch (IOException e) {
            channel.truncate(start); // positions there too
            throw e;
        }
    }

    private void rotate() throws IOException {
        channel.close();
        if (keep == 0) {
            Files.delete(file);
        } else {
            for (int generation = keep - 1; generation > 0; generation--) {
                if (Files.exists(generation(generation))) {
                    move(generation(generation), generation(generation + 1));
                }
            }
            move(file, generation(1));
        }
        open();
    }

    private static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }

    private Path generation(int number) {
        return file.resolveSibling(file.getFileName() + "." + number);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
