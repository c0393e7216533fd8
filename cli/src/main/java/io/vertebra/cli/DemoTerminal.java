package io.vertebra.cli;

import io.vertebra.examples.gateway.Route;
import io.vertebra.runtime.account.AttachmentAccount;
import io.vertebra.runtime.account.OutputAccount;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the demo prints: a line a second, and the histograms at the end. */
final class DemoTerminal {
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

    /** From now on codelets choose the backend. */
    void steering() {
        out.println("      codelet set `steering` attached: requests of a late backend go to the other one");
    }

    /** One second: rates as the codelets computed them, drops so far, and delay percentiles of this second. */
    void second(long elapsed, DemoReadings now, DemoReadings before) {
        var delays = Stream.of(Route.values())
                .map(route -> delay(route, now.delay(route).since(before.delay(route))))
                .collect(Collectors.joining("  "));
        out.println(String.format(
                Locale.ROOT,
                "%3ds  in %4d/s  out %4d/s  drops %d  %s",
                elapsed,
                now.requestsPerSecond(),
                now.responsesPerSecond(),
                now.drops(),
                delays));
    }

    private static String delay(Route route, Log2Histogram histogram) {
        var name = route.name().toLowerCase(Locale.ROOT);
        return histogram.count() == 0
                ? name + " -"
                : String.format(
                        Locale.ROOT,
                        "%s p50 %s p99 %s",
                        name,
                        millis(histogram.quantile(0.5)),
                        millis(histogram.quantile(0.99)));
    }

    private static String millis(double micros) {
        return String.format(Locale.ROOT, micros < 10_000 ? "%.1fms" : "%.0fms", micros / 1000);
    }

    /** Delay histograms of every route, under a tuple key: {@code @delay_us[before, orders]:}. */
    void histograms(String phase, Map<Route, Log2Histogram> delays) {
        delays.forEach((route, histogram) -> out.println(
                histogram.toText("delay_us[" + phase + ", " + route.name().toLowerCase(Locale.ROOT) + "]")));
    }

    /**
     * The account, and whether it balances: of events and records, and of the responses that codelets counted against those
     * that the clients received.
     */
    boolean account(
            long answered, long counted, List<AttachmentAccount> attachments, List<OutputAccount> outputs) {
        out.println("clients received " + answered + " responses, codelets counted " + counted);
        var report = AccountReport.of(attachments, outputs);
        report.lines().forEach(out::println);
        return report.balanced();
    }
}
