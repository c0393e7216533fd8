package io.vertebra.cli;

import io.vertebra.examples.gateway.Route;
import io.vertebra.runtime.account.AttachmentAccount;
import io.vertebra.runtime.account.OutputAccount;
import io.vertebra.runtime.codelet.CodeletSet;
import io.vertebra.verifier.report.ReportPrinter;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** What the demo prints: a line a second, and the histograms at the end. */
final class DemoTerminal {
    private static final int HEADER_EVERY = 20;

    private final PrintWriter out;

    DemoTerminal(PrintWriter out) {
        this.out = out;
    }

    /** Where to look while it runs. */
    void started(int port, int gatewayPort) {
        out.println("gateway   http://127.0.0.1:" + gatewayPort + "/");
        out.println("live view http://127.0.0.1:" + port + "/");
        out.println("metrics   http://127.0.0.1:" + port + "/metrics");
    }

    /** A set was verified and attached. */
    void loaded(CodeletSet set) {
        out.println("codelet set " + set.name());
        set.reports()
                .forEach((codelet, report) -> out.println("  "
                        + ReportPrinter.print(
                                codelet,
                                set.programs().get(codelet).instructions().size(),
                                report)));
    }

    /** One second: rates as the codelets computed them, drops so far, and p50/p99 of the delay by route. */
    void second(int elapsed, DemoReadings now, DemoReadings before) {
        if (elapsed % HEADER_EVERY == 1) {
            row("   s   in/s  out/s  drops  p50/p99 ms", DemoTerminal::name);
        }
        row(
                "%4d %6d %6d %6d            "
                        .formatted(elapsed, now.requestsPerSecond(), now.responsesPerSecond(), now.drops()),
                route -> millis(now.delay(route).since(before.delay(route))));
    }

    private void row(String start, Function<Route, String> column) {
        var text = new StringBuilder(start);
        for (var route : Route.values()) {
            text.append("%14s".formatted(column.apply(route)));
        }
        out.println(text);
    }

    private static String millis(Log2Histogram micros) {
        return micros.count() == 0
                ? "-"
                : String.format(Locale.ROOT, "%.1f/%.1f", micros.quantile(0.5) / 1000, micros.quantile(0.99) / 1000);
    }

    private static String name(Route route) {
        return route.name().toLowerCase(Locale.ROOT);
    }

    /** Delay histograms of every route, under a tuple key: {@code @delay_us[before, orders]:}. */
    void histograms(String phase, Map<Route, Log2Histogram> delays) {
        delays.forEach(
                (route, histogram) -> out.println(histogram.toText("delay_us[" + phase + ", " + name(route) + "]")));
    }

    /**
     * The account, and whether it balances: of events and records, and of the responses that codelets counted against those
     * that the clients received.
     */
    boolean account(long answered, long counted, List<AttachmentAccount> attachments, List<OutputAccount> outputs) {
        out.println("clients received " + answered + " responses, codelets counted " + counted);
        var report = AccountReport.of(attachments, outputs);
        report.lines().forEach(out::println);
        return report.balanced();
    }
}
