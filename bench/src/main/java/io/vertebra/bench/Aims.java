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

    private void others() {
        var instruction = Compared.ratio(Figures.perInstruction(samples, 4096), Figures.perInstruction(samples, 500));
        atMost("P6", "an executed instruction of 4,096, of one of 500", instruction, 2, "");
        latency("P11", "attach a loaded set, while it is fired", "attach");
        latency("P11", "detach it", "detach");
        latency("P11", "load: read, verify, compile, attach", "load");
        difference("P18", "account and statistics of a filter's run", "hook/filter", "direct/filter", 1);
    }

    private void latency(String number, String what, String key) {
        var spread = samples.spread("switch/" + key);
        var verdict = spread.map(s -> new Compared(s.min(), s.median()).atMost(5));
        row(
                number,
                what,
                "<= 5 ms",
                spread.isEmpty() ? Cells.spread(spread) : Cells.spread(spread) + " ms",
                verdict,
                "");
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
