package io.vertebra.vm.helper;

/** Receives the lines that codelets print with {@code bpf_printk}, on the thread of the run; must be thread-safe. */
@FunctionalInterface
public interface TraceSink {

    /** Writes to the system logger {@code io.vertebra.trace} at level INFO, with thread name and core. */
    TraceSink LOGGER = new TraceSink() {
        private final System.Logger logger = System.getLogger("io.vertebra.trace");

        @Override
        public void line(HelperContext run, String text) {
            logger.log(System.Logger.Level.INFO, () -> run.threadName() + " [" + run.core() + "] " + text);
        }
    };

    /** One line, without its line end. */
    void line(HelperContext run, String text);
}
