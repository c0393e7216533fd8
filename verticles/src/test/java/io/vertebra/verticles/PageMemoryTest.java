package io.vertebra.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whether the page grows while it is open: traffic goes on, all views are visited in turn, and what Chromium says of the page
 * after a forced collection is compared. The build looks at nodes and listeners for some seconds; {@code .ci/page-memory} looks
 * at the heap too, for minutes.
 */
class PageMemoryTest extends PageTest {

    /** Minutes, 0 for the short form. */
    private static final int MINUTES = Integer.getInteger("vertebra.page.minutes", 0);

    /** The page keeps three minutes of what is shown; after so many its heap may not grow. */
    private static final int FULL = 5;

    private static final double SAME = 1.10;

    private static final List<String> VIEWS = List.of(
            "streams", "sets", "sets/gateway", "codelet/gateway/on_response", "map/gateway/traffic", "overview");

    private final List<Map<String, Long>> samples = new ArrayList<>();

    @Test
    @Timeout(7_200)
    void shouldNotGrow() throws Exception {
        int periods = MINUTES > 0 ? Math.max(FULL + 1, MINUTES) : 4;
        try (var vertebra = Vertebra.start(VertebraConfig.defaults().withPort(0))) {
            Gateway.load(vertebra);
            Gateway.exchanges(0, 400); // so that tables are as long as they get
            open(vertebra, "");
            var going = new AtomicBoolean(true);
            var traffic = Thread.ofPlatform().start(() -> traffic(going));
            try {
                for (int period = 1; period <= periods; period++) {
                    visit(MINUTES > 0 ? 60_000 : 0);
                    samples.add(browser().memory());
                    print(period);
                }
            } finally {
                going.set(false);
                traffic.join();
            }
            assertQuiet(vertebra);
        }
        int from = MINUTES > 0 ? FULL - 1 : 1;
        assertFlat("Nodes", from);
        assertFlat("JSEventListeners", from);
        if (MINUTES > 0) {
            assertFlat("JSHeapUsedSize", from);
        }
    }

    /** Every view once, then the overview until the period is over. */
    private void visit(long millis) throws InterruptedException {
        long end = System.nanoTime() + millis * 1_000_000;
        for (var view : VIEWS) {
            browser().evaluate("location.hash = '#" + view + "'");
            browser().awaitTrue("document.querySelector('main tbody tr')");
            Thread.sleep(millis / 20);
        }
        Thread.sleep(Math.max(0, (end - System.nanoTime()) / 1_000_000));
    }

    private static void traffic(AtomicBoolean going) {
        var random = new Random(42);
        for (long connection = 1_000; going.get(); connection++) {
            Gateway.exchange(connection, (int) (connection % 4), (long) (1_000_000 * Math.exp(random.nextGaussian())));
        }
    }

    private void print(int period) {
        var now = samples.getLast();
        if (MINUTES > 0) {
            System.out.printf(
                    "minute %2d  heap %,11d  nodes %,7d  listeners %,5d%n",
                    period, now.get("JSHeapUsedSize"), now.get("Nodes"), now.get("JSEventListeners"));
        }
    }

    private void assertFlat(String what, int from) {
        var values = samples.stream().map(sample -> sample.get(what)).toList();
        long most = Math.round(values.get(from) * SAME);
        assertThat(values.subList(from, values.size()))
                .as(what + " of " + values)
                .allMatch(value -> value <= most);
    }
}
