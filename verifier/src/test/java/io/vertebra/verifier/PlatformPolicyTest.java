package io.vertebra.verifier;

import static io.vertebra.verifier.Code.r;
import static io.vertebra.vm.isa.Instruction.AccessSize.BYTE;
import static io.vertebra.vm.isa.Instruction.AccessSize.DOUBLE;
import static io.vertebra.vm.isa.Instruction.AccessSize.WORD;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.verifier.platform.Platform;
import io.vertebra.verifier.report.ReportPrinter;
import io.vertebra.verifier.report.VerificationReport.Accepted;
import io.vertebra.verifier.report.VerificationReport.Rejected;
import io.vertebra.vm.helper.HelperPrototype;
import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.Instruction.AccessSize;
import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.program.ContextLayout;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a platform may permit or forbid beyond the context and the helpers it has. */
class PlatformPolicyTest {

    /** Permits and forbids the opposite of what platforms do that say nothing. */
    private record Contrary() implements Platform {
        @Override
        public ContextLayout context() {
            return Fixtures.CONTEXT;
        }

        @Override
        public Optional<HelperPrototype> helper(int id) {
            return Fixtures.PLATFORM.helper(id);
        }

        @Override
        public long maxSteps() {
            return Fixtures.PLATFORM.maxSteps();
        }

        @Override
        public boolean payloadWritable() {
            return true;
        }

        @Override
        public boolean contextWritable() {
            return true;
        }

        @Override
        public boolean legacyPacketAccess() {
            return true;
        }

        @Override
        public boolean divisionByZeroAllowed() {
            return false;
        }
    }

    private static Code code() {
        return new Code().maps(Fixtures.ARRAY, Fixtures.RING);
    }

    private static void accepted(Code code, Platform platform) {
        assertThat(Verifier.verify(code.build(), platform)).isInstanceOf(Accepted.class);
    }

    private static void rejected(Code code, Platform platform, String summary) {
        var report = Verifier.verify(code.build(), platform);
        assertThat(report).isInstanceOf(Rejected.class);
        assertThat(ReportPrinter.summary(((Rejected) report).findings().getFirst()))
                .isEqualTo(summary);
    }

    private static void onlyContrary(Code code, String summary) {
        accepted(code, new Contrary());
        rejected(code, Fixtures.PLATFORM, summary);
    }

    private static void neverContrary(Code code, String summary) {
        rejected(code, new Contrary(), summary);
        accepted(code, Fixtures.PLATFORM);
    }

    @Test
    void shouldForbidDivisionByWhatMayBeZero() {
        neverContrary(
                code().load(WORD, 2, 1, 8).mov(3, 8).alu(AluOp.DIV, 3, r(2)).result(0),
                "insn 2: a division by zero: the divisor is [0, 4294967295]");
        neverContrary(code().mov(3, 8).alu(AluOp.SMOD, 3, 0).result(0), "insn 1: a division by zero: the divisor is 0");
    }

    @Test
    void shouldAskOnlyForTheBitsThatDivide() {
        neverContrary(
                code().constant(2, 1L << 32).mov(3, 8).alu32(AluOp.DIV, 3, r(2)).result(0),
                "insn 3: a division by zero: the divisor is 4294967296");
        accepted(code().constant(2, 1L << 32).mov(3, 8).alu(AluOp.DIV, 3, r(2)).result(0), new Contrary());
    }

    @Test
    void shouldPermitDivisionByWhatIsNotZero() {
        accepted(
                code().load(DOUBLE, 2, 1, 0)
                        .alu(AluOp.OR, 2, 1)
                        .mov(3, 8)
                        .alu(AluOp.MOD, 3, r(2))
                        .result(0),
                new Contrary());
    }

    @Test
    void shouldPermitStoresToFieldsOfTheContext() {
        onlyContrary(
                code().store(WORD, 1, 8, 7).result(0),
                "insn 0: the context is read-only: r1 is a pointer to the context");
    }

    @Test
    void shouldForbidStoresToAddressesOfThePayload() {
        rejected(
                code().store(DOUBLE, 1, 32, 7).result(0),
                new Contrary(),
                "insn 0: r1 + 32 does not change one field of the context `test_event`: offset 32, 8 bytes, size 48,"
                        + " field `data` is 8 bytes at 32");
        rejected(
                code().store(DOUBLE, 1, 0, r(10)).result(0),
                new Contrary(),
                "insn 0: a pointer would be stored in the context: r10 is a pointer to the stack");
        rejected(
                code().mov(2, 1).atomicAdd(DOUBLE, 1, 0, 2).result(0),
                new Contrary(),
                "insn 1: the context is read-only: r1 is a pointer to the context");
    }

    private static Code legacy(AccessSize size, int index) {
        return code().mov(6, r(1)).mov(7, 3).add(new Instruction.LoadPacket(size, index, 20));
    }

    @Test
    void shouldPermitLegacyPacketAccess() {
        onlyContrary(legacy(BYTE, -1).exit(), "insn 2: legacy packet access is not available");
        onlyContrary(legacy(WORD, 7).exit(), "insn 2: legacy packet access is not available");
    }

    @Test
    void shouldForgetArgumentsAfterLegacyPacketAccess() {
        rejected(legacy(BYTE, -1).mov(2, r(1)).exit(), new Contrary(), "insn 3: r1 is not initialised");
    }

    @Test
    void shouldAskForTheContextInLegacyPacketAccess() {
        rejected(
                code().mov(6, 0).add(new Instruction.LoadPacket(BYTE, -1, 0)).exit(),
                new Contrary(),
                "insn 1: legacy packet access without the context: r6 is the number 0");
        rejected(
                legacy(BYTE, 6).exit(),
                new Contrary(),
                "insn 2: an index of a pointer: r6 is a pointer to the context");
    }

    @Test
    void shouldLoseNothingInLegacyPacketAccess() {
        rejected(
                code().mov(6, r(1))
                        .map(1, 1)
                        .mov(2, 8)
                        .mov(3, 0)
                        .call(131)
                        .mov(7, r(0))
                        .add(new Instruction.LoadPacket(BYTE, -1, 0))
                        .result(0),
                new Contrary(),
                "insn 7: a reserved record of map `events` is lost at legacy packet access: it is still reserved");
    }
}
