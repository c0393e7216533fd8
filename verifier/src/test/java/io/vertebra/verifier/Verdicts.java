package io.vertebra.verifier;

import static io.vertebra.verifier.Code.r;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.verifier.platform.Platform;
import io.vertebra.verifier.report.ReportPrinter;
import io.vertebra.verifier.report.VerificationReport.Accepted;
import io.vertebra.verifier.report.VerificationReport.Rejected;
import io.vertebra.vm.isa.Instruction.Condition;

/** What tests of verdicts share: the usual maps, and the two verdicts. */
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

    static Rejected rejected(Code code) {
        var report = Verifier.verify(code.build(), Fixtures.PLATFORM);
        assertThat(report).isInstanceOf(Rejected.class);
        return (Rejected) report;
    }

    static void rejected(Code code, String summary) {
        rejected(code, Fixtures.PLATFORM, summary);
    }

    static void rejected(Code code, Platform platform, String summary) {
        var program = code.build();
        var report = Verifier.verify(program, platform);
        assertThat(report).isInstanceOf(Rejected.class);
        assertThat(ReportPrinter.summary(((Rejected) report).findings().getFirst()))
                .isEqualTo(summary);
    }

    /** Maps: 0 an array, 1 a hash, 2 a ring buffer, 3 read-only data. */
    static Code code() {
        return new Code()
                .maps(Fixtures.ARRAY, Fixtures.HASH, Fixtures.RING, Fixtures.readOnly(new byte[] {7, 0, 0, 0}));
    }

    /** Code with the context in r6 and a value of a map in r0; {@link #out} ends it. */
    static Code ifFound(int map) {
        return code().mov(6, r(1)).lookup(map).jumpIf(0, Condition.EQ, 0, "out");
    }

    static Code out(Code code) {
        return code.label("out").result(0);
    }
}
