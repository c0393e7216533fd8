package io.vertebra.connectors.log;

import java.io.Closeable;
import java.io.IOException;
import java.io.PrintStream;

/** Where lines go. Belongs to one thread. */
sealed interface LineTarget extends Closeable permits LineTarget.Standard, RotatedFile {

    /**
     * Writes whole lines.
     *
     * @throws IOException when not all of them could be written; then none of them is there, where that can be had
     */
    void write(byte[] lines) throws IOException;

    /** A stream that the process has from its start. */
    record Standard(PrintStream out) implements LineTarget {
        @Override
        public void write(byte[] lines) throws IOException {
            out.write(lines);
            if (out.checkError()) { // flushes
                throw new IOException("standard output is closed");
            }
        }

        @Override
        public void close() {}
    }
}
