package io.vertebra.verifier.domain;

import io.vertebra.verifier.domain.OperatorProof.Described;
import io.vertebra.verifier.soundness.Options;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * All pairs of scalars of four bits, and at eight bits all constants with scalars of all shapes, and pairs of shapes:
 *
 * <pre>
 *   .ci/soundness operators [--share N] [--part N] [--threads N]
 * </pre>
 *
 * One in {@code share} of the left operands is taken, from {@code part} on: the parts 0 to {@code share - 1} together are
 * everything.
 */
public final class OperatorProofMain {

    private static final int STEP = 3;
    private static final int PAIRED = 700;
    private static final int PROGRESS_MILLIS = 10_000;

    /** A left operand with all its right ones, and how many pairs of numbers these are. */
    private record Task(int width, Described left, List<Described> rights, long pairs) {}

    private final List<Task> tasks = new ArrayList<>();
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicLong checks = new AtomicLong();
    private final long begin = System.nanoTime();
    private final AtomicLong pairs = new AtomicLong();
    private volatile Throwable failure;

    private OperatorProofMain() {}

    /** See the class. */
    public static void main(String[] arguments) throws InterruptedException {
        int processors = Runtime.getRuntime().availableProcessors();
        var options =
                Options.of(arguments, Map.of("--share", "8", "--part", "", "--threads", String.valueOf(processors)));
        int share = Integer.parseInt(options.get("--share"));
        int part = options.get("--part").isEmpty()
                ? new SplittableRandom().nextInt(share)
                : Integer.parseInt(options.get("--part"));
        System.out.printf("part %d of %d%n", part, share);
        new OperatorProofMain().run(share, part, Integer.parseInt(options.get("--threads")));
    }

    private void run(int share, int part, int threads) throws InterruptedException {
        var four = new OperatorProof(4);
        var all = four.everything();
        var eight = new OperatorProof(8);
        var shapes = eight.shapes(STEP);
        var some = OperatorProof.sample(shapes, PAIRED, new SplittableRandom(1));
        four.checkSingle(all);
        eight.checkSingle(shapes);
        checks.addAndGet(four.checks() + eight.checks());
        add(4, all, all, share, part);
        add(8, shapes, eight.constants(), share, part);
        add(8, eight.constants(), shapes, share, part);
        add(8, some, some, share, part);
        var workers = new ArrayList<Thread>();
        for (int i = 0; i < threads; i++) {
            workers.add(Thread.ofPlatform().start(this::work));
        }
        for (var worker : workers) {
            while (!worker.join(Duration.ofMillis(PROGRESS_MILLIS))) {
                progress();
            }
        }
        if (failure != null) {
            throw new AssertionError(failure.getMessage(), failure);
        }
        System.out.printf(
                "%,d results of operators hold: part %d of %d on %,d scalars of 4 and %,d of 8 bits, %.0f s%n",
                checks.get(), part, share, all.size(), shapes.size(), seconds());
    }

    private double seconds() {
        return (System.nanoTime() - begin) / 1e9;
    }

    private void progress() {
        long all = tasks.stream().mapToLong(Task::pairs).sum();
        System.out.printf("%3d%%, %,d results, %.0f s%n", 100 * pairs.get() / all, checks.get(), seconds());
    }

    private void add(int width, List<Described> lefts, List<Described> rights, int share, int part) {
        long numbers = rights.stream().mapToLong(r -> r.numbers().length).sum();
        for (int i = part; i < lefts.size(); i += share) {
            tasks.add(
                    new Task(width, lefts.get(i), rights, numbers * lefts.get(i).numbers().length));
        }
    }

    private void work() {
        try {
            for (int i = next.getAndIncrement(); i < tasks.size() && failure == null; i = next.getAndIncrement()) {
                var task = tasks.get(i);
                var proof = new OperatorProof(task.width());
                proof.check(List.of(task.left()), task.rights());
                checks.addAndGet(proof.checks());
                pairs.addAndGet(task.pairs());
            }
        } catch (AssertionError | RuntimeException e) {
            failure = e;
        }
    }
}
