package io.vertebra.verifier.prevail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertebra.verifier.prevail.Decision.Accepted;
import io.vertebra.verifier.prevail.Decision.NotAccepted;
import io.vertebra.verifier.prevail.Decision.NotStated;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * PREVAIL's cases, decided by our verifier: what it accepts we accept, what it rejects we reject, but for the differences
 * that {@code differences.tsv} names.
 */
class PrevailSuiteTest {

    private static final Map<String, String> DIFFERENCES = Differences.read();
    private static final Tally TALLY = new Tally();

    @TestFactory
    Stream<DynamicTest> shouldDecideAsPrevail() {
        return tests(Suites.prevail(), TALLY);
    }

    @AfterAll
    static void tell() {
        System.out.println(TALLY);
    }

    @TestFactory
    Stream<DynamicTest> shouldDecideOwnCases() throws URISyntaxException {
        var folder = Path.of(PrevailSuiteTest.class.getResource("own").toURI());
        return tests(folder, new Tally());
    }

    private static Stream<DynamicTest> tests(Path folder, Tally tally) {
        return CaseReader.folder(folder).stream()
                .map(c -> DynamicTest.dynamicTest(c.id() + " " + c.name(), () -> check(c, tally)));
    }

    private static void check(Case source, Tally tally) {
        assumeTrue(source.exception().isEmpty(), "skipped: about the reader of such documents");
        var decision = Decision.of(source);
        boolean expected = switch (decision) {
            case Accepted _ -> !source.isRejected();
            case NotAccepted _ -> source.isRejected();
            case NotStated _ -> false;
        };
        var difference = DIFFERENCES.get(source.file() + " " + source.name());
        tally.count(source, decision, expected, difference != null);
        if (difference != null) {
            assertThat(expected)
                    .as("%s is decided as PREVAIL does: take it out of the differences", source.id())
                    .isFalse();
        } else if (!expected) {
            fail("PREVAIL %s, we say %s: %s", source.isRejected() ? "rejects" : "accepts", decision, source.messages());
        }
    }
}
