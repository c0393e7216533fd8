package io.vertebra.bench;

import io.vertebra.bench.Samples.Spread;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The tables of what {@code bench/run --outputs} measures: aims, and the figures that they are judged by. */
final class OutputAims {

    private final Samples samples;

    private OutputAims(Samples samples) {
        this.samples = samples;
    }

    /** The lines of both tables. */
    static List<String> tables(Samples samples) {
        var aims = new OutputAims(samples);
        List<String> rows = new ArrayList<>();
        rows.addAll(aims.aims());
        rows.add("");
        rows.addAll(aims.rates());
        rows.add("");
        rows.addAll(aims.scrapes());
        return rows;
    }

    private List<String> aims() {
        var rate = of("rate_output/unread").map(r -> new Compared(r.max(), r.median()));
        var bestEffort = faster("raw", "best_effort");
        var scrape = Compared.ratio(of("scrape/declared"), of("scrape/micrometer"));
        var call = Compared.ratio(of("call/scraped_p99"), of("call/alone_p99"));
        return List.of(
                Cells.titles("#", "what", "aim", "measured", "met"),
                row(
                        "P9",
                        "records of 64 bytes, from hook to a connector that does nothing",
                        ">= 5 M records/s",
                        Cells.compared(rate, " M/s"),
                        rate.map(r -> r.atLeast(5))),
                row(
                        "P10",
                        "to Kafka, best effort, of the raw producer's records/s",
                        ">= 0.9x",
                        Cells.compared(bestEffort, "x"),
                        bestEffort.map(r -> r.atLeast(0.9))),
                row(
                        "P10",
                        "to Kafka, at least once, of the raw producer's records/s",
                        "",
                        Cells.compared(faster("raw", "at_least_once"), "x"),
                        Optional.empty()),
                row(
                        "P16",
                        "scrape of 100,000 series, of Micrometer's",
                        "<= 1.0x",
                        Cells.compared(scrape, "x"),
                        scrape.map(r -> r.atMost(1))),
                row(
                        "P16",
                        "p99 of a hook's calls while scraping, of the same without",
                        "1.0x",
                        Cells.compared(call, "x"),
                        call.map(r -> r.atMost(1.05))));
    }

    /** How many times as many records a second the other sends. */
    private Optional<Compared> faster(String one, String other) {
        return Compared.ratio(of("nanos_kafka/" + one), of("nanos_kafka/" + other));
    }

    private List<String> rates() {
        return List.of(
                Cells.titles(
                        "records",
                        "M/s: smallest / first quartile / median",
                        "best",
                        "CPU of the JVM, ns of each",
                        "bytes allocated for each"),
                rate("to a connector that does nothing", "output", "unread"),
                rate("raw producer", "kafka", "raw"),
                rate("to Kafka, best effort", "kafka", "best_effort"),
                rate("to Kafka, at least once", "kafka", "at_least_once"));
    }

    private String rate(String name, String part, String key) {
        var rate = of("rate_" + part + "/" + key);
        return Cells.row(List.of(
                name,
                Cells.spread(rate),
                Cells.largest(rate),
                Cells.spread(of("cpu_" + part + "/" + key)),
                Cells.bytes(of("nanos_" + part + "/" + key + Benchmarks.BYTES))));
    }

    private List<String> scrapes() {
        return List.of(
                Cells.titles("100,000 series", "smallest / first quartile / median", "largest"),
                figure("scrape of a codelet's map, ms", "scrape/declared"),
                figure("scrape of Micrometer's counters, ms", "scrape/micrometer"),
                figure("a hook's call that counts in the map, p50, ns", "call/alone_p50"),
                figure("the same while scraping", "call/scraped_p50"),
                figure("p99, ns", "call/alone_p99"),
                figure("the same while scraping", "call/scraped_p99"));
    }

    private String figure(String name, String key) {
        return Cells.row(List.of(name, Cells.spread(of(key)), Cells.largest(of(key))));
    }

    private Optional<Spread> of(String key) {
        return samples.spread(key);
    }

    private static String row(String number, String what, String aim, String measured, Optional<String> met) {
        return Cells.row(List.of(number, what, aim, measured, Cells.verdict(met)));
    }
}
