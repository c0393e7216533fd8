package io.vertebra.verticles;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** How this start of this JVM is named in records that leave it. */
final class Source {

    private Source() {}

    /** {@code /jvm/host/pid-time}: with a sequence number it identifies a record for ever (CloudEvents: source and id). */
    static String name() {
        var time = Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);
        return "/jvm/" + host() + "/" + ProcessHandle.current().pid() + "-" + time;
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
