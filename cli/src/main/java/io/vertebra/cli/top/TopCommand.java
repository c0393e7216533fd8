package io.vertebra.cli.top;

import io.vertebra.cli.option.CommandException;
import io.vertebra.cli.remote.ApiClient;
import io.vertebra.cli.remote.RemoteCommand;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code vertebra top}. */
@Command(
        name = "top",
        description = {
            "Show what the codelets of a running Vertebra cost, again and again.",
            "",
            "NS/RUN is the mean of the runs that were timed, one in 1,024; %%CORE is that times RUNS/s, of one core."
                    + " On a terminal",
            "the keys r, t, c, d, e, n sort by runs, time per run, core, drops, errors, name; h changes between"
                    + " codelets and",
            "hooks; q ends."
        },
        footer = {
            "",
            "Examples:",
            "  vertebra top",
            "  vertebra top -d 5 --sort drops",
            "  vertebra top --hooks",
            "  vertebra top --batch -n 3           three tables, for a file",
            "  vertebra -j top -n 1 -d 10          one JSON document, of ten seconds"
        })
public final class TopCommand extends RemoteCommand {

    private static final double SHORTEST = 0.1;
    private static final double LONGEST = 3_600;
    private static final double NANOS = 1e9;

    @Option(
            names = "-d",
            paramLabel = "SECONDS",
            defaultValue = "1",
            description = "Length of an interval, 0.1 to 3600; default: ${DEFAULT-VALUE}.")
    private double delay;

    @Option(names = "-n", paramLabel = "N", description = "Stop after N intervals; default: at q or Ctrl-C.")
    private long most = Long.MAX_VALUE;

    @Option(names = "--batch", description = "Print table after table, as into a pipe.")
    private boolean batch;

    @Option(
            names = "--sort",
            paramLabel = "KEY",
            defaultValue = "runs",
            description = "runs, time, core, drops, errors or name; default: ${DEFAULT-VALUE}.")
    private String sort;

    @Option(names = "--hooks", description = "Show hooks instead of codelets.")
    private boolean hooks;

    /** Made by picocli. */
    TopCommand() {}

    @Override
    protected void run(ApiClient client) throws CommandException {
        if (!(delay >= SHORTEST && delay <= LONGEST)) {
            throw refused("-d " + delay + ": allowed is 0.1 to 3600");
        }
        var order = TopOrder.named(sort)
                .orElseThrow(() -> refused("--sort " + sort + ": allowed are " + TopOrder.labels()));
        if (batch || output().json() || !output().terminal().out()) {
            tables(client, order);
            return;
        }
        try (var screen = Screen.open(out())) {
            watch(client, screen, order);
        } catch (IOException e) {
            throw new CommandException("the terminal cannot be used: " + e.getMessage() + "; try --batch", e);
        }
    }

    private void tables(ApiClient client, TopOrder order) throws CommandException {
        var before = TopSample.take(client);
        for (long i = 0; i < most; i++) {
            long end = before.nanos() + (long) (delay * NANOS);
            for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
                LockSupport.parkNanos(left);
                if (Thread.currentThread().isInterrupted()) {
                    return;
                }
            }
            var now = TopSample.take(client);
            if (output().json()) {
                var time = Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
                var seconds = (now.nanos() - before.nanos()) / NANOS;
                var byHook = now.byHook().since(before.byHook());
                output().print(out(), TopTable.json(time, seconds, now.since(before), byHook, order));
            } else {
                print((i == 0 ? "" : "\n") + clock() + "\n");
                TopTable.lines(rows(now, before), order, hooks).forEach(line -> print(line + "\n"));
            }
            before = now;
        }
    }

    private void watch(ApiClient client, Screen screen, TopOrder first) throws CommandException, IOException {
        var order = first;
        var before = TopSample.take(client);
        List<TopRow> rows = new ArrayList<>();
        boolean known = false;
        screen.show(page(client, rows, order, known));
        for (long i = 0; i < most; ) {
            var key = screen.key();
            if (key == 'q') {
                return;
            }
            if (key == 'h') {
                hooks = !hooks;
                known = false;
                rows = List.of();
            }
            order = TopOrder.of(key).orElse(order);
            if (System.nanoTime() - before.nanos() >= delay * NANOS) {
                var now = TopSample.take(client);
                rows = rows(now, before);
                known = true;
                before = now;
                i++;
                screen.show(page(client, rows, order, known));
            } else if (key != 0) {
                screen.show(page(client, rows, order, known));
            }
        }
    }

    private List<TopRow> rows(TopSample now, TopSample before) {
        return hooks ? now.byHook().since(before.byHook()) : now.since(before);
    }

    private List<String> page(ApiClient client, List<TopRow> rows, TopOrder order, boolean known) {
        var lines = new ArrayList<String>();
        lines.add("vertebra top  %s  %s  every %s s  %s".formatted(client.url(), clock(), delay, total(rows)));
        lines.add("by %s; r runs  t time  c core  d drops  e errors  n name  h %s  q quit"
                .formatted(order.label(), hooks ? "codelets" : "hooks"));
        lines.add("");
        lines.addAll(known ? TopTable.lines(rows, order, hooks) : List.of("counting ..."));
        return lines;
    }

    private static String total(List<TopRow> rows) {
        return String.format(
                Locale.ROOT,
                "%.0f runs/s  %.2f %% of a core",
                rows.stream().mapToDouble(TopRow::runsPerSecond).sum(),
                rows.stream().mapToDouble(TopRow::corePercent).sum());
    }

    private static String clock() {
        return LocalTime.now(ZoneId.systemDefault())
                .truncatedTo(ChronoUnit.SECONDS)
                .toString();
    }

    private ParameterException refused(String why) {
        return new ParameterException(spec().commandLine(), why);
    }
}
