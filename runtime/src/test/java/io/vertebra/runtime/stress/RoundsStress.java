package io.vertebra.runtime.stress;

import io.vertebra.config.DescriptorReader;
import io.vertebra.config.RuntimeSettings;
import io.vertebra.runtime.account.AttachmentAccount;
import io.vertebra.runtime.account.OutputAccount;
import io.vertebra.runtime.codelet.CodeletRuntime;
import io.vertebra.runtime.codelet.CodeletSet;
import io.vertebra.runtime.codelet.Cores;
import io.vertebra.runtime.codelet.LoadException;
import io.vertebra.runtime.codelet.OpenSet;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Sets come, are replaced, and go while threads fire their hooks. One set stays and is replaced in each round, another is
 * loaded, replaced and unloaded.
 */
final class RoundsStress {

    private static final String CODELETS = """
        codelets:
          - {object: stress_queued.bpf.o, program: published, name: queued, linked_maps: {shared: called/shared}}
          - {object: stress_inline.bpf.o, program: called, execution: inline}
          - object: stress_control.bpf.o
            program: %s
            name: control
            linked_maps: {shared: called/shared}
            variables: {answer: %d}
        streams: {%s: {map: samples}}
        """;
    private static final String LASTING = "lasting";
    private static final String PASSING = "passing";
    private static final long POLL_NANOS = 1_000_000;

    private final CodeletRuntime runtime;
    private final AtomicLong records = new AtomicLong();
    private final List<String> problems = new ArrayList<>();
    private Witness ofPassing = Witness.NOTHING;

    private RoundsStress(CodeletRuntime runtime) {
        this.runtime = runtime;
        runtime.output(batch -> records.addAndGet(batch.size()));
    }

    /**
     * What a run has found.
     *
     * @param fired how often each hook was fired
     * @param accounts what the runtime says became of the events
     * @param streams what it says became of records
     * @param problems what does not add up; empty when all is well
     * @param before what the JVM held on to after the first tenth of the rounds
     * @param after what it held on to at the end
     */
    record Result(
            long fired,
            List<AttachmentAccount> accounts,
            List<OutputAccount> streams,
            List<String> problems,
            MemoryUse before,
            MemoryUse after) {}

    /**
     * Runs so many rounds.
     *
     * @param threads that fire, 1 to 64
     * @param seed of the producers' bursts and pauses
     */
    static Result run(int rounds, int threads, long seed) throws LoadException, InterruptedException {
        Objects.requireNonNull(StressHooks.HOOKS, "hooks"); // declared now
        var settings = RuntimeSettings.ofCores(2).withRingBytes(1 << 15);
        try (var runtime = CodeletRuntime.start(settings)) {
            return new RoundsStress(runtime).rounds(rounds, threads, seed);
        }
    }

    private Result rounds(int rounds, int threads, long seed) throws LoadException, InterruptedException {
        int first = rounds / 10; // what is loaded once and cached is there by then
        try (var _ = new Cores(runtime)) {
            var lasting = open(LASTING, "choose", 1).load();
            var producers = new Producers(threads, seed);
            for (int number = 0; number < first; number++) {
                round(lasting, number);
            }
            var before = MemoryUse.settled();
            for (int number = first; number < rounds; number++) {
                round(lasting, number);
            }
            var after = MemoryUse.settled();
            producers.stop();
            awaitRings(); // because unloading drops what waits
            var ofLasting = Witness.of(lasting);
            lasting.unload();

            checkRuns(LASTING, ofLasting, account(LASTING, "control").ok());
            checkRuns(PASSING, ofPassing, 0); // its control codelet counts nowhere
            checkLasting(ofLasting, producers);
            checkStreams();
            return new Result(producers.fired(), runtime.accounts(), runtime.streamAccounts(), problems, before, after);
        }
    }

    private void round(CodeletSet lasting, int number) throws LoadException {
        int answer = 1 + number % 2;
        var passing = open(PASSING, "decide", answer).load();
        lasting.replace(open(LASTING, "choose", answer));
        passing.replace(open(PASSING, "decide", 3 - answer));
        passing.unload();
        ofPassing = ofPassing.plus(Witness.of(passing));
    }

    private OpenSet open(String name, String control, int answer) throws LoadException {
        var text = "codeletset: " + name + "\n" + CODELETS.formatted(control, answer, name + "_samples");
        return runtime.open(DescriptorReader.parse(text, name, folder()));
    }

    static Path folder() {
        try {
            return Path.of(RoundsStress.class.getResource("/codelets").toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private void awaitRings() {
        while (runtime.accounts().stream().anyMatch(account -> account.waiting() > 0 || account.missing() != 0)) {
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private AttachmentAccount account(String set, String codelet) {
        return runtime.accounts().stream()
                .filter(account ->
                        account.codeletSet().equals(set) && account.codelet().equals(codelet))
                .findFirst()
                .orElseThrow();
    }

    /** Compares what codelets have counted with the accounts. */
    private void checkRuns(String set, Witness witness, long controlled) {
        long queued = account(set, "queued").ok();
        long called = account(set, "called").ok();
        equal(set, "runs of linked codelets", witness.shared(), queued + called + controlled);
        equal(set, "runs by core", witness.queued(), queued);
        equal(set, "runs by inline slot", witness.called(), called);
        equal(set, "events of producers", witness.seen(), queued);
        equal(set, "events that came twice or too late", witness.twice(), 0);
        for (var account : runtime.accounts()) {
            require(
                    account.missing() == 0 && account.waiting() == 0 && account.failed() == 0,
                    "codelet `%s/%s` does not add up: %s",
                    account.codeletSet(),
                    account.codelet(),
                    account);
        }
    }

    /** The lasting set was attached all the time: what it has not run, it has dropped. */
    private void checkLasting(Witness witness, Producers producers) {
        for (var codelet : List.of("queued", "called", "control")) {
            equal(
                    LASTING,
                    "events of `" + codelet + "`",
                    account(LASTING, codelet).offered(),
                    producers.fired());
        }
        long dropped = account(LASTING, "queued").dropped().values().stream()
                .mapToLong(n -> n)
                .sum();
        long neverCame = witness.skipped() + producers.fired() - witness.last();
        equal(LASTING, "events that never came", neverCame, dropped);
        equal(LASTING, "answers that no codelet gives", producers.wrongAnswers(), 0);
    }

    private void checkStreams() {
        long delivered = 0;
        for (var stream : runtime.streamAccounts()) {
            delivered += stream.delivered();
            require(
                    stream.missing() == 0 && stream.waiting() == 0,
                    "stream `%s` does not add up: %s",
                    stream.stream(),
                    stream);
        }
        require(delivered == records.get(), "%d records were delivered, %d have arrived", delivered, records.get());
    }

    private void equal(String set, String what, long counted, long expected) {
        require(counted == expected, "set `%s`: %s: %d, expected %d", set, what, counted, expected);
    }

    private void require(boolean holds, String text, Object... values) {
        if (!holds) {
            problems.add(text.formatted(values));
        }
    }
}
