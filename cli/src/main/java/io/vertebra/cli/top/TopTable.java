package io.vertebra.cli.top;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Rows as lines of text. */
final class TopTable {

    private static final String HEAD = "%-32s %12s %10s %7s %10s %10s %8s  %s";
    private static final int NAME_WIDTH = 32;

    private TopTable() {}

    /** A head, and a line for each row. */
    static List<String> lines(List<TopRow> rows, TopOrder order, boolean hooks) {
        var lines = new ArrayList<String>();
        lines.add(HEAD.formatted(
                hooks ? "HOOK" : "CODELET", "RUNS/s", "NS/RUN", "%CORE", "DROPS/s", "DROPS", "ERRORS", "STATE"));
        rows.stream().sorted(order.comparator()).map(TopTable::line).forEach(lines::add);
        return lines;
    }

    private static String line(TopRow row) {
        return String.format(
                        Locale.ROOT,
                        "%-32s %12.0f %10s %7.2f %10.0f %10d %8d  %s",
                        clipped(row.name()),
                        row.runsPerSecond(),
                        Double.isNaN(row.nanosPerRun()) ? "-" : String.format(Locale.ROOT, "%.0f", row.nanosPerRun()),
                        row.corePercent(),
                        row.dropsPerSecond(),
                        row.total().dropped(),
                        row.total().errors(),
                        row.total().state())
                .stripTrailing();
    }

    private static String clipped(String name) {
        return name.length() <= NAME_WIDTH ? name : "..." + name.substring(name.length() - NAME_WIDTH + 3);
    }

    /** All rows of an interval. */
    static JsonObject json(String time, double seconds, List<TopRow> codelets, List<TopRow> hooks, TopOrder order) {
        return new JsonObject()
                .put("time", time)
                .put("seconds", seconds)
                .put("codelets", json(codelets, order))
                .put("hooks", json(hooks, order));
    }

    private static JsonArray json(List<TopRow> rows, TopOrder order) {
        return new JsonArray(
                rows.stream().sorted(order.comparator()).map(TopRow::json).toList());
    }
}
