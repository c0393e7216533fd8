package io.vertebra.runtime.dispatch;

/** SIGNATURES ONLY, bodies follow. One core: its event ring, and the output rings that it owns. */
public interface CoreDispatcher {
    int index();

    /** Runs up to limit waiting events, then drains up to limit records of each owned output ring; returns work done, 0 when there was none. */
    int runOnce(int limit);

    /** Announces that the caller is about to sleep; false when work arrived meanwhile (call runOnce again). */
    boolean park();

    /** What a publisher calls (from its own thread, at most once per park) to wake the driver of this core. */
    void onWake(Runnable waker);

    /** Bytes waiting in the event ring (fill level), and its capacity. */
    long ringUsed();

    long ringCapacity();
}
