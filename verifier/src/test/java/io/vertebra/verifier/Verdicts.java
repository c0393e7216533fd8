package io.vertebra.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.verifier.platform.Platform;
import io.vertebra.verifier.report.ReportPrinter;
import io.vertebra.verifier.report.VerificationReport.Accepted;
import io.vertebra.verifier.report.VerificationReport.Rejected;

/** Asserts verdicts. */
final class Verdicts {

    private Verdicts() {}

    static Accepted accepted(Code code) {
        return accepted(code, Fixtures.PLATFORM);
    }

    static Accepted accepted(Code code, Platform platform) {
        var program = code.build();
        var report = Verifier.verify(program, platform);
        assertThat(report)
                .as(ReportPrinter.print("main", program.instructions().size(), report))
                .isInstanceOf(Accepted.class);
        return (Accepted) report;
    }

    static Rejected rejected(Code code, String summary) {
        return rejected(code, Fixtures.PLATFORM, summary);
    }

    static Rejected rejected(Code code, Platform platform, String summary) {
        var report = Verifier.verify(code.build(), platform);
        assertThat(report).isInstanceOf(Rejected.class);
        assertThat(ReportPrinter.summary(((Rejected) report).findings().getFirst()))
                .isEqualTo(summary);
        return (Rejected) report;
    }
}
