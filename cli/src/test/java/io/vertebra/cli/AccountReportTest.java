package io.vertebra.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.runtime.account.AttachmentAccount;
import io.vertebra.runtime.account.DropCause;
import io.vertebra.runtime.account.OutputAccount;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AccountReportTest {
    private static final OutputAccount OUTPUT = new OutputAccount("slow", "kafka", 5, 4, Map.of(), 1);

    @Test
    void shouldSayBalancedWhenEverythingIsExplained() {
        var report = AccountReport.of(List.of(attachment(10, 7)), List.of(OUTPUT));

        assertThat(report.balanced()).isTrue();
        assertThat(report.lines())
                .hasSize(3)
                .first()
                .asString()
                .endsWith("offered 10 = ok 7 + failed 1 + dropped (2 ring_full) + waiting 0");
        assertThat(report.lines()).last().isEqualTo("account: balanced");
    }

    @Test
    void shouldNameWhatIsMissing() {
        var report = AccountReport.of(List.of(attachment(10, 4)), List.of(OUTPUT));

        assertThat(report.balanced()).isFalse();
        assertThat(report.lines()).last().isEqualTo("account: missing 3 of set/codelet");
    }

    private static AttachmentAccount attachment(long offered, long ok) {
        return new AttachmentAccount(
                "set", "codelet", "group/hook", "queued", offered, ok, 1, Map.of(DropCause.RING_FULL, 2L), 0);
    }
}
