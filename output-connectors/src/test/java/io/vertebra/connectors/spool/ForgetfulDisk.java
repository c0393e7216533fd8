package io.vertebra.connectors.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import org.h2.store.fs.FileBaseDefault;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;

/** Files whose disk can be told to fail when it is asked to bring what was written to rest. */
public final class ForgetfulDisk extends FilePathWrapper implements AutoCloseable {

    private static final String SCHEME = "forgetful";

    private static volatile boolean failing;

    /** For H2, which makes instances of its own. */
    public ForgetfulDisk() {
        FilePath.register(this);
    }

    /** A file on this disk. */
    Path path(Path file) {
        return Path.of(SCHEME + ":" + file);
    }

    void failNextSync() {
        failing = true;
    }

    @Override
    public String getScheme() {
        return SCHEME;
    }

    @Override
    public FileChannel open(String mode) throws IOException {
        return new Channel(super.open(mode));
    }

    @Override
    public void close() {
        FilePath.unregister(this);
    }

    private static final class Channel extends FileBaseDefault {
        private final FileChannel file;

        Channel(FileChannel file) {
            this.file = file;
        }

        @Override
        public void force(boolean metaData) throws IOException {
            if (failing) {
                failing = false;
                throw new IOException("the disk does not answer");
            }
            file.force(metaData);
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public synchronized int read(ByteBuffer into, long position) throws IOException {
            return file.read(into, position);
        }

        @Override
        public synchronized int write(ByteBuffer from, long position) throws IOException {
            return file.write(from, position);
        }

        @Override
        protected void implTruncate(long size) throws IOException {
            file.truncate(size);
        }

        @Override
        public FileLock tryLock(long position, long size, boolean shared) throws IOException {
            return file.tryLock(position, size, shared);
        }

        @Override
        protected void implCloseChannel() throws IOException {
            file.close();
        }
    }
}
