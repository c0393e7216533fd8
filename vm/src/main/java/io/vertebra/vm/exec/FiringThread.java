package io.vertebra.vm.exec;

import java.nio.charset.StandardCharsets;

/**
 * The thread in which a run's event was fired: as it was captured, or else the one that executes the run. Telling its name
 * allocates nothing while one thread asks again and again. Belongs to one run at a time.
 */
final class FiringThread {

    /** Words of a captured name: {@code struct { u16 len; char s[30]; }}. */
    private static final int WORDS = 4;

    private static final int LENGTH_BYTES = 2;

    private final byte[] capturedName = new byte[WORDS * Long.BYTES];
    private boolean captured;
    private long capturedId;
    private String executingName = "";
    private byte[] executingUtf8 = {};

    /** Takes what was captured: the name is in {@code words}, as UTF-8 in a {@code struct { u16 len; char s[30]; }}. */
    void capture(long id, long[] words, int at) {
        captured = true;
        capturedId = id;
        int length = Math.min((int) words[at] & 0xffff, capturedName.length - LENGTH_BYTES);
        for (int i = 0; i < length; i++) {
            int place = i + LENGTH_BYTES;
            capturedName[i] = (byte) (words[at + place / Long.BYTES] >>> (place % Long.BYTES * Byte.SIZE));
        }
        capturedName[length] = 0;
    }

    /** It is the thread that executes the run. */
    void executing() {
        captured = false;
    }

    long id() {
        return captured ? capturedId : Thread.currentThread().threadId();
    }

    /** The name as UTF-8, up to the array's end or the first zero; valid until the next call. */
    byte[] name() {
        if (captured) {
            return capturedName;
        }
        String name = Thread.currentThread().getName();
        if (!name.equals(executingName)) {
            executingUtf8 = name.getBytes(StandardCharsets.UTF_8);
            executingName = name;
        }
        return executingUtf8;
    }
}
