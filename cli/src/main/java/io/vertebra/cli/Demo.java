package io.vertebra.cli;

import io.vertebra.examples.gateway.GatewayApplication;
import io.vertebra.examples.gateway.Route;
import io.vertebra.verticles.Vertebra;
import io.vertebra.verticles.VertebraConfig;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The main job on real traffic: codelets watch a gateway from the first request, and from the middle on others steer it;
 * the delay histograms of both phases show the difference.
 */
final class Demo {
    private static final int STEER_AFTER_SECONDS = 10;
    private static final long SETTLE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final VertebraConfig config;
    private final OptionalInt seconds;
    private final List<Path> sets;
    private final DemoTerminal terminal;
    private final CountDownLatch stopped = new CountDownLatch(1);

    /**
     * A demo that has not begun.
     *
     * @param seconds how long to run; empty until the JVM is told to stop
     * @param sets descriptors of codelet sets to load beside the demo's own
     */
    Demo(VertebraConfig config, OptionalInt seconds, List<Path> sets, DemoTerminal terminal) {
        this.config = config;
        this.seconds = seconds;
        this.sets = List.copyOf(sets);
        this.terminal = terminal;
    }

    /** Runs it and returns whether every event and record is accounted for. */
    boolean run() throws Exception {
        var finished = new CountDownLatch(1);
        var atCtrlC = new Thread(() -> finish(finished), "demo-stop");
        Runtime.getRuntime().addShutdownHook(atCtrlC);
        try {
            return watchAndSteer();
        } finally {
            finished.countDown();
        }
    }

    /** On Ctrl-C: ask for the end and keep the JVM alive until the summary is printed. */
    private void finish(CountDownLatch finished) {
        stopped.countDown();
        try {
            finished.await(2 * config.outputs().closeDeadline().toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean watchAndSteer() throws Exception {
        var vertebra = Vertebra.start(config);
        Outcome outcome;
        try (vertebra;
                var application = GatewayApplication.start()) {
            outcome = watchAndSteer(vertebra, application);
        }
        terminal.histograms("before", outcome.beforeSteering().delays());
        terminal.histograms("steered", since(outcome.beforeSteering(), outcome.atEnd()));
        return terminal.account(
                outcome.answered(), outcome.atEnd().responses(), vertebra.accounts(), vertebra.outputAccounts());
    }

    private Outcome watchAndSteer(Vertebra vertebra, GatewayApplication application) throws Exception {
        terminal.loaded(vertebra.load(GatewayApplication.watching()));
        for (var set : sets) {
            terminal.loaded(vertebra.load(set));
        }
        terminal.started(vertebra.port(), application.port());
        application.drive();
        var beforeSteering = everySecond(vertebra);
        application.quieten();
        settle(vertebra, application);
        return new Outcome(beforeSteering, DemoReadings.of(vertebra), application.answered());
    }

    private record Outcome(DemoReadings beforeSteering, DemoReadings atEnd, long answered) {}

    /** A line a second until the end; returns what was known when the steering began. */
    private DemoReadings everySecond(Vertebra vertebra) throws Exception {
        int steerAt = Math.min(STEER_AFTER_SECONDS, seconds.orElse(Integer.MAX_VALUE) / 2);
        var beforeSteering = DemoReadings.none();
        var last = DemoReadings.none();
        for (int second = 1; !stopped.await(1, TimeUnit.SECONDS); second++) {
            var now = DemoReadings.of(vertebra);
            terminal.second(second, now, last);
            last = now;
            if (second == steerAt) {
                terminal.loaded(vertebra.load(GatewayApplication.steering()));
                beforeSteering = now;
            }
            if (seconds.isPresent() && second >= seconds.getAsInt()) {
                break;
            }
        }
        return beforeSteering;
    }

    /** Waits until the last requests are answered and the last events have run, so that maps and application agree. */
    private static void settle(Vertebra vertebra, GatewayApplication application) throws InterruptedException {
        long deadline = System.nanoTime() + SETTLE_NANOS;
        while ((application.busy() || waiting(vertebra)) && System.nanoTime() - deadline < 0) {
            Thread.sleep(10);
        }
    }

    private static boolean waiting(Vertebra vertebra) {
        return vertebra.accounts().stream().anyMatch(account -> account.waiting() > 0);
    }

    private static Map<Route, Log2Histogram> since(DemoReadings earlier, DemoReadings later) {
        var difference = new EnumMap<Route, Log2Histogram>(Route.class);
        later.delays().forEach((route, delays) -> difference.put(route, delays.since(earlier.delay(route))));
        return difference;
    }
}
