package io.vertebra.bench;

import io.vertebra.bench.Samples.Spread;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** The aims beside what was measured, and all figures behind them, as Markdown. */
final class Report {

    /** Aims as ratios to uBPF, by codelet: P2, P3, P4. */
    private static final Map<String, Double> UBPF_AIMS = Map.of(
            "filter", 0.21,
            "chain", 0.34,
            "counter", 0.09,
            "counter_atomic", 0.25,
            "histogram", 0.30,
            "prime", 0.33,
            "parse", 0.60,
            "fnv", 0.89,
            "checksum", 0.21);

    private static final List<String> P3 = List.of("chain", "counter", "counter_atomic", "histogram", "prime");
    private static final List<String> P4 = List.of("parse", "fnv", "checksum");

    private final Samples samples;
    private final List<String> lines = new ArrayList<>();

    private Report(Samples samples) {
        this.samples = samples;
    }

    /** The report: when, on what, and the tables. */
    static String of(String head, List<String> machine, Samples samples) {
        var report = new Report(samples);
        report.lines.add("# Benchmark results\n");
        report.lines.add(head + "; written by `bench/run`. Times are nanoseconds of CPU time for one event,");
        report.lines.add("smallest / first quartile / median; ratios are those of the smallest / of the medians.\n");
        machine.forEach(line -> report.lines.add("- " + line));
        report.aims();
        report.codelets();
        report.lengths();
        report.switches();
        return String.join("\n", report.lines) + "\n";
    }

    // ---- aims ----

    private void aims() {
        lines.add("\n| # | what | aim | measured | met | bytes/event |\n|---|---|---|---|---|---|");
        over("P1", "hook with nothing attached, over no hook", "application/detached", 0.3);
        over("P1", "the same behind its guard, with costly arguments", "application/guarded", 0.3);
        over("P2", "inline hook + filter, over no hook", "application/filter", 1);
        ofUbpf("P2", "filter");
        ofNative("P2", "filter");
        over("P2b", "inline codelet that needs a slot, over no hook", "application/per_core", 15);
        for (var codelet : P3) {
            ofUbpf("P3", codelet);
            ofNative("P3", codelet);
        }
        P4.forEach(codelet -> ofUbpf("P4", codelet));
        executors();
        lengthRatio();
        latency("P11", "attach (read, verify, compile, attach)", "switch/attach");
        latency("P11", "detach", "switch/detach");
        difference("P18", "statistics and account of a filter's run", "hook/filter", "direct/filter", 1);
    }

    private void over(String number, String what, String key, double aim) {
        difference(number, what, key, "application/no_hook", aim);
    }

    private void difference(String number, String what, String key, String base, double aim) {
        var a = samples.spread(key);
        var b = samples.spread(base);
        if (a.isEmpty() || b.isEmpty()) {
            row(number, what, "<= " + aim + " ns", "-", "-", key);
            return;
        }
        double min = a.get().min() - b.get().min();
        double median = a.get().median() - b.get().median();
        row(number, what, "<= " + aim + " ns", "%+.2f / %+.2f ns".formatted(min, median), met(min, median, aim), key);
    }

    private void ofUbpf(String number, String codelet) {
        ratio(number, codelet + ", of uBPF", "hook/" + codelet, "ubpf/" + codelet, UBPF_AIMS.get(codelet));
    }

    private void ofNative(String number, String codelet) {
        ratio(number, codelet + ", of native", "hook/" + codelet, "native/" + codelet, 1);
    }

    private void ratio(String number, String what, String key, String base, double aim) {
        var min = quotient(key, base, Spread::min);
        var median = quotient(key, base, Spread::median);
        row(number, what, "<= " + aim + "x", pair(min, median), met(min, median, aim), key);
    }

    private void executors() {
        var minimum = geometricMean("interpreter/", "jit/", Spread::min);
        var median = geometricMean("interpreter/", "jit/", Spread::median);
        row(
                "P5",
                "JIT over interpreter, geometric mean",
                ">= 20x",
                pair(minimum, median),
                minimum.isEmpty() ? "-" : met(-minimum.get(), -median.get(), -20),
                "");
        var ourMin = geometricMean("interpreter/", "ubpf_interpreter/", Spread::min);
        var ourMedian = geometricMean("interpreter/", "ubpf_interpreter/", Spread::median);
        row(
                "P5",
                "interpreter, of uBPF's, geometric mean",
                "<= 1x",
                pair(ourMin, ourMedian),
                met(ourMin, ourMedian, 1),
                "");
    }

    private Optional<Double> geometricMean(String of, String by, ToDoubleFunction<Spread> which) {
        double sum = 0;
        for (var codelet : Codelet.NAMES) {
            var quotient = quotient(of + codelet, by + codelet, which);
            if (quotient.isEmpty()) {
                return Optional.empty();
            }
            sum += Math.log(quotient.get());
        }
        return Optional.of(Math.exp(sum / Codelet.NAMES.size()));
    }

    private void lengthRatio() {
        var min = perInstruction(4096, Spread::min)
                .flatMap(a -> perInstruction(500, Spread::min).map(b -> a / b));
        var median = perInstruction(4096, Spread::median)
                .flatMap(a -> perInstruction(500, Spread::median).map(b -> a / b));
        row("P6", "executed instruction of 4,096 over one of 500", "<= 2x", pair(min, median), met(min, median, 2), "");
    }

    private void latency(String number, String what, String key) {
        var spread = samples.spread(key);
        row(
                number,
                what,
                "<= 5 ms",
                spread.map(s -> cell(s) + " ms").orElse("-"),
                spread.map(s -> met(s.min(), s.median(), 5)).orElse("-"),
                "");
    }

    private void row(String number, String what, String aim, String measured, String met, String bytesOf) {
        var bytes = samples.spread(bytesOf + Benchmarks.BYTES)
                .map(s -> bytes(s.median()))
                .orElse("");
        lines.add("| " + String.join(" | ", number, what, aim, measured, met, bytes) + " |");
    }

    private static String met(Optional<Double> min, Optional<Double> median, double aim) {
        return min.isEmpty() || median.isEmpty() ? "-" : met(min.get(), median.get(), aim);
    }

    private static String met(double min, double median, double aim) {
        return min <= aim && median <= aim
                ? "yes"
                : min <= aim ? "smallest only" : median <= aim ? "median only" : "no";
    }

    // ---- figures ----

    private void codelets() {
        lines.add("\n"
                + "| codelet | hook | its code inlined | called, JIT | called, interpreter | native | uBPF JIT |"
                + " uBPF interpreter | hook of native | hook of uBPF |\n"
                + "|---|---|---|---|---|---|---|---|---|---|");
        for (var codelet : Codelet.NAMES) {
            List<String> cells = new ArrayList<>(List.of(codelet));
            for (var executor : List.of("hook", "direct", "jit", "interpreter", "native", "ubpf", "ubpf_interpreter")) {
                cells.add(samples.spread(executor + "/" + codelet)
                        .map(Report::cell)
                        .orElse("-"));
            }
            for (var base : List.of("native/", "ubpf/")) {
                cells.add(pair(
                        quotient("hook/" + codelet, base + codelet, Spread::min),
                        quotient("hook/" + codelet, base + codelet, Spread::median)));
            }
            lines.add("| " + String.join(" | ", cells) + " |");
        }
        lines.add("\nThe application alone: "
                + samples.spread("application/no_hook").map(Report::cell).orElse("-") + " ns.");
    }

    private void lengths() {
        lines.add("\n| instructions | executed | ns | ns for an executed instruction |\n|---|---|---|---|");
        for (int length : SizedProgram.LENGTHS) {
            var spread = samples.spread("length/" + length);
            var executed = samples.spread("executed/" + length).orElseThrow().median();
            lines.add("| %d | %.0f | %s | %s |"
                    .formatted(
                            length,
                            executed,
                            spread.map(Report::cell).orElse("-"),
                            spread.map(s -> cell(s.dividedBy(executed))).orElse("-")));
        }
    }

    private void switches() {
        lines.add("\n| switch, ms | smallest / first quartile / median | largest |\n|---|---|---|");
        Map<String, String> rows = Map.of(
                "attach",
                "attach",
                "read_and_verify",
                "of it: read and verify",
                "compile",
                "of it: compile",
                "detach",
                "detach",
                "attach_window",
                "slower than twice the pace after attaching",
                "detach_window",
                "slower than twice the pace after detaching",
                "first_attach",
                "first attach of the JVM");
        for (var key : List.of(
                "attach", "read_and_verify", "compile", "detach", "attach_window", "detach_window", "first_attach")) {
            var spread = samples.spread("switch/" + key);
            lines.add("| %s | %s | %s |"
                    .formatted(
                            rows.get(key),
                            spread.map(Report::cell).orElse("-"),
                            spread.map(s -> number(s.max())).orElse("-")));
        }
    }

    private Optional<Double> perInstruction(int length, ToDoubleFunction<Spread> which) {
        double executed = samples.spread("executed/" + length).orElseThrow().median();
        return samples.spread("length/" + length).map(s -> which.applyAsDouble(s) / executed);
    }

    private Optional<Double> quotient(String key, String base, ToDoubleFunction<Spread> which) {
        return samples.spread(key)
                .flatMap(a -> samples.spread(base).map(b -> which.applyAsDouble(a) / which.applyAsDouble(b)));
    }

    private static String pair(Optional<Double> min, Optional<Double> median) {
        return min.isEmpty() || median.isEmpty() ? "-" : "%s / %sx".formatted(number(min.get()), number(median.get()));
    }

    private static String cell(Spread spread) {
        return number(spread.min()) + " / " + number(spread.p25()) + " / " + number(spread.median());
    }

    private static String bytes(double value) {
        return value < 0.05 ? "0" : number(value);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%,.0f", value);
    }
}
