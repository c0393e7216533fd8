package io.vertebra.runtime.stress;

import static io.vertebra.runtime.stress.StressHooks.HOOKS;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Threads that fire the stress's hooks in bursts, each with a number and its own sequence of 1, 2, 3 ... */
final class Producers {

    private static final int LONGEST_BURST = 64;
    private static final int LONGEST_PAUSE_NANOS = 4_000_000;

    private final List<Thread> threads = new ArrayList<>();
    private final AtomicLong fired = new AtomicLong();
    private final AtomicLong wrong = new AtomicLong();
    private volatile boolean stopped;

    /** Begins to fire. */
    Producers(int count, long seed) {
        var root = new SplittableRandom(seed);
        for (int number = 0; number < count; number++) {
            int producer = number;
            var random = root.split();
            threads.add(Thread.ofPlatform().name("producer-" + number).start(() -> fire(producer, random)));
        }
    }

    private void fire(int producer, SplittableRandom random) {
        long sequence = 0;
        long unanswered = 0;
        while (!stopped) {
            for (int burst = random.nextInt(LONGEST_BURST); burst >= 0; burst--) {
                sequence++;
                HOOKS.published(producer, sequence);
                HOOKS.called(producer, sequence);
                int chosen = HOOKS.choose(producer);
                int decided = HOOKS.decide(producer);
                unanswered += chosen == 1 || chosen == 2 ? 0 : 1;
                unanswered += decided == -1 || decided == producer + 1 || decided == producer + 2 ? 0 : 1;
            }
            LockSupport.parkNanos(random.nextInt(LONGEST_PAUSE_NANOS));
        }
        fired.addAndGet(sequence);
        wrong.addAndGet(unanswered);
    }

    /** Ends firing. */
    void stop() throws InterruptedException {
        stopped = true;
        for (var thread : threads) {
            thread.join();
        }
    }

    /** How often each hook was fired, after the end. */
    long fired() {
        return fired.get();
    }

    /** Answers of control hooks that no codelet can have given, after the end. */
    long wrongAnswers() {
        return wrong.get();
    }
}
