package io.vertebra.verticles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** Tests of the live page in one Chromium; each begins with an empty page and a Vertebra of its own. */
@Timeout(180)
abstract class PageTest {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static Browser browser;

    @BeforeAll
    static void startBrowser() throws IOException {
        assumeThat(Browser.CHROMIUM).as("chromium is not installed: skipped").exists();
        browser = new Browser();
    }

    @BeforeEach
    void leavePage() throws InterruptedException {
        browser.leave();
        browser.look(1280, 900, "light");
    }

    @AfterAll
    static void stopBrowser() throws IOException {
        if (browser != null) {
            browser.close();
        }
    }

    final Browser browser() {
        return browser;
    }

    /** Opens a view and waits until the page is connected. */
    final void open(Vertebra vertebra, String fragment) throws InterruptedException {
        browser.open(vertebra.url() + "/" + fragment);
        awaitState("live");
    }

    final void awaitState(String state) throws InterruptedException {
        browser.await("document.getElementById('connection')?.dataset.state", state);
    }

    /** Waits for the text of an element. */
    final void awaitText(String selector, String text) throws InterruptedException {
        browser.await(element(selector) + "?.textContent", text);
    }

    /** Clicks on an element that there is. */
    final void click(String selector) throws InterruptedException {
        browser.awaitTrue(element(selector));
        browser.evaluate(element(selector) + ".click()");
    }

    /** Types into a field. */
    final void type(String selector, String text) {
        browser.evaluate("{ const i = " + element(selector) + "; i.value = '" + text
                + "'; i.dispatchEvent(new Event('input', {bubbles: true})); }");
    }

    /** Fails when the page has reported an error or asked anybody else for anything. */
    final void assertQuiet(Vertebra vertebra) {
        assertThat(browser.errors()).isEmpty();
        assertThat(browser.requests())
                .filteredOn(url -> !url.equals("about:blank"))
                .isNotEmpty()
                .allMatch(url -> url.matches("((http|ws)://|blob:http://)127\\.0\\.0\\.1:" + vertebra.port() + "/.*"));
    }

    /** What the API answers to a {@code GET}. */
    static Object api(Vertebra vertebra, String path) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(vertebra.url() + "/api/v1/" + path))
                .build();
        return Json.decodeValue(HTTP.send(request, BodyHandlers.ofString()).body());
    }

    /** The entries of a map, as the API has them. */
    static JsonArray entries(Vertebra vertebra, String map) throws IOException, InterruptedException {
        return ((JsonObject) api(vertebra, "maps/" + map + "/entries")).getJsonArray("entries");
    }

    /** The column of a table by its title, of the row whose key ends so. */
    static String cell(String section, String keyEnd, String column) {
        return """
            (() => {
              const table = document.querySelector('#%s table');
              const i = [...table?.tHead.rows[0]?.cells ?? []].findIndex(c => c.textContent === '%s');
              return table?.querySelector('tr[data-key$="%s"]')?.cells[i]?.textContent;
            })()\
            """.formatted(section, column, keyEnd);
    }

    static String element(String selector) {
        return "document.querySelector('" + selector + "')";
    }

    static String grouped(long value) {
        return String.format(Locale.US, "%,d", value);
    }
}
