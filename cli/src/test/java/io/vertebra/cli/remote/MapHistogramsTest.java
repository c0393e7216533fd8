package io.vertebra.cli.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.vertebra.cli.option.CommandException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Histograms from the entries of maps, as the API answers them. */
class MapHistogramsTest {

    private static final String FULL = "@".repeat(52);
    private static final String EMPTY = " ".repeat(52);

    @Test
    void shouldPrintArraysOfSlotsByKeyAsBpftraceDoes() throws Exception {
        var entries = """
            [{"key": {"tenant": "b", "route": 2}, "value": {"slots": [0, 4, 0, 2, 0], "sum": 20}},
             {"key": {"tenant": "a", "route": 1}, "value": {"slots": [0, 0, 0, 0, 3], "sum": 60}}]\
            """;
        assertThat(histograms(entries).text())
                .isEqualTo("""
                    @sizes[a, 1]:
                    [16, 32)               3 |%s|

                    @sizes[b, 2]:
                    [2, 4)                 4 |%s|
                    [4, 8)                 0 |%s|
                    [8, 16)                2 |%s|

                    """.formatted(FULL, FULL, EMPTY, "@".repeat(26) + " ".repeat(26)));
    }

    @Test
    void shouldTakeTheKeyForTheSlot() throws Exception {
        var entries = """
            [{"key": 20, "value": "9007199254740994"}, {"key": 9, "value": 1}]\
            """;
        assertThat(histograms(entries).text().lines().map(line -> line.replaceFirst("\\).*", ")")))
                .startsWith("@sizes:", "[512, 1K)", "[1K, 2K)")
                .contains("[512K, 1M)", "[1M, 2M)");
        assertThat(histograms("[{\"key\": {\"route\": 7, \"slot\": 0}, \"value\": 3}]")
                        .text())
                .startsWith("@sizes[7]:\n[0, 2)                 3 |");
    }

    @Test
    void shouldPrintLinearSlots() throws Exception {
        var linear = new Slots.Linear(10, -10, Long.MAX_VALUE);
        var entries = new JsonArray("[{\"key\": 3, \"value\": [0, 0, 1, 2]}]");
        assertThat(MapHistograms.of("sizes", linear, entries).text())
                .isEqualTo("""
                    @sizes[3]:
                    [10, 20)               1 |%s|
                    [20, 30)               2 |%s|

                    """.formatted("@".repeat(26) + " ".repeat(26), FULL));
        var wide = new Slots.Linear(1024, 0, Long.MAX_VALUE);
        assertThat(MapHistograms.of("sizes", wide, entries).text())
                .contains("[2K, 3K)               1 |", "[3K, 4K)               2 |");
    }

    /** As the API tells of a metric's buckets. */
    @Test
    void shouldLabelSlotsAsAMetricDeclaresThem() throws Exception {
        assertThat(labels("{\"type\": \"exp2\", \"min\": 9}")).containsExactly("[0, 1K)", "[1K, 2K)", "[2K, 4K)");
        assertThat(labels("{\"type\": \"exp2zero\"}")).containsExactly("[0]", "[1, 2)", "[2, 4)");
        assertThat(labels("{\"type\": \"linear\", \"min\": 5, \"max\": 6}"))
                .containsExactly("[5, 6)", "[6, 7)", "[7, ...)");
        assertThat(labels("{\"type\": \"fixed\", \"keys\": [0.5, 2]}"))
                .containsExactly("(..., 0.5]", "(0.5, 2]", "(2, ...)");
        var fixed = Slots.declared(new JsonObject("{\"type\": \"fixed\", \"keys\": [0.5, 2]}"));
        var json = MapHistograms.of("sizes", fixed, new JsonArray("[{\"key\": 3, \"value\": [0, 7, 8]}]"))
                .json();
        assertThat(json.getJsonObject("data")
                        .getJsonObject("@sizes")
                        .getJsonArray("3")
                        .encode())
                .isEqualTo("[{\"above\":0.5,\"max\":2,\"count\":7},{\"above\":2,\"count\":8}]");
    }

    private static List<String> labels(String buckets) throws CommandException {
        var entries = new JsonArray("[{\"key\": 3, \"value\": {\"slots\": [1, 1, 1]}}]");
        var text = MapHistograms.of("sizes", Slots.declared(new JsonObject(buckets)), entries)
                .text();
        return text.lines()
                .skip(1)
                .filter(line -> !line.isEmpty())
                .map(line -> line.replaceFirst(" {2,}.*", ""))
                .toList();
    }

    @Test
    void shouldHaveTheJsonOfBpftrace() throws Exception {
        assertThat(histograms("[{\"key\": 1, \"value\": 5}, {\"key\": 0, \"value\": 2}]")
                        .json()
                        .encode())
                .isEqualTo("{\"type\":\"hist\",\"data\":{\"@sizes\":["
                        + "{\"min\":0,\"max\":1,\"count\":2},{\"min\":2,\"max\":3,\"count\":5}]}}");
        assertThat(histograms("[{\"key\": \"a\", \"value\": [1]}]").json().encode())
                .isEqualTo("{\"type\":\"hist\",\"data\":{\"@sizes\":{\"a\":[{\"min\":0,\"max\":1,\"count\":1}]}}}");
    }

    @Test
    void shouldRefuseWhatIsNoHistogram() {
        refused(
                "[{\"key\": 1, \"value\": {\"hex\": \"00\"}}]",
                "is no number; a histogram has arrays of counts as values");
        refused("[{\"key\": \"a\", \"value\": 1}]", "map `sizes`: a is no number");
        refused("[{\"key\": -1, \"value\": 1}]", "key -1 is no slot, allowed are 0 to 4095");
        refused("[{\"key\": 64, \"value\": 1}]", "65 slots, these histograms have at most 64; say with --linear");
    }

    private static void refused(String entries, String why) {
        assertThatExceptionOfType(CommandException.class)
                .isThrownBy(() -> histograms(entries))
                .withMessageContaining(why);
    }

    private static MapHistograms histograms(String entries) throws CommandException {
        return MapHistograms.of("sizes", new Slots.Log2(0), new JsonArray(entries));
    }
}
