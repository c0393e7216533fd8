package io.vertebra.connectors.spool;

/** One change of a {@link SpoolStore}. */
sealed interface Change {

    /** The stream that it is about. */
    String stream();

    /**
     * One more entry.
     *
     * @param number greater than that of any entry before
     * @param records how many records it stands for
     */
    record Append(String stream, long number, byte[] entry, int records) implements Change {}

    /** An entry less. */
    record Remove(String stream, long number, int bytes, int records) implements Change {}
}
