package io.vertebra.connectors.live;

/** A state that is read again and again. */
sealed interface FeedModel permits OverviewModel, MapModel {

    /**
     * Reads it again.
     *
     * @return what changed since it was read before, as members of a JSON object
     * @throws IllegalArgumentException when it exists no more
     */
    String read();

    /** All of what was read last, as members of a JSON object. */
    String whole();
}
