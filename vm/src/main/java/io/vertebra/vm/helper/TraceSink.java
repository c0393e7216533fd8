package io.vertebra.vm.helper;

import java.nio.charset.StandardCharsets;

/** Receives the lines that codelets print with {@code bpf_printk}, on the thread of the run; must be thread-safe. */
@FunctionalInterface
public interface TraceSink {

    /** Writes to the system logger {@code io.vertebra.trace} at level INFO, with thread name and core. */
    TraceSink LOGGER = new TraceSink() {
        private final System.Logger logger = System.getLogger("io.vertebra.trace");

        @Override
        public void line(HelperContext run, String text) {
            logger.log(System.Logger.Level.INFO, () -> name(run) + " [" + run.core() + "] " + text);
        }

        private static String name(HelperContext run) {
            return new String(run.threadName(), StandardCharsets.UTF_8).split("\0", 2)[0];
        }
    };

    /** One line, without its line end. */
    void line(HelperContext run, String text);
}
