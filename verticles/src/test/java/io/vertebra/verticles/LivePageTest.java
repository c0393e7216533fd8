package io.vertebra.verticles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.vertebra.config.HttpAccess;
import io.vertebra.config.HttpSettings;
import io.vertebra.runtime.account.AttachmentAccount;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class LivePageTest {

    private static final Path PICTURES = Path.of("target");

    private Browser browser;

    @BeforeEach
    void startBrowser() throws Exception {
        assumeThat(Browser.CHROMIUM).as("chromium is not installed: skipped").exists();
        browser = new Browser();
    }

    @AfterEach
    void stopBrowser() throws Exception {
        if (browser != null) {
            browser.close();
        }
    }

    @Test
    void shouldTakeItsTokenFromTheAddress() throws Exception {
        var settings = HttpSettings.defaults().withPort(0);
        var access = new HttpAccess(Optional.empty(), Optional.empty(), List.of("vertebra.example"));
        try (var vertebra = Vertebra.start(VertebraConfig.defaults().withHttp(settings.withAccess(access)))) {
            browser.open(vertebra.url() + "/");
            browser.await("document.getElementById('connection')?.dataset.state", "denied");
            browser.open(vertebra.pageUrl());
            browser.await("document.getElementById('connection')?.dataset.state", "live");
            assertThat(browser.evaluate("location.href")).isEqualTo(vertebra.url() + "/");
            browser.evaluate("location.reload()");
            browser.await("document.getElementById('connection')?.dataset.state", "live");
        }
    }

    @Test
    void shouldShowWhatTheApiSays() throws Exception {
        try (var vertebra = Vertebra.start(VertebraConfig.defaults().withPort(0))) {
            Gateway.load(vertebra);
            browser.look(1280, 900, "light");
            browser.open("http://127.0.0.1:" + vertebra.port() + "/");
            browser.await("document.getElementById('connection')?.dataset.state", "live");
            traffic(vertebra, 6);
            long ran = vertebra.accounts().stream()
                    .mapToLong(a -> a.ok() + a.failed())
                    .sum();
            // intervals go on: the number of runs is compared where it stands still
            for (var account : vertebra.accounts()) {
                if (account.hook().startsWith("gateway/")) {
                    browser.await(cell("attached", account.hook(), 5), grouped(account.ok()));
                }
            }
            assertThat(ran).isPositive();
            for (var account : vertebra.outputAccounts()) {
                browser.await(
                        cell("outputs", account.stream() + "/" + account.connector(), 5), grouped(account.delivered()));
            }
            for (var entry : List.of("users", "orders", "search", "files")) {
                var figure = "[data-metric=gateway_request_duration_seconds] figure[data-key=" + entry + "] .counted";
                browser.await(count(figure), responses(vertebra) / 4);
            }
            browser.await("document.querySelectorAll('#records tbody tr').length > 50", true);
            assertThat(browser.evaluate("document.querySelectorAll('.plot canvas').length"))
                    .isEqualTo(browser.evaluate("document.querySelectorAll('.panel').length"));
            browser.screenshot(PICTURES.resolve("page-light.png"));
            browser.look(1280, 900, "dark");
            traffic(vertebra, 2);
            browser.screenshot(PICTURES.resolve("page-dark.png"));
            browser.look(390, 844, "light");
            traffic(vertebra, 2);
            browser.screenshot(PICTURES.resolve("page-phone.png"));
            assertThat(browser.evaluate("document.documentElement.scrollWidth")).isEqualTo(390);
            assertThat(browser.errors()).isEmpty();
            assertThat(browser.requests())
                    .filteredOn(url -> !url.equals("about:blank"))
                    .isNotEmpty()
                    .allMatch(url -> url.matches("(http|ws)://127\\.0\\.0\\.1:" + vertebra.port() + "/.*"));
        }
    }

    @Test
    void shouldPauseAndFilterRecords() throws Exception {
        try (var vertebra = Vertebra.start(VertebraConfig.defaults().withPort(0))) {
            Gateway.load(vertebra);
            Gateway.exchanges(0, 40);
            browser.open("http://127.0.0.1:" + vertebra.port() + "/");
            var rows = "document.querySelectorAll('#records tbody tr').length";
            browser.await(rows, 40);
            filter("route=2");
            browser.await(rows, 10);
            filter("route=2x");
            browser.await(rows, 0);
            filter("");
            browser.await(rows, 40);
            browser.evaluate("document.querySelector('#records .tools button').click()");
            Gateway.exchanges(100, 7);
            browser.await("document.querySelector('#records .note').textContent", "paused, 7 newer not shown");
            assertThat(browser.evaluate(rows)).isEqualTo(40);
            browser.evaluate("document.querySelector('#records .tools button').click()");
            Gateway.exchanges(200, 3);
            browser.await(rows, 43);
        }
    }

    @Test
    void shouldFindTheServerAgain() throws Exception {
        var first = Vertebra.start(VertebraConfig.defaults().withPort(0));
        browser.open("http://127.0.0.1:" + first.port() + "/");
        var state = "document.getElementById('connection')?.dataset.state";
        browser.await(state, "live");
        first.close();
        browser.await(state, "lost");
        try (var second = Vertebra.start(VertebraConfig.defaults().withPort(first.port()))) {
            Gateway.load(second);
            browser.await(state, "live");
            browser.await("document.querySelectorAll('#attached tbody tr').length > 0", true);
        }
    }

    @Test
    void shouldShowMarkupAsText() throws Exception {
        try (var vertebra = Vertebra.start(VertebraConfig.defaults().withPort(0))) {
            browser.open("http://127.0.0.1:" + vertebra.port() + "/");
            browser.await("document.readyState", "complete");
            var made = "import('/dom.js').then(dom => { const e = dom.h('td', {title: '\"><b>'}, '<img src=x"
                    + " onerror=alert(1)>'); document.body.append(e); return e.children.length + e.textContent;"
                    + " })";
            assertThat(browser.evaluate(made)).isEqualTo("0<img src=x onerror=alert(1)>");
            var inline = "{ const s = document.createElement('script'); s.textContent = 'window.ran = true';"
                    + " document.body.append(s); String(window.ran) }";
            assertThat(browser.evaluate(inline)).isEqualTo("undefined");
        }
    }

    private void filter(String text) {
        browser.evaluate("{ const i = document.querySelector('#records input'); i.value = '" + text
                + "'; i.dispatchEvent(new Event('input')); }");
    }

    /** Requests for some seconds, routes in turn, with delays that differ by route; a whole number of rounds. */
    private static void traffic(Vertebra vertebra, int seconds) {
        var random = new Random(42);
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        long connection = System.nanoTime();
        while (System.nanoTime() - end < 0) {
            for (int route = 0; route < 4; route++) {
                double factor = Math.exp(random.nextGaussian() * 0.8);
                Gateway.exchange(connection++, route, (long) (300_000 * (route + 1) * factor));
            }
        }
        Gateway.settle(vertebra);
    }

    private static int responses(Vertebra vertebra) {
        return (int) vertebra.accounts().stream()
                .filter(account -> account.hook().equals("gateway/response_sent"))
                .mapToLong(AttachmentAccount::ok)
                .sum();
    }

    private static String cell(String section, String keyEnd, int column) {
        return "document.querySelector('#" + section + " tr[data-key$=\"" + keyEnd + "\"] td:nth-child(" + column
                + ")')?.textContent";
    }

    private static String count(String selector) {
        return "Number(document.querySelector('" + selector + "')?.dataset.count)";
    }

    private static String grouped(long value) {
        return String.format(Locale.US, "%,d", value);
    }
}
