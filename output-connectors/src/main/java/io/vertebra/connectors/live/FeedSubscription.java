package io.vertebra.connectors.live;

/** One client that follows a feed. Only on the hub's event loop. */
final class FeedSubscription implements Subscription {

    private final int id;
    private final Feed feed;
    private final LiveClient client;
    private boolean stale = true;

    FeedSubscription(int id, Feed feed, LiveClient client) {
        this.id = id;
        this.feed = feed;
        this.client = client;
    }

    int id() {
        return id;
    }

    LiveClient client() {
        return client;
    }

    /** Whether the client needs the whole state, because it has none or has missed a change. */
    boolean stale() {
        return stale;
    }

    void missed() {
        stale = true;
    }

    void snapshot(String members) {
        stale = false;
        send("snapshot", members);
    }

    void next(String members) {
        send("next", members);
    }

    private void send(String type, String members) {
        client.send("{\"type\":\"" + type + "\",\"id\":" + id + "," + members + "}");
    }

    @Override
    public void end() {
        feed.leave(this);
    }
}
