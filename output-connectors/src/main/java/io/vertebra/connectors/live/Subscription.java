package io.vertebra.connectors.live;

/** What a client follows under one id. */
sealed interface Subscription permits StreamSubscription, FeedSubscription {

    /** Forgets it on the side of what is followed. */
    void end();
}
