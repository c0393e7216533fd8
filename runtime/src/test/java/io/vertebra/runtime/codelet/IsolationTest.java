package io.vertebra.runtime.codelet;

import static io.vertebra.runtime.codelet.ProbeHooks.HOOKS;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.config.RuntimeSettings;
import io.vertebra.runtime.account.AttachmentAccount;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever a helper of the application throws into a codelet, the application's hook returns and other codelets run. */
@Timeout(60)
class IsolationTest {

    private static final String MANY = "\nlimits: {max_faults: 1000000}";

    /** Cannot even say what it is. */
    private static final class Unspeakable extends RuntimeException {
        private static final long serialVersionUID = 1;

        @Override
        public String getMessage() {
            throw new IllegalStateException("expected by the test");
        }
    }

    private static final List<Supplier<Throwable>> FAILURES = List.of(
            () -> new IllegalStateException("expected by the test"),
            () -> new AssertionError("expected by the test"),
            () -> new OutOfMemoryError("expected by the test"),
            () -> new StackOverflowError(),
            () -> new IOException("which no helper declares"),
            () -> new InterruptedException("which no helper declares"),
            () -> new LinkageError("expected by the test"),
            Unspeakable::new);

    private final CodeletRuntime runtime = CodeletRuntime.start(RuntimeSettings.ofCores(1));
    private final Probe probe = new Probe();

    private static final class Probe implements HelpersTest.ProbeHelpers {
        private static final int ENDLESS = 5;

        private Throwable failure;

        @Override
        public long backend(int route, long load) {
            if (failure != null) {
                throw IsolationTest.<RuntimeException>undeclared(failure);
            }
            return route == ENDLESS ? backend(route, load + 1) + 1 : load;
        }

        @Override
        public boolean isOpen(int route) {
            return backend(route, 1) == 1;
        }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T extends Throwable> T undeclared(Throwable failure) throws T {
        throw (T) failure;
    }

    @BeforeEach
    void start() {
        runtime.helpers(MethodHandles.lookup(), HelpersTest.ProbeHelpers.class, probe);
    }

    @AfterEach
    void close() {
        runtime.close();
    }

    private static AttachmentAccount account(CodeletSet set, String codelet) {
        return set.accounts().stream()
                .filter(account -> account.codelet().equals(codelet))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({"jit, inline", "interpreter, inline", "jit, queued", "interpreter, queued"})
    void shouldKeepFailuresFromApplicationAndNeighbours(String executor, String execution) throws Exception {
        String rest = ", executor: " + executor + ", execution: " + execution;
        var set = Sets.load(
                runtime,
                "set",
                "codelets: [{object: faulty.bpf.o" + rest + "}, {object: tally.bpf.o" + rest + "}]" + MANY);
        int failed = 0;
        for (var failure : FAILURES) {
            probe.failure = failure.get();
            HOOKS.seen(1, 1, 1);
            Sets.drain(runtime);
            failed++;
            assertThat(account(set, "faulty").failed())
                    .as(failure.get().getClass().getName())
                    .isEqualTo(failed);
            assertThat(Sets.word(runtime, "set/tallies", 0)).isEqualTo(failed);
        }
        assertThat(set.statistics().getFirst().lastError()).hasValue("Unspeakable");
        probe.failure = null;
        HOOKS.seen(1, Probe.ENDLESS, 1);
        HOOKS.seen(1, 1, 1);
        Sets.drain(runtime);
        assertThat(account(set, "faulty").failed()).isEqualTo(failed + 1);
        assertThat(account(set, "faulty").ok()).isOne();
        assertThat(account(set, "tally").ok()).isEqualTo(failed + 2);
        assertThat(set.accounts()).allMatch(account -> account.missing() == 0);
    }

    @Test
    void shouldGiveAControlHooksDefault() throws Exception {
        var set = Sets.load(runtime, "set", "codelets: [{object: helpers.bpf.o}]" + MANY);
        for (var failure : FAILURES) {
            probe.failure = failure.get();
            assertThat(HOOKS.choose(1, 1)).isEqualTo(-1);
        }
        probe.failure = null;
        assertThat(HOOKS.choose(Probe.ENDLESS, 1)).isEqualTo(-1);
        assertThat(HOOKS.choose(1, 1)).isNotEqualTo(-1);
        assertThat(account(set, "choose").failed()).isEqualTo(FAILURES.size() + 1);
        assertThat(account(set, "choose").missing()).isZero();
    }
}
