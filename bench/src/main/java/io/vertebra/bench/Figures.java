package io.vertebra.bench;

import io.vertebra.bench.Samples.Spread;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The tables of all figures that aims are judged by, and of what explains them. */
final class Figures {

    private static final List<String> EXECUTORS =
            List.of("hook/", "direct/", "jit/", "interpreter/", "native/", "ubpf/", "ubpf_interpreter/");

    /** A kind of switch and how the table calls it. */
    private record Switch(String key, String name) {}

    private static final List<Switch> SWITCHES = List.of(
            new Switch("attach", "attach"),
            new Switch("attach_window", "slower than twice the later pace, after attaching"),
            new Switch("detach", "detach"),
            new Switch("detach_window", "slower than twice the later pace, after detaching"),
            new Switch("load", "load"),
            new Switch("read_and_verify", "of it: read and verify"),
            new Switch("compile", "of it: compile"),
            new Switch("unload", "unload"),
            new Switch("first_load", "first load of a JVM"));

    private Figures() {}

    /** Nanoseconds of each codelet by each executor. */
    static List<String> codelets(Samples samples) {
        List<String> rows = new ArrayList<>();
        rows.add(Cells.titles(
                "codelet, ns",
                "inline hook",
                "code inlined, no hook",
                "JIT, called",
                "interpreter, called",
                "native",
                "uBPF JIT",
                "uBPF interpreter",
                "hook of native",
                "hook of uBPF"));
        for (var codelet : Codelet.NAMES) {
            List<String> cells = new ArrayList<>(List.of(codelet));
            EXECUTORS.forEach(executor -> cells.add(Cells.spread(samples.spread(executor + codelet))));
            for (var base : List.of("native/", "ubpf/")) {
                var ratio = Compared.ratio(samples.spread("hook/" + codelet), samples.spread(base + codelet));
                cells.add(Cells.compared(ratio, "x"));
            }
            rows.add(Cells.row(cells));
        }
        return rows;
    }

    /** Nanoseconds of programs of several lengths. */
    static List<String> lengths(Samples samples) {
        List<String> rows = new ArrayList<>();
        rows.add(Cells.titles("instructions", "executed", "ns", "ns for an executed instruction"));
        for (int length : SizedProgram.LENGTHS) {
            rows.add(Cells.row(List.of(
                    Integer.toString(length),
                    Long.toString(Math.round(executed(samples, length))),
                    Cells.spread(samples.spread("length/" + length)),
                    Cells.spread(perInstruction(samples, length)))));
        }
        return rows;
    }

    /** Nanoseconds of one executed instruction of a program of some length. */
    static Optional<Spread> perInstruction(Samples samples, int length) {
        return samples.spread("length/" + length).map(s -> s.dividedBy(executed(samples, length)));
    }

    private static double executed(Samples samples, int length) {
        return samples.spread("executed/" + length).orElseThrow().median();
    }

    /** Milliseconds of attaching, detaching and what belongs to it. */
    static List<String> switches(Samples samples) {
        List<String> rows = new ArrayList<>();
        rows.add(Cells.titles("switch, ms", "smallest / first quartile / median", "largest"));
        for (var one : SWITCHES) {
            var spread = samples.spread("switch/" + one.key());
            rows.add(Cells.row(List.of(one.name(), Cells.spread(spread), Cells.largest(spread))));
        }
        return rows;
    }

    /** The queued path, by the bytes of an event's fields and the number of threads that fire. */
    static List<String> queued(Samples samples) {
        List<String> rows = new ArrayList<>();
        rows.add(Cells.titles(
                "bytes x threads",
                "publish, ns of each",
                "largest",
                "CPU of all else, ns of each",
                "all the way, M events/s",
                "largest",
                "dropped, %"));
        for (var one : List.of("32x1", "64x1", "32x4", "64x4")) {
            var publish = samples.spread("publish/" + one);
            var queued = samples.spread("queued/" + one);
            rows.add(Cells.row(List.of(
                    one,
                    Cells.spread(publish),
                    Cells.largest(publish),
                    Cells.spread(samples.spread("consume/" + one)),
                    Cells.spread(queued),
                    Cells.largest(queued),
                    Cells.largest(samples.spread("dropped/" + one)))));
        }
        return rows;
    }
}
