package io.vertebra.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whether the page can be used without eyes, without a pointer, and with weak eyes. */
class PageAccessTest extends PageTest {

    private static final List<String> VIEWS = List.of(
            "overview", "streams", "sets", "sets/gateway", "codelet/gateway/on_response", "map/gateway/delay_us");

    private static final Set<String> CONTROLS = Set.of("button", "link", "searchbox", "textbox", "radio", "tab");

    private static final Set<String> NAMED = Stream.concat(
                    CONTROLS.stream(),
                    Stream.of("region", "table", "radiogroup", "tablist", "DisclosureTriangle", "image"))
            .collect(Collectors.toSet());

    /** Texts whose colour is too near to what is behind them: WCAG 2.2, 1.4.3, level AA. */
    private static final String WEAK = """
        (() => {
          const numbers = colour => colour.match(/[\\d.]+/g).map(Number);
          const linear = c => (c / 255 <= .04045 ? c / 255 / 12.92 : ((c / 255 + .055) / 1.055) ** 2.4);
          const luminance = ([r, g, b]) => .2126 * linear(r) + .7152 * linear(g) + .0722 * linear(b);
          const behind = e => {
            for (; e; e = e.parentElement) {
              const colour = numbers(getComputedStyle(e).backgroundColor);
              if (colour.length === 3 || colour[3] === 1) return colour;
            }
            return [255, 255, 255];
          };
          const weak = [];
          let looked = 0;
          for (const e of document.querySelectorAll('body *')) {
            const style = getComputedStyle(e);
            const own = [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
            if (!(own || e.placeholder) || !e.checkVisibility() || e.disabled || e.closest('svg, .switch legend')) continue;
            looked++;
            const text = e.placeholder ? getComputedStyle(e, '::placeholder') : style;
            const [a, b] = [luminance(numbers(text.color)), luminance(behind(e))].sort((x, y) => y - x);
            const ratio = (a + .05) / (b + .05);
            const size = parseFloat(style.fontSize);
            if (ratio < (size >= 24 || (size >= 18.66 && style.fontWeight >= 700) ? 3 : 4.5)) {
              weak.push(`${e.tagName} ${e.className} "${e.textContent.slice(0, 30)}" ${ratio.toFixed(2)}`);
            }
          }
          return looked > 20 ? weak : ['only ' + looked + ' texts were looked at'];
        })()\
        """;

    @Test
    void shouldNameEveryControl() throws Exception {
        try (var vertebra = Vertebra.start(VertebraConfig.defaults().withPort(0))) {
            Gateway.load(vertebra);
            Gateway.exchanges(0, 40);
            open(vertebra, "");
            for (var view : VIEWS) {
                show(view);
                var nodes = browser().accessibility().stream()
                        .filter(node -> !node.getBoolean("ignored", false))
                        .toList();
                var roles = nodes.stream().map(node -> value(node, "role")).toList();
                assertThat(roles).as(view).contains("banner", "navigation", "main", "heading", "table");
                assertThat(roles.stream().filter(CONTROLS::contains)).as(view).hasSizeGreaterThan(5);
                assertThat(nodes.stream()
                                .filter(node -> NAMED.contains(value(node, "role")))
                                .filter(node -> value(node, "name").isBlank())
                                .map(node -> value(node, "role")))
                        .as(view + ", without a name")
                        .isEmpty();
            }
        }
    }

    @Test
    void shouldContrastEnough() throws Exception {
        try (var vertebra = Vertebra.start(VertebraConfig.defaults().withPort(0))) {
            Gateway.load(vertebra);
            Gateway.exchanges(0, 40);
            open(vertebra, "");
            for (var scheme : List.of("light", "dark")) {
                browser().look(1280, 900, scheme);
                for (var view : VIEWS) {
                    show(view);
                    assertThat((JsonArray) browser().evaluate(WEAK))
                            .as(view + ", " + scheme)
                            .isEmpty();
                }
            }
        }
    }

    @Test
    void shouldLeadTheFocusByKeyboard() throws Exception {
        try (var vertebra = Vertebra.start(VertebraConfig.defaults().withPort(0))) {
            Gateway.load(vertebra);
            open(vertebra, "");
            browser().awaitTrue(element("#attached tbody a"));
            browser().evaluate(element("#attached tbody a") + ".focus()");
            Gateway.exchanges(0, 20);
            browser().await(cell("attached", "gateway/response_sent", "Runs"), "20");
            assertThat(browser().evaluate("document.activeElement === " + element("#attached tbody a")))
                    .as("the focus stays while the table moves")
                    .isEqualTo(true);
            browser().press("Tab");
            assertThat(browser().evaluate("getComputedStyle(document.activeElement).outlineStyle"))
                    .isEqualTo("solid");
        }
    }

    private void show(String view) throws InterruptedException {
        browser().evaluate("location.hash = '#" + view + "'");
        browser().awaitTrue(element("main tbody tr"));
    }

    private static String value(JsonObject node, String property) {
        return node.getJsonObject(property, new JsonObject()).getString("value", "");
    }
}
