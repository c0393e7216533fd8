package io.vertebra.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page's records: filter, pause, export. */
class StreamsPageTest extends PageTest {

    private static final String ROWS = "document.querySelectorAll('#records tbody tr').length";
    private static final String PAUSE = "#records button[aria-pressed]";

    @Test
    void shouldPauseAndFilterRecords() throws Exception {
        try (var vertebra = Vertebra.start(VertebraConfig.defaults().withPort(0))) {
            Gateway.load(vertebra);
            Gateway.exchanges(0, 40);
            open(vertebra, "#streams/slow_requests");
            browser().await(ROWS, 40);
            filter("route=2", 10);
            filter("route!=2, connection>=20", 15);
            filter("route <= 1, connection<20", 10);
            filter("sequence>=0, time>1", 40);
            filter("route=2x", 0);
            awaitText("#records .empty", "No record matches the filter.");
            filter("status=200", 40);
            filter("elephant=1", 0);
            browser()
                    .awaitTrue("/^No record has a field .elephant.; they have/.test("
                            + element("#records .note[role=status]") + ".textContent)");
            filter("", 40);
            click(PAUSE);
            Gateway.exchanges(100, 7);
            awaitText("#records .note[role=status]", "Paused, 7 newer not shown.");
            browser().await(ROWS, 40);
            click(PAUSE);
            Gateway.exchanges(200, 3);
            browser().await(ROWS, 43);
        }
    }

    @Test
    void shouldExportWhatIsShown(@TempDir Path folder) throws Exception {
        try (var vertebra = Vertebra.start(VertebraConfig.defaults().withPort(0))) {
            Gateway.load(vertebra);
            Gateway.exchanges(0, 40);
            open(vertebra, "#streams");
            browser().await(ROWS, 40);
            filter("route=3", 10);
            browser().download(folder);
            browser().evaluate("[...document.querySelectorAll('#records button')].at(-1).click()");
            var file = folder.resolve("slow_requests.ndjson");
            while (!Files.exists(file)) {
                Thread.onSpinWait();
            }
            var records = Files.readAllLines(file).stream().map(JsonObject::new).toList();
            assertThat(records)
                    .hasSize(10)
                    .allMatch(r -> r.getJsonObject("value").getInteger("route") == 3);
            assertThat(records)
                    .isSortedAccordingTo((a, b) -> a.getLong("sequence").compareTo(b.getLong("sequence")));
            assertQuiet(vertebra);
        }
    }

    @Test
    void shouldFollowOnlyWhatIsShown() throws Exception {
        try (var vertebra = Vertebra.start(VertebraConfig.defaults().withPort(0))) {
            Gateway.load(vertebra);
            open(vertebra, "#streams");
            Gateway.exchanges(0, 4);
            browser().await(ROWS, 4);
            browser().evaluate("location.hash = '#overview'");
            browser().await(cell("attached", "gateway/response_sent", "Runs"), "4");
            Gateway.exchanges(10, 5);
            browser().await(cell("attached", "gateway/response_sent", "Runs"), "9");
            var clients = vertebra.outputAccounts().stream()
                    .filter(account -> account.connector().equals("live-clients"))
                    .mapToLong(account -> account.emitted())
                    .sum();
            assertThat(clients).isLessThanOrEqualTo(4);
            browser().evaluate("location.hash = '#streams'");
            browser().await(ROWS, 9);
        }
    }

    private void filter(String text, int rows) throws InterruptedException {
        type("#records input", text);
        browser().await(ROWS, rows);
    }
}
