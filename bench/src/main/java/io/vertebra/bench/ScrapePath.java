package io.vertebra.bench;

import static io.vertebra.bench.BenchHooks.HOOKS;

import io.micrometer.core.instrument.Counter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertebra.config.Buckets;
import io.vertebra.config.CodeletSetDescriptor.Execution;
import io.vertebra.config.Decoder;
import io.vertebra.config.MetricSpec;
import io.vertebra.config.MetricSpec.LabelSpec;
import io.vertebra.connectors.prometheus.DeclaredMetrics;
import io.vertebra.connectors.prometheus.MetricsPage;
import io.vertebra.verticles.VertebraConfig;
import io.vertebra.vm.map.BpfMap;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * How long a scrape of 100,000 series takes, those of a codelet's map beside as many counters of Micrometer, in turns; and
 * how long a hook takes that counts in that map, with and without scrapes at the same time (P16). Prints {@code KEY VALUE}
 * lines.
 */
public final class ScrapePath {

    private static final int SERIES = 100_000;
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
    private static final int WARM_UP_TURNS = 10;
    private static final int CALLS = 400_000;

    private ScrapePath() {}

    private interface Page {
        byte[] scrape();
    }

    /** Runs it: {@code main(TURNS)}. */
    public static void main(String[] arguments) throws Exception {
        int turns = Integer.parseInt(arguments[0]);
        try (var vertebra = OutputSet.start(VertebraConfig.defaults())) {
            var set = OutputSet.load(vertebra, Execution.INLINE, List.of("counted"), "");
            for (int key = 0; key < SERIES; key++) {
                HOOKS.counter(key);
            }
            var map = set.map("series").orElseThrow();
            Page ours = ours(map);
            Page micrometer = micrometer();
            requireSame(ours, micrometer);
            for (int turn = -WARM_UP_TURNS; turn < turns; turn++) {
                double ofOurs = millis(ours);
                double ofMicrometer = millis(micrometer);
                if (turn >= 0) {
                    OutputSet.line("scrape/declared", ofOurs);
                    OutputSet.line("scrape/micrometer", ofMicrometer);
                }
            }
            calls("warm", turns);
            for (int turn = 0; turn < turns; turn++) {
                calls("alone", turn);
                scraping(ours, turn);
            }
        }
    }

    private static Page ours(BpfMap map) {
        var label = new LabelSpec("key", List.of(new Decoder.Uint()), OptionalLong.empty());
        var metric = new MetricSpec(
                "series",
                "",
                "bench_series_total",
                "Events.",
                MetricSpec.Type.COUNTER,
                1,
                Buckets.LOG2,
                List.of(label));
        var declared = new DeclaredMetrics(SERIES, () -> Set.of("outputs"));
        declared.add("outputs", List.of(metric), _ -> map);
        var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        registry.getPrometheusRegistry().register(declared);
        var page = new MetricsPage(registry);
        return () -> page.scrape(TEXT).body();
    }

    private static Page micrometer() {
        var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        for (int key = 0; key < SERIES; key++) {
            Counter.builder("bench.series")
                    .description("Events.")
                    .tag("key", Integer.toString(key))
                    .register(registry)
                    .increment();
        }
        return () -> {
            try {
                var body = new ByteArrayOutputStream();
                registry.scrape(body, TEXT);
                return body.toByteArray();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        };
    }

    /** Both pages show the same series with the same numbers. */
    private static void requireSame(Page ours, Page micrometer) {
        var one = series(ours);
        var other = series(micrometer);
        if (one.length != SERIES || !Arrays.equals(one, other)) {
            throw new IllegalStateException("pages of " + one.length + " and " + other.length + " series differ");
        }
    }

    private static String[] series(Page page) {
        return new String(page.scrape(), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith("bench_series_total"))
                .sorted()
                .toArray(String[]::new);
    }

    private static double millis(Page page) {
        long begin = System.nanoTime();
        if (page.scrape().length == 0) {
            throw new IllegalStateException("empty page");
        }
        return (System.nanoTime() - begin) / 1e6;
    }

    private static void scraping(Page page, int turn) throws InterruptedException {
        var stop = new AtomicBoolean();
        var scraper = Thread.ofPlatform().start(() -> {
            while (!stop.get()) {
                millis(page);
            }
        });
        calls("scraped", turn);
        stop.set(true);
        scraper.join();
    }

    /** Times calls of the hook with keys of the map, one by one. */
    private static void calls(String key, int seed) {
        var random = new SplittableRandom(seed);
        long[] nanos = new long[CALLS];
        for (int i = 0; i < CALLS; i++) {
            int series = random.nextInt(SERIES);
            long begin = System.nanoTime();
            HOOKS.counter(series);
            nanos[i] = System.nanoTime() - begin;
        }
        Arrays.sort(nanos);
        OutputSet.line("call/" + key + "_p50", nanos[CALLS / 2]);
        OutputSet.line("call/" + key + "_p99", nanos[CALLS / 100 * 99]);
    }
}
