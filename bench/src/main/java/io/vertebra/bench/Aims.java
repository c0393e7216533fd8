package io.vertebra.bench;

import io.vertebra.bench.Samples.Spread;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The table of aims: what each is, what was measured, and whether that meets it. */
final class Aims {

    /** An aim for a codelet on an inline hook, as a ratio to uBPF. */
    private record OfUbpf(String number, String codelet, double ratio) {}

    private static final List<OfUbpf> OF_UBPF = List.of(
            new OfUbpf("P2", "filter", 0.21),
            new OfUbpf("P3", "chain", 0.34),
            new OfUbpf("P3", "counter", 0.09),
            new OfUbpf("P3", "counter_atomic", 0.25),
            new OfUbpf("P3", "histogram", 0.30),
            new OfUbpf("P3", "prime", 0.33),
            new OfUbpf("P4", "parse", 0.60),
            new OfUbpf("P4", "fnv", 0.89),
            new OfUbpf("P4", "checksum", 0.21));

    private final Samples samples;
    private final List<String> rows = new ArrayList<>();

    private Aims(Samples samples) {
        this.samples = samples;
    }

    /** The lines of the table. */
    static List<String> table(Samples samples) {
        var aims = new Aims(samples);
        aims.rows.add(Cells.titles("#", "what", "aim", "measured", "met", "bytes/event"));
        aims.hooks();
        OF_UBPF.forEach(aims::codelet);
        aims.executors();
        aims.queued();
        aims.others();
        return aims.rows;
    }

    private void hooks() {
        overNoHook("P1", "hook with nothing attached", "detached", 0.3);
        overNoHook("P1", "the same behind its guard, with costly arguments", "guarded", 0.3);
        overNoHook("P2", "inline hook + filter", "filter", 1);
        overNoHook("P2b", "inline codelet that needs a slot", "per_core", 15);
    }

    private void overNoHook(String number, String what, String benchmark, double aim) {
        difference(number, what + ", over no hook", "application/" + benchmark, "application/no_hook", aim);
    }

    private void difference(String number, String what, String key, String base, double aim) {
        var difference = Compared.difference(samples.spread(key), samples.spread(base));
        row(
                number,
                what,
                "<= " + aim + " ns",
                Cells.compared(difference, " ns"),
                difference.map(d -> d.atMost(aim)),
                key);
    }

    private void codelet(OfUbpf aim) {
        var codelet = aim.codelet();
        atMost(aim.number(), codelet + ", of uBPF", ratio("hook/", "ubpf/", codelet), aim.ratio(), "hook/" + codelet);
        if (!aim.number().equals("P4")) {
            atMost(aim.number(), codelet + ", of native", ratio("hook/", "native/", codelet), 1, "hook/" + codelet);
        }
    }

    private void executors() {
        atLeast20("P5", "JIT, inlined, over interpreter: geometric mean", mean("interpreter/", "direct/"));
        atLeast20("P5", "JIT, called, over interpreter: geometric mean", mean("interpreter/", "jit/"));
        atMost("P5", "interpreter, of uBPF's: geometric mean", mean("interpreter/", "ubpf_interpreter/"), 1, "");
    }

    private void queued() {
        for (int size : List.of(32, 64)) {
            publish(size, "1", "one producer", 13);
            publish(size, "4", "four producers", 25);
        }
        var rate = samples.spread("queued/32x1");
        row(
                "P8",
                "queued, from hook to counter codelet, 1 producer and 1 core",
                ">= 80 M events/s",
                Cells.compared(rate.map(r -> new Compared(r.max(), r.median())), " M/s"),
                rate.map(r -> new Compared(r.max(), r.median()).atLeast(80)),
                "");
        atMostOf("P8", "idle CPU, wake: immediate", "idle/immediate", 0.5, "%");
        atMostOf("P8", "idle CPU, wake: timer", "idle/timer", 0.5, "%");
        atMostOf("P8", "from firing to run of a sleeping core, p50", "wake/late_p50", 50, " us");
        atMostOf("P8", "the same, p99", "wake/late_p99", 500, " us");
        atMostOf("P8", "what waking costs who fires, p50", "wake/paid_p50", 10, " us");
    }

    private void publish(int size, String threads, String who, double aim) {
        var key = "publish/" + size + "x" + threads;
        atMostOf("P7", "publish an event of " + size + " bytes, " + who, key, aim, " ns");
    }

    /** A row whose measure is not compared with another one. */
    private void atMostOf(String number, String what, String key, double aim, String unit) {
        var spread = samples.spread(key);
        row(
                number,
                what,
                "<= " + aim + unit,
                spread.isEmpty() ? Cells.spread(spread) : Cells.spread(spread) + unit,
                spread.map(s -> new Compared(s.min(), s.median()).atMost(aim)),
                key);
    }

    private void others() {
        var instruction = Compared.ratio(Figures.perInstruction(samples, 4096), Figures.perInstruction(samples, 500));
        atMost("P6", "an executed instruction of 4,096, of one of 500", instruction, 2, "");
        atMostOf("P11", "attach a loaded set, while it is fired", "switch/attach", 5, " ms");
        atMostOf("P11", "detach it", "switch/detach", 5, " ms");
        atMostOf("P11", "load: read, verify, compile, attach", "switch/load", 5, " ms");
        difference("P18", "account and statistics of a filter's run", "hook/filter", "direct/filter", 1);
    }

    private Optional<Compared> ratio(String of, String by, String codelet) {
        return Compared.ratio(samples.spread(of + codelet), samples.spread(by + codelet));
    }

    private Optional<Compared> mean(String of, String by) {
        return Compared.geometricMean(
                Codelet.NAMES.stream().map(codelet -> ratio(of, by, codelet)).toList());
    }

    private void atMost(String number, String what, Optional<Compared> ratio, double aim, String key) {
        row(number, what, "<= " + aim + "x", Cells.compared(ratio, "x"), ratio.map(r -> r.atMost(aim)), key);
    }

    private void atLeast20(String number, String what, Optional<Compared> ratio) {
        row(number, what, ">= 20x", Cells.compared(ratio, "x"), ratio.map(r -> r.atLeast(20)), "");
    }

    private void row(String number, String what, String aim, String measured, Optional<String> met, String key) {
        Optional<Spread> bytes = samples.spread(key + Benchmarks.BYTES);
        rows.add(Cells.row(List.of(number, what, aim, measured, Cells.verdict(met), Cells.bytes(bytes))));
    }
}
