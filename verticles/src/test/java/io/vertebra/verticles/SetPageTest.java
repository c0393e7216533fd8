package io.vertebra.verticles;

import static io.vertebra.verticles.ProbeHooks.HOOKS;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sets that are loaded, replaced and unloaded on the page. */
class SetPageTest extends PageTest {

    private static final String TALLY = "codeletset: tally\ncodelets: [{object: tally.bpf.o, execution: inline}]\n";
    private static final String STATUS = ".set-form .status";

    @TempDir
    Path folder;

    @BeforeEach
    void declareHooks() {
        assertThat(HOOKS.choose(0, 0)).isEqualTo(-1);
    }

    @Test
    void shouldLoadASetWithProgress() throws Exception {
        try (var vertebra = start()) {
            open(vertebra, "#token=" + vertebra.token("author"));
            browser().evaluate("location.hash = '#sets'");
            awaitText("#sets .empty", "No codelet set is loaded.");
            assertThat(browser().evaluate(element(".token-form") + ".hidden")).isEqualTo(true);
            browser()
                    .evaluate("window.said = []; new MutationObserver(() => said.push(" + element(STATUS)
                            + ".textContent)).observe(" + element(STATUS) + ", {childList: true})");
            browser().uploadAt(40_000);
            browser().choose(".set-form input", Gateway.DESCRIPTOR, Gateway.DESCRIPTOR.resolveSibling("gateway.bpf.o"));
            browser()
                    .awaitTrue("/gateway.yaml descriptor, .*gateway.bpf.o object, /.test(" + element(".files")
                            + ".textContent)");
            click(".set-form button");
            browser().awaitTrue(element(STATUS) + ".textContent.startsWith('Set gateway is loaded: 4 codelets')");
            browser().uploadAt(-1);
            var said = ((JsonArray) browser().evaluate("said"))
                    .stream().map(String::valueOf).toList();
            assertThat(said).anyMatch(text -> text.matches("[1-9]\\d?% sent")).contains("sent, the server verifies");
            browser().await(cell("sets", "gateway", "State"), "attached");
            assertThat(((JsonArray) api(vertebra, "codelet-sets"))).hasSize(1);
            assertQuiet(vertebra);
        }
    }

    @Test
    void shouldShowTheWholeReportOfARejectedSet() throws Exception {
        var descriptor = "codeletset: bad\ncodelets:\n  - {object: rejected.bpf.o, program: unchecked, name: first}\n"
                + "  - {object: tally.bpf.o}\n";
        try (var vertebra = start();
                var author = new ApiClient(vertebra, "author")) {
            open(vertebra, "#token=" + vertebra.token("author"));
            browser().evaluate("location.hash = '#sets'");
            choose(".set-form input", descriptor, "rejected.bpf.o", "tally.bpf.o");
            click(".set-form button");
            browser().await("document.querySelectorAll('.verdicts pre').length", 2);
            var answer = author.upload("POST", "codelet-sets", descriptor, "rejected.bpf.o", "tally.bpf.o");
            awaitText(STATUS, answer.detail());
            var texts = answer.object().getJsonArray("programs").stream()
                    .map(program -> ((JsonObject) program).getString("text"))
                    .toList();
            assertThat(browser().evaluate("[...document.querySelectorAll('.verdicts pre')].map(p => p.textContent)"))
                    .isEqualTo(new JsonArray(texts));
            browser().screenshot(Path.of("target/page-rejected.png"));
            assertThat(texts.getFirst())
                    .startsWith("FAIL first: insn 7 (rejected.bpf.c:17)")
                    .contains("hint: ");
        }
    }

    @Test
    void shouldReplaceOnlyWhatItHasSeen() throws Exception {
        try (var vertebra = start();
                var author = new ApiClient(vertebra, "author")) {
            author.upload("POST", "codelet-sets", TALLY, "tally.bpf.o");
            open(vertebra, "#token=" + vertebra.token("author"));
            browser().evaluate("location.hash = '#sets/tally'");
            browser().awaitTrue(element("#change:not([hidden])"));
            choose("#change input[type=file]", TALLY + "# second\n", "tally.bpf.o");
            author.upload("PUT", "codelet-sets/tally", TALLY + "# first\n", "tally.bpf.o");
            click("#change .set-form button");
            browser().awaitTrue(element(STATUS) + ".textContent.startsWith('Somebody has changed the set meanwhile')");
            var first = digest(author);
            browser()
                    .await(
                            element("#codelets > .note") + ".textContent.includes('" + first.substring(0, 16) + "')",
                            true);
            choose("#change input[type=file]", TALLY + "# second\n", "tally.bpf.o");
            click("#change .set-form button");
            browser().awaitTrue(element(STATUS) + ".textContent.startsWith('Set tally is replaced: 1 codelets')");
            assertThat(digest(author)).isNotEqualTo(first);
        }
    }

    @Test
    void shouldAskBeforeItUnloads() throws Exception {
        try (var vertebra = start();
                var author = new ApiClient(vertebra, "author")) {
            author.upload("POST", "codelet-sets", TALLY, "tally.bpf.o");
            open(vertebra, "#token=" + vertebra.token("author"));
            browser().evaluate("location.hash = '#sets/tally'");
            click("#change > .tools button:first-child");
            browser().awaitTrue(element("#codelets > .note") + "?.textContent.startsWith('disabled')");
            awaitText("#change > .tools button:first-child", "Enable");
            click("#change > .tools button:first-child");
            browser().awaitTrue(element("#codelets > .note") + ".textContent.startsWith('attached')");
            click("#change > .tools .danger");
            browser().awaitTrue(element("dialog[open]"));
            browser().awaitTrue("document.activeElement.value === 'cancel'");
            click("dialog button[value=cancel]");
            browser().awaitTrue(element("dialog:not([open])"));
            assertThat(author.get("codelet-sets/tally").status()).isEqualTo(200);
            click("#change > .tools .danger");
            click("dialog button[value=unload]");
            browser().await("location.hash", "#sets");
            awaitText("#sets .empty", "No codelet set is loaded.");
            assertThat(author.get("codelet-sets/tally").status()).isEqualTo(404);
        }
    }

    @Test
    void shouldSayWhatAChangeNeeds() throws Exception {
        try (var vertebra = start()) {
            open(vertebra, "#sets");
            browser().awaitTrue(element(".token-form .note") + ".textContent.startsWith('This tab has no token.')");
            choose(".set-form input", TALLY, "tally.bpf.o");
            click(".set-form button");
            browser().awaitTrue(element(STATUS) + ".textContent.startsWith('Refused: no token')");
            token(vertebra.token("viewer"));
            click(".set-form button");
            awaitText(STATUS, "token of role `viewer`: needed is `author`");
            token(vertebra.token("author"));
            click(".set-form button");
            browser().awaitTrue(element(STATUS) + ".textContent.startsWith('Set tally is loaded')");
        }
    }

    private static Vertebra start() throws Exception {
        return Vertebra.start(VertebraConfig.defaults().withPort(0));
    }

    private void token(String token) throws InterruptedException {
        browser().awaitTrue(element(".token-form:not([hidden])"));
        type(".token-form input", token);
        click(".token-form button");
        browser().awaitTrue(element(".token-form[hidden]"));
    }

    /** Chooses a descriptor and objects of the runtime's tests. */
    private void choose(String field, String descriptor, String... objects) throws IOException, InterruptedException {
        var files = new Path[objects.length + 1];
        files[0] = Files.writeString(folder.resolve("set.yaml"), descriptor);
        for (int i = 0; i < objects.length; i++) {
            files[i + 1] = ApiClient.OBJECTS.resolve(objects[i]);
        }
        browser().awaitTrue(element(field));
        browser().choose(field, files);
        browser().await("document.querySelectorAll('.files li').length", files.length);
    }

    private static String digest(ApiClient client) throws Exception {
        return client.get("codelet-sets/tally").object().getString("digest");
    }
}
