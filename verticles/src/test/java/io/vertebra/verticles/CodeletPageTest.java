package io.vertebra.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The page's views of one set, one codelet and one map. */
class CodeletPageTest extends PageTest {

    @Test
    void shouldShowSourceBesideTheReport() throws Exception {
        try (var vertebra = Vertebra.start(VertebraConfig.defaults().withPort(0))) {
            Gateway.load(vertebra);
            open(vertebra, "#codelet/gateway/on_response");
            var detail = (JsonObject) api(vertebra, "programs/gateway/on_response");
            var report = detail.getJsonObject("report");
            awaitText("#report pre", report.getString("text"));
            var facts = String.valueOf(browser().evaluate(element("#report .facts") + ".textContent"));
            assertThat(facts).contains("at most " + report.getInteger("max_steps") + " a run");
            for (var helper : report.getJsonArray("helpers")) {
                assertThat(facts).contains(((JsonObject) helper).getString("name"));
            }
            assertThat(browser()
                            .evaluate("[...document.querySelectorAll('#report .facts a')].map(a => a.hash.slice(5))"))
                    .isEqualTo(detail.getJsonArray("maps"));

            var places = new HashSet<JsonObject>();
            var texts = new HashSet<String>();
            for (var instruction : detail.getJsonArray("code")) {
                var source = ((JsonObject) instruction).getJsonObject("source");
                if (source != null) {
                    places.add(new JsonObject()
                            .put("file", source.getString("file"))
                            .put("line", source.getInteger("line")));
                    texts.add(source.getString("text").strip());
                }
            }
            assertThat(places).hasSizeGreaterThan(10);
            browser().await("document.querySelectorAll('#code tr[data-line]').length", places.size());
            assertThat(((JsonArray) browser()
                                    .evaluate("[...document.querySelectorAll('#code tr[data-line] .text')].map(t"
                                            + " => t.textContent.trim())"))
                            .stream())
                    .allMatch(texts::contains);
            click("#code input[value=Instructions]");
            browser()
                    .await(
                            "document.querySelectorAll('#code tr[data-insn]').length",
                            detail.getJsonArray("code").size());
            assertQuiet(vertebra);
        }
    }

    @Test
    void shouldShowHowACodeletRuns() throws Exception {
        try (var vertebra = Vertebra.start(VertebraConfig.defaults().withPort(0))) {
            Gateway.load(vertebra);
            open(vertebra, "#codelet/gateway/on_request");
            browser().awaitTrue(element(".tile"));
            Gateway.exchanges(0, 4_000);
            Gateway.settle(vertebra);
            var codelet = vertebra.runtime().statistics().stream()
                    .filter(c -> c.codelet().equals("on_request"))
                    .findFirst()
                    .orElseThrow();
            assertThat(codelet.runTimes().samples()).isPositive();
            browser().await("Number(" + element("figure[data-key=runs] .counted") + "?.dataset.count)", (int)
                    codelet.runTimes().samples());
            browser()
                    .await(
                            element("canvas.heat") + ".dataset.total",
                            String.valueOf(codelet.runTimes().samples()));
            browser().awaitTrue(element(".tiles") + ".textContent.includes('4,000 runs, queued · jit')");
            browser().evaluate("location.hash = '#codelet/gateway/nobody'");
            awaitText(".empty[role=status]", "No codelet nobody of a set gateway is loaded.");
        }
    }

    @Test
    void shouldShowAMapAsItsTypes() throws Exception {
        try (var vertebra = Vertebra.start(VertebraConfig.defaults().withPort(0))) {
            Gateway.load(vertebra);
            Gateway.exchanges(0, 10);
            Gateway.settle(vertebra);
            open(vertebra, "#sets/gateway");
            click("#maps a[href=\"#map/gateway/traffic\"]");
            var entries = entries(vertebra, "gateway/traffic");
            browser().await("document.querySelectorAll('#map tbody tr').length", entries.size());
            for (var member : List.of("requests", "request_bytes", "responses", "response_bytes")) {
                for (var entry : entries) {
                    var key = String.valueOf(((JsonObject) entry).getValue("key"));
                    browser()
                            .await(
                                    cell("map", key, member),
                                    String.valueOf(((JsonObject) entry)
                                            .getJsonObject("value")
                                            .getValue(member)));
                }
            }
            var keys = "[...document.querySelectorAll('#map tbody tr')].map(row => row.dataset.key).join()";
            click("#map thead th:first-child button");
            browser().await(keys, "0,1,2,3");
            click("#map thead th:first-child button");
            browser().await(keys, "3,2,1,0");
            assertThat(browser().evaluate(element("#map th[aria-sort]") + ".getAttribute('aria-sort')"))
                    .isEqualTo("descending");
        }
    }

    @Test
    void shouldBoundALargeMap() throws Exception {
        try (var vertebra = Vertebra.start(VertebraConfig.defaults().withPort(0))) {
            Gateway.load(vertebra);
            for (int connection = 0; connection < 1_200; connection++) {
                GatewayHooks.HOOKS.requestReceived(connection, 0, 1);
            }
            Gateway.settle(vertebra);
            open(vertebra, "#map/gateway/started");
            awaitText(
                    "#map [role=status]",
                    "1,000 of 1,200 entries are shown; vertebra map dump gateway/started prints all.");
            browser().await("document.querySelectorAll('#map tbody tr').length", 1_000);
            browser().evaluate("location.hash = '#map/gateway/nothing'");
            browser()
                    .awaitTrue(element("#map [role=status]")
                            + ".textContent.startsWith('map `gateway/nothing`: unknown')");
        }
    }
}
