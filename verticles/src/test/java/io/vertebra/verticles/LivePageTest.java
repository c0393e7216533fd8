package io.vertebra.verticles;

import static io.vertebra.verticles.ProbeHooks.HOOKS;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.config.HttpAccess;
import io.vertebra.config.HttpSettings;
import io.vertebra.runtime.account.AttachmentAccount;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page's frame and its overview. */
class LivePageTest extends PageTest {

    private static final List<String> ROUTES = List.of("users", "orders", "search", "files");
    private static final String DURATION = "[data-metric=gateway_request_duration_seconds] ";
    private static final Path PICTURES = Path.of("target");

    @Test
    void shouldTakeItsTokenFromTheAddress() throws Exception {
        var settings = HttpSettings.defaults().withPort(0);
        var access = new HttpAccess(Optional.empty(), Optional.empty(), List.of("vertebra.example"));
        try (var vertebra = Vertebra.start(VertebraConfig.defaults().withHttp(settings.withAccess(access)))) {
            browser().open(vertebra.url() + "/");
            awaitState("denied");
            browser().open(vertebra.pageUrl());
            awaitState("live");
            assertThat(browser().evaluate("location.href")).isEqualTo(vertebra.url() + "/");
            browser().reload();
            awaitState("live");
        }
    }

    @Test
    void shouldShowWhatTheApiSays() throws Exception {
        try (var vertebra = Vertebra.start(VertebraConfig.defaults().withPort(0))) {
            Gateway.load(vertebra);
            open(vertebra, "");
            browser().awaitTrue(element(DURATION + "figure")); // from here on the heat map counts everything
            for (int round = 1; round <= 3; round++) {
                Gateway.exchanges(round * 1_000L, 100 * round);
                Gateway.settle(vertebra);
                browser()
                        .await(
                                element(DURATION + "canvas.heat") + "?.dataset.total",
                                String.valueOf(50 * round * (round + 1)));
            }
            for (var account : vertebra.accounts()) {
                if (account.hook().startsWith("gateway/")) {
                    browser().await(cell("attached", account.hook(), "Runs"), grouped(account.ok()));
                }
            }
            for (var account : vertebra.outputAccounts()) {
                var row = account.stream() + "/" + account.connector();
                browser().await(cell("outputs", row, "Delivered"), grouped(account.delivered()));
            }
            browser().await(cell("loaded", "gateway", "State"), "attached");
            browser()
                    .await(
                            cell("loaded", "gateway", "Maps"),
                            String.valueOf(vertebra.runtime()
                                    .set("gateway")
                                    .orElseThrow()
                                    .maps()
                                    .size()));
            assertThat(browser().evaluate("document.querySelectorAll('.plot canvas').length"))
                    .isEqualTo(browser().evaluate("document.querySelectorAll('.panel:not(.histogram)').length"));
            assertBuckets(vertebra);
            assertQuiet(vertebra);
        }
    }

    /** Bars, and the columns of the heat map's numbers, against the map. */
    private void assertBuckets(Vertebra vertebra) throws Exception {
        var slots = entries(vertebra, "gateway/delay_us").stream()
                .map(entry -> slots((JsonObject) entry))
                .toList();
        var all = new long[slots.getFirst().length];
        for (int route = 0; route < ROUTES.size(); route++) {
            var figure = element(DURATION + "figure[data-key=" + ROUTES.get(route) + "]");
            var bars =
                    longs("[...%s.querySelectorAll('.bars div')].map(b => Number(b.dataset.count))".formatted(figure));
            int from = ((Number) browser().evaluate("Number(" + figure + ".querySelector('.counted').dataset.from)"))
                    .intValue();
            for (int k = 0; k < all.length; k++) {
                long shown = k >= from && k < from + bars.length ? bars[k - from] : 0;
                assertThat(shown).as(ROUTES.get(route) + " slot " + k).isEqualTo(slots.get(route)[k]);
                all[k] += slots.get(route)[k];
            }
        }
        click(DURATION + ".numbers summary");
        browser().awaitTrue(element(DURATION + ".numbers tbody tr"));
        var sums = longs("""
            (() => {
              const rows = [...document.querySelectorAll('%s.numbers tbody tr')];
              return [...rows[0].cells].slice(1).map((_, i) => rows.reduce((n, row) => n + Number(row.cells[i + 1].textContent), 0));
            })()\
            """.formatted(DURATION));
        assertThat(sums[sums.length - 1]).isEqualTo(LongStream.of(all).sum()).isEqualTo(600);
        assertThat(LongStream.of(sums).limit(sums.length - 1).filter(n -> n > 0))
                .containsExactlyElementsOf(
                        LongStream.of(all).filter(n -> n > 0).boxed().toList());
    }

    @Test
    void shouldShowDropsByCause(@TempDir Path folder) throws Exception {
        Files.copy(Gateway.DESCRIPTOR.resolveSibling("gateway.bpf.o"), folder.resolve("gateway.bpf.o"));
        var descriptor = Files.readString(Gateway.DESCRIPTOR) + "limits: {events_per_second: 20}\n";
        try (var vertebra = Vertebra.start(VertebraConfig.defaults().withPort(0))) {
            vertebra.load(Files.writeString(folder.resolve("limited.yaml"), descriptor));
            open(vertebra, "");
            awaitText("#losses .empty", "Nothing was dropped since the start.");
            Gateway.exchanges(0, 400);
            Gateway.settle(vertebra);
            var lossy = vertebra.accounts().stream()
                    .filter(a -> !a.dropped().isEmpty())
                    .toList();
            assertThat(lossy).isNotEmpty();
            for (var account : lossy) {
                for (var dropped : account.dropped().entrySet()) {
                    var row = dropped.getKey().label() + " " + account.hook() + " → " + name(account);
                    browser().await(cell("losses", row, "Dropped"), grouped(dropped.getValue()));
                }
            }
        }
    }

    @Test
    void shouldFindTheServerAgain() throws Exception {
        var first = Vertebra.start(VertebraConfig.defaults().withPort(0));
        open(first, "");
        browser().awaitTrue("document.querySelectorAll('.tile').length");
        first.close();
        awaitState("lost");
        browser().awaitTrue("document.body.classList.contains('stale')");
        browser().awaitTrue("/values of \\d\\d:\\d\\d:\\d\\d/.test(document.getElementById('connection').textContent)");
        try (var second = Vertebra.start(VertebraConfig.defaults().withPort(first.port()))) {
            Gateway.load(second);
            awaitState("live");
            browser().awaitTrue("!document.body.classList.contains('stale')");
            Gateway.exchanges(0, 20);
            browser().await(cell("attached", "gateway/response_sent", "Runs"), "20");
            browser().awaitTrue(element(DURATION + "figure .counted[data-count=\"5\"]"));
        }
    }

    @Test
    void shouldFitEveryScreen() throws Exception {
        try (var vertebra = Vertebra.start(VertebraConfig.defaults().withPort(0))) {
            Gateway.load(vertebra);
            open(vertebra, "");
            browser().awaitTrue(element(DURATION + "figure"));
            Gateway.exchanges(0, 200);
            for (var view : List.of(
                    "overview",
                    "streams",
                    "sets",
                    "sets/gateway",
                    "codelet/gateway/on_request",
                    "map/gateway/traffic")) {
                browser().evaluate("location.hash = '" + view + "'");
                browser().awaitTrue("location.hash === '#" + view + "' && document.querySelector('main tbody tr')");
                for (int width : new int[] {390, 1280, 1920}) {
                    browser().look(width, 900, width == 1280 ? "dark" : "light");
                    browser().await("innerWidth", width);
                    assertThat(browser().evaluate("document.documentElement.scrollWidth <= innerWidth"))
                            .as(view + " at " + width)
                            .isEqualTo(true);
                    browser().screenshot(PICTURES.resolve("page-" + view.replace('/', '-') + "-" + width + ".png"));
                }
            }
        }
    }

    @Test
    void shouldPointAtCellsByKeyboard() throws Exception {
        try (var vertebra = Vertebra.start(VertebraConfig.defaults().withPort(0))) {
            Gateway.load(vertebra);
            open(vertebra, "");
            browser().awaitTrue(element(DURATION + "figure"));
            Gateway.exchanges(0, 40);
            browser().await(element(DURATION + "canvas.heat") + ".dataset.total", "40");
            browser().evaluate(element(DURATION + ".heat-plot") + ".focus()");
            browser().press("End");
            browser().awaitTrue("/ to .+: \\d+ of \\d+/.test(" + element(DURATION + ".tip") + ".textContent)");
            browser().press("Escape");
            browser().awaitTrue(element(DURATION + ".tip") + ".hidden");
        }
    }

    @Test
    void shouldKeepTheChosenColours() throws Exception {
        try (var vertebra = Vertebra.start(VertebraConfig.defaults().withPort(0))) {
            open(vertebra, "");
            var back = "getComputedStyle(document.body).backgroundColor";
            var light = browser().evaluate(back);
            click("#theme input[value=dark]");
            var dark = browser().evaluate(back);
            assertThat(dark).isNotEqualTo(light);
            browser().reload();
            awaitState("live");
            browser().await(back, dark);
        }
    }

    /** As ebpf_exporter's programs have them: an entry for each bucket, and one for the sum. */
    @Test
    void shouldShowHistogramsWhoseBucketsAreEntries(@TempDir Path folder) throws Exception {
        assertThat(HOOKS.choose(0, 0)).as("declares the hooks").isEqualTo(-1);
        try (var vertebra = Vertebra.start(VertebraConfig.defaults().withPort(0))) {
            var descriptor = folder.resolve("bucketed.yaml");
            Files.writeString(
                    descriptor, "codeletset: bucketed\ncodelets: [{object: bucketed.bpf.o, execution: inline}]\n");
            Files.copy(ApiClient.OBJECTS.resolve("bucketed.bpf.o"), folder.resolve("bucketed.bpf.o"));
            vertebra.load(descriptor);
            HOOKS.seen(0, 0, 1); // a panel is drawn when there is something to draw
            open(vertebra, "");
            var panel = "[data-metric=probe_size_bytes] ";
            browser().awaitTrue(element(panel + "figure"));
            for (int i = 0; i < 300; i++) {
                HOOKS.seen(i, i % 3, 100 + i % 3 * 1_000);
            }
            browser().await(element(panel + "canvas.heat") + "?.dataset.total", "300");
            assertThat(browser()
                            .evaluate("[...document.querySelectorAll('" + panel + ".chip span')].map(e =>"
                                    + " e.textContent).sort().join()"))
                    .isEqualTo("0,1,2,all");
            assertQuiet(vertebra);
        }
    }

    /** The same edges as {@code MapHistogram} has bounds, for each kind of buckets. */
    @Test
    void shouldKnowEveryKindOfBuckets() throws Exception {
        try (var vertebra = Vertebra.start(VertebraConfig.defaults().withPort(0))) {
            open(vertebra, "");
            assertThat(edges("{type: 'exp2', min: 0}", 4)).isEqualTo("0 2 4 8 16");
            assertThat(edges("{type: 'exp2', min: 3}", 3)).isEqualTo("0 16 32 64");
            assertThat(edges("{type: 'exp2zero'}", 4)).isEqualTo("0 1 2 4 8");
            assertThat(edges("{type: 'linear', min: 2}", 3)).isEqualTo("2 3 4 5");
            assertThat(edges("{type: 'linear', min: 0, max: 2}", 4)).isEqualTo("0 1 2 3 Infinity");
            assertThat(edges("{type: 'fixed', keys: [1, 5, 10]}", 4)).isEqualTo("0 1 5 10 Infinity");
            assertThat(edges("{type: 'keys', keys: [0, 1, 2], bounds: [1, 2, 4]}", 3))
                    .isEqualTo("0 1 2 4");
        }
    }

    private Object edges(String buckets, int slots) {
        return browser()
                .evaluate("import('/buckets.js').then(b => b.edgesOf(" + buckets + ", 1, " + slots + ").join(' '))");
    }

    @Test
    void shouldShowMarkupAsText() throws Exception {
        try (var vertebra = Vertebra.start(VertebraConfig.defaults().withPort(0))) {
            open(vertebra, "");
            var made = "import('/dom.js').then(dom => { const e = dom.h('td', {title: '\"><b>'}, '<img src=x"
                    + " onerror=alert(1)>'); document.body.append(e); return e.children.length + e.textContent;"
                    + " })";
            assertThat(browser().evaluate(made)).isEqualTo("0<img src=x onerror=alert(1)>");
            var inline = "{ const s = document.createElement('script'); s.textContent = 'window.ran = true';"
                    + " document.body.append(s); String(window.ran) }";
            assertThat(browser().evaluate(inline)).isEqualTo("undefined");
        }
    }

    private static String name(AttachmentAccount account) {
        return account.codeletSet() + "/" + account.codelet();
    }

    private static long[] slots(JsonObject entry) {
        return entry.getJsonObject("value").getJsonArray("slots").stream()
                .mapToLong(n -> ((Number) n).longValue())
                .toArray();
    }

    private long[] longs(String expression) throws IOException {
        return ((JsonArray) browser().evaluate(expression))
                .stream().mapToLong(n -> ((Number) n).longValue()).toArray();
    }
}
