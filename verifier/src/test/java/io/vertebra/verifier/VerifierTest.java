package io.vertebra.verifier;

import static io.vertebra.verifier.Code.r;
import static io.vertebra.vm.isa.Instruction.AccessSize.BYTE;
import static io.vertebra.vm.isa.Instruction.AccessSize.DOUBLE;
import static io.vertebra.vm.isa.Instruction.AccessSize.HALF;
import static io.vertebra.vm.isa.Instruction.AccessSize.WORD;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.verifier.platform.NativePlatform;
import io.vertebra.verifier.platform.Platform;
import io.vertebra.verifier.report.ReportPrinter;
import io.vertebra.verifier.report.VerificationReport.Accepted;
import io.vertebra.verifier.report.VerificationReport.Rejected;
import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.Condition;
import io.vertebra.vm.isa.Instruction.Width;
import io.vertebra.vm.program.AccessPlan;
import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** One accepted and the rejected forms of each class of mistakes. */
class VerifierTest {

    private static Accepted accepted(Code code) {
        return accepted(code, Fixtures.PLATFORM);
    }

    private static Accepted accepted(Code code, Platform platform) {
        var program = code.build();
        var report = Verifier.verify(program, platform);
        assertThat(report)
                .as(ReportPrinter.print("main", program.instructions().size(), report))
                .isInstanceOf(Accepted.class);
        return (Accepted) report;
    }

    private static void rejected(Code code, String summary) {
        rejected(code, Fixtures.PLATFORM, summary);
    }

    private static void rejected(Code code, Platform platform, String summary) {
        var program = code.build();
        var report = Verifier.verify(program, platform);
        assertThat(report).isInstanceOf(Rejected.class);
        assertThat(ReportPrinter.summary(((Rejected) report).findings().getFirst()))
                .isEqualTo(summary);
    }

    private static Code code() {
        return new Code()
                .maps(Fixtures.ARRAY, Fixtures.HASH, Fixtures.RING, Fixtures.readOnly(new byte[] {7, 0, 0, 0}));
    }

    private static Code ifFound(int map) {
        return code().mov(6, r(1)).lookup(map).jumpIf(0, Condition.EQ, 0, "out");
    }

    private static Code out(Code code) {
        return code.label("out").result(0);
    }

    @Nested
    class Structures {
        @Test
        void shouldRejectJumpOutOfFunction() {
            rejected(code().add(new Instruction.Jump(5)), "insn 0: jump to insn 6, which is not in `main`");
        }

        @Test
        void shouldRejectJumpIntoWideInstruction() {
            rejected(
                    code().add(new Instruction.Jump(1)).constant(0, 1).exit(),
                    "insn 0: jump to insn 2, which is not in `main`");
        }

        @Test
        void shouldRejectRunningOffTheEnd() {
            rejected(code().mov(0, 0), "insn 0: control may run off the end of `main`");
        }

        @Test
        void shouldRejectWritingTheFramePointer() {
            rejected(code().mov(10, 0).result(0), "insn 0: r10 is written");
        }

        @Test
        void shouldTolerateUnreachableCode() {
            accepted(code().result(0).mov(1, r(9)).exit());
        }
    }

    @Nested
    class Stacks {
        @Test
        void shouldTrackSpilledValues() {
            accepted(code().mov(2, 5)
                    .store(DOUBLE, 10, -8, r(1))
                    .store(WORD, 10, -16, r(2))
                    .load(DOUBLE, 3, 10, -8)
                    .load(DOUBLE, 0, 3, 0)
                    .load(WORD, 4, 10, -16)
                    .plus(4, r(10))
                    .store(BYTE, 4, -6, 0)
                    .exit());
        }

        @Test
        void shouldRejectOutsideAccess() {
            rejected(
                    code().store(DOUBLE, 10, -520, 0).result(0),
                    "insn 0: r10 - 520 may be outside the stack: offset -520, 8 bytes, the stack is [-512, 0)");
            rejected(
                    code().store(WORD, 10, -2, 0).result(0),
                    "insn 0: r10 - 2 may be outside the stack: offset -2, 4 bytes, the stack is [-512, 0)");
        }

        @Test
        void shouldRejectUninitialisedBytes() {
            rejected(
                    code().store(WORD, 10, -8, 0).load(DOUBLE, 0, 10, -8).exit(),
                    "insn 1: the stack at r10 - 4 may be uninitialised: offset -8, 8 bytes read");
            rejected(
                    code().map(1, 0).mov(2, r(10)).plus(2, -4).call(1).result(0),
                    "insn 4: the stack at r10 - 4 may be uninitialised: offset -4, 4 bytes read");
        }

        @Test
        void shouldRejectReadingPointersAsData() {
            rejected(
                    code().store(DOUBLE, 10, -8, r(1)).load(WORD, 0, 10, -8).exit(),
                    "insn 1: the stack at r10 - 8 holds a pointer, which may not be read as data: offset -8, 4 bytes");
        }

        @Test
        void shouldForgetPointerThatWasOverwritten() {
            rejected(
                    code().store(DOUBLE, 10, -8, r(1))
                            .store(BYTE, 10, -8, 0)
                            .load(DOUBLE, 2, 10, -8)
                            .result(0),
                    "insn 2: the stack at r10 - 7 may be uninitialised: offset -8, 8 bytes read");
        }

        @Test
        void shouldForgetPointerBehindVariableStore() {
            rejected(
                    code().store(DOUBLE, 10, -8, r(1))
                            .store(DOUBLE, 10, -16, 0)
                            .load(DOUBLE, 2, 1, 0)
                            .alu(AluOp.AND, 2, 15)
                            .plus(2, r(10))
                            .store(BYTE, 2, -16, 1)
                            .load(DOUBLE, 3, 10, -8)
                            .result(0),
                    "insn 6: the stack at r10 - 8 may be uninitialised: offset -8, 8 bytes read");
        }

        @Test
        void shouldRememberWhatLaterPathsRead() {
            rejected(
                    out(ifFound(0)
                            .store(DOUBLE, 10, -16, 100)
                            .load(DOUBLE, 2, 6, 0)
                            .jumpIf(2, Condition.EQ, 0, "first")
                            .store(DOUBLE, 10, -16, 3)
                            .label("first")
                            .load(WORD, 3, 6, 8)
                            .jumpIf(3, Condition.EQ, 0, "second")
                            .mov(4, 0)
                            .label("second")
                            .load(DOUBLE, 5, 10, -16)
                            .plus(0, r(5))
                            .load(BYTE, 2, 0, 0)),
                    "insn 17: r0 may be outside the value of map `values`: offset 100, 1 bytes, size 64");
        }

        @Test
        void shouldRejectUnboundedIndex() {
            rejected(
                    code().load(DOUBLE, 2, 1, 0)
                            .plus(2, r(10))
                            .store(BYTE, 2, -16, 0)
                            .result(0),
                    "insn 2: r2 - 16 may be outside the stack: offset unbounded, 1 bytes, the stack is [-512, 0)");
        }
    }

    @Nested
    class PartsOfPointers {
        private Code stored() {
            return code().store(DOUBLE, 10, -8, 7).store(BYTE, 10, -6, r(1));
        }

        @Test
        void shouldKeepBytesBesideThem() {
            accepted(stored().load(HALF, 0, 10, -8).load(WORD, 0, 10, -4).exit());
        }

        @Test
        void shouldNotBeRead() {
            rejected(
                    stored().load(BYTE, 0, 10, -6).exit(),
                    "insn 2: the stack at r10 - 6 may be uninitialised: offset -6, 1 bytes read");
            rejected(
                    stored().load(DOUBLE, 0, 10, -8).exit(),
                    "insn 2: the stack at r10 - 6 may be uninitialised: offset -8, 8 bytes read");
        }

        @Test
        void shouldNotBeReadAcrossSlots() {
            rejected(
                    code().store(DOUBLE, 10, -16, 7)
                            .store(DOUBLE, 10, -8, 7)
                            .store(DOUBLE, 10, -12, r(10))
                            .load(WORD, 0, 10, -16)
                            .load(WORD, 0, 10, -4)
                            .load(BYTE, 0, 10, -12)
                            .exit(),
                    "insn 5: the stack at r10 - 12 may be uninitialised: offset -12, 1 bytes read");
        }

        @Test
        void shouldNotBeStoredAtAnUnknownPlace() {
            rejected(
                    code().load(WORD, 2, 1, 8)
                            .alu(AluOp.AND, 2, 8)
                            .plus(2, r(10))
                            .store(DOUBLE, 2, -16, r(1))
                            .result(0),
                    "insn 3: a pointer would be stored at an unknown place: offset [-16, -8], 8 bytes");
        }
    }

    @Nested
    class Contexts {
        @Test
        void shouldReadFields() {
            var report = accepted(code().load(DOUBLE, 0, 1, 0)
                    .load(HALF, 2, 1, 10)
                    .load(DOUBLE, 3, 1, 17)
                    .load(WORD, 4, 1, 8)
                    .exit());
            assertThat(report.plan().context()).isEqualTo(AccessPlan.ContextUse.LOADED);
            assertThat(report.plan().accesses().get(0)).isEqualTo(Set.of(new AccessPlan.Context()));
        }

        @Test
        void shouldRejectPaddingAndPartsOfPointers() {
            rejected(
                    code().load(WORD, 0, 1, 12).exit(),
                    "insn 0: r1 + 12 does not read one field of the context `test_event`: offset 12, 4 bytes, size 48");
            rejected(
                    code().load(WORD, 0, 1, 32).exit(),
                    "insn 0: r1 + 32 does not read one field of the context `test_event`: offset 32, 4 bytes, size 48,"
                            + " field `data` is 8 bytes at 32");
            rejected(
                    code().load(DOUBLE, 0, 1, 36).exit(),
                    "insn 0: r1 + 36 does not read one field of the context `test_event`: offset 36, 8 bytes, size 48");
        }

        @Test
        void shouldRejectWriting() {
            rejected(
                    code().store(WORD, 1, 0, 1).result(0),
                    "insn 0: the context is read-only: r1 is a pointer to the context");
        }

        @Test
        void shouldRejectChangedContextForHelpers() {
            var platform = Fixtures.PLATFORM;
            rejected(
                    new Code().plus(1, 8).call(12).result(0),
                    platform,
                    "insn 1: argument r1 of helper `tail_call` is wrong: r1 is a pointer to the context");
        }
    }

    @Nested
    class Maps {
        @Test
        void shouldBoundIndexByMask() {
            var report = accepted(out(ifFound(0)
                    .load(DOUBLE, 2, 6, 0)
                    .alu(AluOp.AND, 2, 7)
                    .alu(AluOp.LSH, 2, 3)
                    .plus(0, r(2))
                    .mov(3, 1)
                    .atomicAdd(DOUBLE, 0, 0, 3)));
            assertThat(report.plan().helpers()).containsExactly(1);
            assertThat(report.plan().stackBytes()).isEqualTo(8);
            assertThat(report.plan().accesses()).containsEntry(13, Set.of(new AccessPlan.MapValue(0)));
        }

        @Test
        void shouldBoundIndexByBranch() {
            accepted(out(ifFound(0)
                    .load(WORD, 2, 6, 8)
                    .jumpIf(Width.W32, 2, Condition.GT, 63, "out")
                    .plus(0, r(2))
                    .load(BYTE, 3, 0, 0)));
        }

        @Test
        void shouldRejectMissingNullCheck() {
            rejected(
                    out(code().lookup(0).load(DOUBLE, 2, 0, 0)),
                    "insn 6: r0 may be null: r0 is a pointer to the value of map `values` or null");
        }

        @Test
        void shouldRejectUseOnTheNullBranch() {
            rejected(
                    code().lookup(0)
                            .jumpIf(0, Condition.NE, 0, "out")
                            .load(DOUBLE, 2, 0, 0)
                            .label("out")
                            .result(0),
                    "insn 7: r0 is the number 0, not a pointer to memory");
        }

        @Test
        void shouldLearnFromOneCheckForAllCopies() {
            accepted(out(code().lookup(0)
                    .mov(7, r(0))
                    .store(DOUBLE, 10, -16, r(0))
                    .jumpIf(7, Condition.EQ, 0, "out")
                    .load(DOUBLE, 8, 10, -16)
                    .load(DOUBLE, 2, 8, 56)));
        }

        @Test
        void shouldRejectAccessBeyondTheValue() {
            rejected(
                    out(ifFound(0).load(DOUBLE, 2, 0, 57)),
                    "insn 8: r0 + 57 may be outside the value of map `values`: offset 57, 8 bytes, size 64");
            rejected(
                    out(ifFound(0)
                            .load(DOUBLE, 2, 6, 0)
                            .alu(AluOp.AND, 2, 63)
                            .plus(0, r(2))
                            .load(HALF, 2, 0, 0)),
                    "insn 11: r0 may be outside the value of map `values`: offset [0, 63], 2 bytes, size 64");
            rejected(
                    out(ifFound(0)
                            .load(DOUBLE, 2, 6, 0)
                            .jumpIf(2, Condition.SGT, 7, "out")
                            .plus(0, r(2))
                            .load(BYTE, 2, 0, 0)),
                    "insn 11: r0 may be outside the value of map `values`: offset unbounded, 1 bytes, size 64");
        }

        @Test
        void shouldRejectMisalignedAtomic() {
            rejected(
                    out(ifFound(0).mov(2, 1).atomicAdd(DOUBLE, 0, 4, 2)),
                    "insn 9: r0 + 4 may be misaligned for an atomic access: offset 4, 8 bytes");
            rejected(
                    out(ifFound(0)
                            .load(DOUBLE, 2, 6, 0)
                            .alu(AluOp.AND, 2, 31)
                            .plus(0, r(2))
                            .mov(2, 1)
                            .atomicAdd(WORD, 0, 0, 2)),
                    "insn 12: r0 may be misaligned for an atomic access: offset [0, 31], 4 bytes");
        }

        @Test
        void shouldRejectPointerLeaks() {
            rejected(
                    out(ifFound(0).store(DOUBLE, 0, 0, r(6))),
                    "insn 8: a pointer would be stored in the value of map `values`: r6 is a pointer to the context");
            rejected(
                    code().mov(0, r(10)).exit(),
                    "insn 1: the program would return a pointer: r0 is a pointer to the stack");
            rejected(
                    out(ifFound(0).add(new Instruction.Atomic(DOUBLE, Instruction.AtomicOp.EXCHANGE, true, 0, 0, 6))),
                    "insn 8: an atomic access of a pointer: r6 is a pointer to the context");
        }

        @Test
        void shouldRejectWrongMapType() {
            rejected(
                    code().store(DOUBLE, 10, -8, 0)
                            .map(1, 2)
                            .mov(2, r(10))
                            .plus(2, -8)
                            .call(1)
                            .result(0),
                    "insn 5: helper `map_lookup_elem` cannot work on map `events`: its type is RINGBUF");
        }

        @Test
        void shouldFoldReadOnlyData() {
            accepted(code().mapValue(1, 3, 0)
                    .load(WORD, 2, 1, 0)
                    .jumpIf(2, Condition.EQ, 7, "ok")
                    .load(DOUBLE, 0, 9, 0)
                    .label("ok")
                    .result(0));
            rejected(code().mapValue(1, 3, 0).store(WORD, 1, 0, 1).result(0), "insn 2: map `.rodata` is read-only");
        }
    }

    @Nested
    class Payloads {
        private static Code payload() {
            return code().load(DOUBLE, 2, 1, 32).load(DOUBLE, 3, 1, 40);
        }

        @Test
        void shouldProveBothCompareOrders() {
            accepted(out(payload()
                    .mov(4, r(2))
                    .plus(4, 8)
                    .jumpIf(4, Condition.GT, r(3), "out")
                    .load(DOUBLE, 5, 2, 0)));
            accepted(out(payload()
                    .mov(4, r(2))
                    .plus(4, 8)
                    .jumpIf(3, Condition.LT, r(4), "out")
                    .load(DOUBLE, 5, 2, 0)));
            accepted(out(
                    payload().mov(4, r(2)).jumpIf(4, Condition.GE, r(3), "out").load(BYTE, 5, 2, 0)));
        }

        @Test
        void shouldRejectUnprovedAccess() {
            rejected(
                    out(payload().load(BYTE, 5, 2, 0)),
                    "insn 2: r2 may be outside the payload: offset 0, 1 bytes, 0 bytes proven");
            rejected(
                    out(payload()
                            .mov(4, r(2))
                            .plus(4, 8)
                            .jumpIf(4, Condition.GT, r(3), "out")
                            .load(DOUBLE, 5, 2, 1)),
                    "insn 5: r2 + 1 may be outside the payload: offset 1, 8 bytes, 8 bytes proven");
            rejected(
                    out(payload()
                            .mov(4, r(2))
                            .plus(4, 8)
                            .jumpIf(4, Condition.GT, r(3), "bad")
                            .jump("out")
                            .label("bad")
                            .load(BYTE, 5, 2, 0)),
                    "insn 6: r2 may be outside the payload: offset 0, 1 bytes, 0 bytes proven");
            rejected(out(payload().load(BYTE, 5, 3, 0)), "insn 2: r3 points after the payload");
        }

        @Test
        void shouldProveVariableIndex() {
            accepted(out(payload()
                    .load(WORD, 5, 1, 8)
                    .alu(AluOp.AND, 5, 255)
                    .plus(2, r(5))
                    .mov(4, r(2))
                    .plus(4, 4)
                    .jumpIf(4, Condition.GT, r(3), "out")
                    .load(WORD, 5, 2, 0)));
            rejected(
                    out(payload()
                            .load(WORD, 5, 1, 8)
                            .mov(6, r(2))
                            .plus(6, 4)
                            .jumpIf(6, Condition.GT, r(3), "out")
                            .plus(2, r(5))
                            .load(WORD, 5, 2, 0)),
                    "insn 7: r2 may be outside the payload: offset [0, 4294967295], 4 bytes, 0 bytes proven from the"
                            + " variable part");
        }

        @Test
        void shouldProveNothingBeforeAVariableIndex() {
            rejected(
                    out(payload()
                            .load(WORD, 5, 1, 8)
                            .alu(AluOp.AND, 5, 15)
                            .plus(5, 64)
                            .plus(2, r(5))
                            .load(BYTE, 0, 2, -32)),
                    "insn 6: r2 - 32 may be outside the payload: offset [32, 47], 1 bytes, 0 bytes proven from the"
                            + " variable part");
        }

        @Test
        void shouldRejectWritingUnlessAllowed() {
            var code = out(payload()
                    .mov(4, r(2))
                    .plus(4, 8)
                    .jumpIf(4, Condition.GT, r(3), "out")
                    .store(DOUBLE, 2, 0, 1));
            rejected(code, "insn 5: the payload is read-only");
            var platform = Fixtures.PLATFORM;
            accepted(code, new NativePlatform(platform.context(), platform.helpers(), platform.maxSteps(), true));
        }
    }

    @Nested
    class Rings {
        private static Code reserve() {
            return code().map(1, 2).mov(2, 16).mov(3, 0).call(131);
        }

        @Test
        void shouldAcceptOneRelease() {
            accepted(out(reserve()
                    .jumpIf(0, Condition.EQ, 0, "out")
                    .store(DOUBLE, 0, 8, 1)
                    .mov(1, r(0))
                    .mov(2, 0)
                    .call(132)));
        }

        @Test
        void shouldRejectLeak() {
            rejected(
                    out(reserve().jumpIf(0, Condition.EQ, 0, "out").store(DOUBLE, 0, 8, 1)),
                    "insn 8: a reserved record of map `events` is lost at the program's end: 1 held");
        }

        @Test
        void shouldRejectSecondReleaseAndUseAfter() {
            rejected(
                    out(reserve()
                            .jumpIf(0, Condition.EQ, 0, "out")
                            .mov(6, r(0))
                            .mov(1, r(0))
                            .mov(2, 0)
                            .call(132)
                            .mov(1, r(6))
                            .mov(2, 0)
                            .call(133)),
                    "insn 10: r6 is not initialised");
            rejected(
                    out(reserve()
                            .jumpIf(0, Condition.EQ, 0, "out")
                            .mov(6, r(0))
                            .mov(1, r(0))
                            .mov(2, 0)
                            .call(132)
                            .store(DOUBLE, 6, 0, 1)),
                    "insn 10: r6 is not initialised, not a pointer to memory");
        }

        @Test
        void shouldRejectUncheckedAndMovedRecord() {
            rejected(
                    reserve().mov(1, r(0)).mov(2, 0).call(132).result(0),
                    "insn 7: r1 may be null: r1 is a pointer to the record of map `events` or null");
            rejected(
                    out(reserve()
                            .jumpIf(0, Condition.EQ, 0, "out")
                            .mov(1, r(0))
                            .plus(1, 8)
                            .mov(2, 0)
                            .call(132)),
                    "insn 9: argument r1 of helper `ringbuf_submit` is wrong: r1 is a pointer to the record of map"
                            + " `events`");
        }

        @Test
        void shouldRejectAccessBeyondTheRecord() {
            rejected(
                    out(reserve().jumpIf(0, Condition.EQ, 0, "out").store(DOUBLE, 0, 16, 1)),
                    "insn 6: r0 + 16 may be outside the record of map `events`: offset 16, 8 bytes, size 16");
        }

        @Test
        void shouldRejectVariableSize() {
            rejected(
                    code().load(DOUBLE, 2, 1, 0).map(1, 2).mov(3, 0).call(131).result(0),
                    "insn 4: argument r2 of helper `ringbuf_reserve` is wrong: r2 is a number, any number");
        }
    }

    @Nested
    class Values {
        @Test
        void shouldRejectUninitialisedRegisters() {
            rejected(code().mov(0, r(7)).exit(), "insn 0: r7 is not initialised");
            rejected(code().exit(), "insn 0: r0 is not initialised at the program's end: r0 is not initialised");
            rejected(code().call(5).mov(0, r(1)).exit(), "insn 1: r1 is not initialised");
            rejected(
                    code().load(DOUBLE, 2, 1, 0)
                            .jumpIf(2, Condition.EQ, 0, "skip")
                            .mov(3, 1)
                            .label("skip")
                            .mov(0, r(3))
                            .exit(),
                    "insn 3: r3 is not initialised");
        }

        @Test
        void shouldRejectPointerArithmetic() {
            rejected(
                    code().alu(AluOp.MUL, 1, 2).result(0),
                    "insn 0: mul is not possible on these operands: left is a pointer to the context, right is the"
                            + " number 2");
            rejected(
                    code().alu32(AluOp.ADD, 1, 2).result(0),
                    "insn 0: add (32 bits) is not possible on these operands: left is a pointer to the context, right"
                            + " is the number 2");
            rejected(
                    code().lookup(0).plus(0, 8).result(0),
                    "insn 6: add is not possible on these operands: left is a pointer to the value of map `values` or"
                            + " null, right is the number 8");
            rejected(
                    code().alu32(AluOp.MOV, 2, r(1)).result(0),
                    "insn 0: a 32-bit copy of a pointer: a pointer to the context");
        }

        @Test
        void shouldCompareAddressesWithZeroWithoutSign() {
            accepted(code().lookup(0)
                    .jumpIf(0, Condition.LE, 0, "out")
                    .load(DOUBLE, 0, 0, 0)
                    .label("out")
                    .result(0));
            accepted(code().mov(2, 0)
                    .jumpIf(1, Condition.GE, r(2), "out")
                    .load(DOUBLE, 0, 3, 0)
                    .label("out")
                    .result(0));
            rejected(
                    code().lookup(0)
                            .jumpIf(0, Condition.GE, 0, "found")
                            .result(0)
                            .label("found")
                            .load(DOUBLE, 0, 0, 0)
                            .exit(),
                    "insn 9: r0 may be null: r0 is a pointer to the value of map `values` or null");
        }

        @Test
        void shouldCompareMaps() {
            accepted(code().map(2, 0)
                    .map(3, 1)
                    .jumpIf(2, Condition.NE, r(3), "out")
                    .label("out")
                    .result(0));
            rejected(
                    code().map(2, 0)
                            .map(3, 1)
                            .jumpIf(Width.W32, 2, Condition.NE, r(3), "out")
                            .label("out")
                            .result(0),
                    "insn 4: these operands cannot be compared: left is map `values`, right is map `flows`");
        }

        @Test
        void shouldRejectComparingPointersWithNumbers() {
            rejected(
                    code().jumpIf(1, Condition.GT, 7, "out").label("out").result(0),
                    "insn 0: these operands cannot be compared: left is a pointer to the context, right is the"
                            + " number 7");
        }

        @Test
        void shouldRejectUnknownHelpers() {
            rejected(code().call(9999).result(0), "insn 0: helper 9999 is not available here");
        }

        private static Code print(String format) {
            return new Code()
                    .maps(Fixtures.readOnly((format + '\0').getBytes(StandardCharsets.UTF_8)))
                    .mapValue(1, 0, 0)
                    .mov(2, format.length() + 1)
                    .mov(3, 1)
                    .call(6)
                    .result(0);
        }

        @Test
        void shouldRejectFormatsThatFollowArguments() {
            accepted(print("%d of 100%%s"));
            var problem = "insn 4: the format follows an argument that is not known to be a pointer: ";
            rejected(print("%-8.4s"), problem + "\"%-8.4s\"");
            rejected(print("%% %pI4"), problem + "\"%% %pI4\"");
            rejected(print("%l%%s"), problem + "\"%l%%s\"");
            rejected(
                    code().store(DOUBLE, 10, -8, 0)
                            .mov(1, r(10))
                            .plus(1, -8)
                            .mov(2, 8)
                            .call(6)
                            .result(0),
                    "insn 4: the format is not constant: r1 does not point into read-only data");
        }

        @Test
        void shouldTolerateDivisionByZero() {
            accepted(code().load(DOUBLE, 2, 1, 0)
                    .mov(0, 7)
                    .alu(AluOp.DIV, 0, r(2))
                    .alu(AluOp.MOD, 0, 0)
                    .exit());
        }

        @Test
        void shouldNotTrustNarrowComparisons() {
            rejected(
                    out(ifFound(0)
                            .load(DOUBLE, 2, 6, 0)
                            .jumpIf(Width.W32, 2, Condition.GT, 7, "out")
                            .plus(0, r(2))
                            .load(BYTE, 2, 0, 0)),
                    "insn 11: r0 may be outside the value of map `values`: offset unbounded, 1 bytes, size 64");
        }
    }

    @Nested
    class Loops {
        private static Code loop(int times) {
            return code().mov(6, 0)
                    .label("loop")
                    .plus(6, 1)
                    .jumpIf(6, Condition.LT, times, "loop")
                    .result(0);
        }

        @Test
        void shouldCountStepsOfBoundedLoop() {
            assertThat(accepted(loop(60)).plan().maxSteps()).isEqualTo(1 + 60 * 2 + 2);
        }

        @Test
        void shouldRejectLoopsBeyondTheLimit() {
            rejected(loop(100_000), "insn 2: a run may execute too many instructions: 65537 on this path");
        }

        @Test
        void shouldRejectEndlessLoop() {
            rejected(
                    code().mov(0, 0).label("loop").plus(0, 0).jump("loop"),
                    "insn 1: the loop at insn 1 may never end: its state is the same after 2 instructions");
            rejected(
                    code().mov(7, r(1))
                            .label("loop")
                            .load(DOUBLE, 0, 7, 0)
                            .jumpIf(0, Condition.NE, 0, "loop")
                            .exit(),
                    "insn 1: the loop at insn 1 may never end: its state is the same after 2 instructions");
        }

        @Test
        void shouldAddStepsAfterPrunedPaths() {
            var report = accepted(code().load(DOUBLE, 2, 1, 0)
                    .mov(3, 0)
                    .jumpIf(2, Condition.EQ, 0, "short")
                    .plus(3, 0)
                    .plus(3, 0)
                    .plus(3, 0)
                    .label("short")
                    .mov(3, 0)
                    .mov(0, 0)
                    .mov(0, 0)
                    .exit());
            assertThat(report.plan().maxSteps()).isEqualTo(10);
        }

        @Test
        void shouldIndexInsideALoop() {
            accepted(out(ifFound(0)
                    .mov(2, 0)
                    .mov(3, 0)
                    .label("loop")
                    .mov(4, r(0))
                    .plus(4, r(2))
                    .load(BYTE, 5, 4, 0)
                    .plus(3, r(5))
                    .plus(2, 1)
                    .jumpIf(2, Condition.NE, 64, "loop")));
        }
    }

    @Nested
    class Functions {
        @Test
        void shouldPassPointersToCallees() {
            var report = accepted(code().mov(2, r(10))
                    .plus(2, -8)
                    .callLocal("f")
                    .load(DOUBLE, 0, 10, -8)
                    .exit()
                    .function("f")
                    .load(DOUBLE, 3, 1, 0)
                    .store(DOUBLE, 2, 0, r(3))
                    .store(DOUBLE, 10, -16, 0)
                    .mov(0, 0)
                    .exit());
            assertThat(report.plan().stackBytes()).isEqualTo(24);
            assertThat(report.plan().context()).isEqualTo(AccessPlan.ContextUse.HANDED_ON);
        }

        @Test
        void shouldRejectRecursion() {
            rejected(
                    code().callLocal("f").exit().function("f").callLocal("f").exit(),
                    "insn 2: `f` calls itself: 2 functions are active");
        }

        @Test
        void shouldRejectDeepNesting() {
            var code = code();
            for (int i = 1; i <= 8; i++) {
                code.callLocal("f" + i).result(0).function("f" + i);
            }
            rejected(code.result(0), "insn 21: the call of `f8` nests too deep: 8 functions are active");
        }

        @Test
        void shouldRejectEscapingLocals() {
            rejected(
                    code().callLocal("f").result(0).function("f").mov(0, r(10)).exit(),
                    "insn 4: the function returns the address of a local variable");
            rejected(
                    code().mov(1, r(10))
                            .callLocal("f")
                            .result(0)
                            .function("f")
                            .store(DOUBLE, 1, -8, r(10))
                            .result(0),
                    "insn 4: the address of a local variable would outlive its function: r10 is a pointer to the"
                            + " stack");
        }

        @Test
        void shouldClobberArguments() {
            rejected(
                    code().callLocal("f").mov(0, r(1)).exit().function("f").result(0), "insn 1: r1 is not initialised");
            accepted(code().mov(6, 5)
                    .callLocal("f")
                    .mov(0, r(6))
                    .exit()
                    .function("f")
                    .result(0));
            rejected(
                    code().mov(6, 5)
                            .callLocal("f")
                            .result(0)
                            .function("f")
                            .mov(0, r(6))
                            .exit(),
                    "insn 4: r6 is not initialised");
        }
    }

    @Test
    void shouldPrintWhereWhyAndHow() {
        var program = out(new Code()
                        .maps(Fixtures.ARRAY)
                        .line(40, "    struct v *v = bpf_map_lookup_elem(&values, &key);")
                        .mov(6, r(1))
                        .lookup(0)
                        .line(41, "    if (ctx->number)")
                        .load(DOUBLE, 2, 6, 0)
                        .jumpIf(2, Condition.EQ, 0, "out")
                        .line(42, "        v->count = 1;")
                        .store(DOUBLE, 0, 8, 1))
                .build();
        var report = Verifier.verify(program, Fixtures.PLATFORM);
        assertThat(ReportPrinter.print("main", program.instructions().size(), report))
                .isEqualTo("""
                    FAIL main: insn 9 (test.bpf.c:42): r0 may be null: r0 is a pointer to the value of map `values` or null
                        v->count = 1;
                        at:   *(u64 *)(r0 + 8) = 1 in main
                        need: a pointer that is not null
                        path: insn 8 (test.bpf.c:41): if r2 == 0 goto +1, not taken
                        hint: check the result for NULL before use\
                    """);
    }

    /** Helpers on the hook, the stack and checksums: their prototypes are enough. */
    @Nested
    class HookHelpers {
        @Test
        void shouldAcceptArgumentsOfHooks() {
            accepted(code().mov(2, 0)
                    .mov(3, r(10))
                    .plus(3, -8)
                    .call(183)
                    .load(DOUBLE, 0, 10, -8)
                    .exit());
            accepted(code().call(173).exit());
            accepted(code().mov(1, 5).call(187).call(186).exit());
        }

        @Test
        void shouldRejectOtherThanTheContext() {
            rejected(
                    code().mov(1, 0).call(173).exit(),
                    "insn 1: argument r1 of helper `get_func_ip` is wrong: r1 is the number 0");
        }

        @Test
        void shouldRejectPlacesThatAreTooSmall() {
            rejected(
                    code().mov(2, r(10)).plus(2, -4).call(184).exit(),
                    "insn 2: r2 may be outside the stack: offset -4, 8 bytes, the stack is [-512, 0)");
        }

        @Test
        void shouldRejectStacksThatDoNotFit() {
            accepted(code().mov(2, r(10))
                    .plus(2, -64)
                    .mov(3, 64)
                    .mov(4, 0)
                    .call(67)
                    .load(DOUBLE, 0, 10, -8)
                    .exit());
            rejected(
                    code().mov(2, r(10))
                            .plus(2, -64)
                            .mov(3, 72)
                            .mov(4, 0)
                            .call(67)
                            .exit(),
                    "insn 4: r2 may be outside the stack: offset -64, 72 bytes, the stack is [-512, 0)");
        }

        private Code perfEvent(MapType type) {
            return new Code()
                    .maps(MapSpec.of("events", type, 4, 4, 2))
                    .store(DOUBLE, 10, -8, 1)
                    .map(2, 0)
                    .mov(3, 0)
                    .mov(4, r(10))
                    .plus(4, -8)
                    .mov(5, 8)
                    .call(25)
                    .exit();
        }

        @Test
        void shouldTakeOnlyMapsOfTheRightType() {
            accepted(perfEvent(MapType.PERF_EVENT_ARRAY));
            rejected(
                    perfEvent(MapType.ARRAY),
                    "insn 7: helper `perf_event_output` cannot work on map `events`: its type is ARRAY");
            accepted(new Code()
                    .maps(MapSpec.of("stacks", MapType.STACK_TRACE, 4, 64, 16))
                    .map(2, 0)
                    .mov(3, 0)
                    .call(27)
                    .exit());
        }

        @Test
        void shouldRejectChecksumsOfUnknownMemory() {
            accepted(code().store(DOUBLE, 10, -8, 1)
                    .mov(1, 0)
                    .mov(2, 0)
                    .mov(3, r(10))
                    .plus(3, -8)
                    .mov(4, 8)
                    .mov(5, 0)
                    .call(28)
                    .exit());
            rejected(
                    code().mov(1, 0)
                            .mov(2, 4)
                            .mov(3, 0)
                            .mov(4, 0)
                            .mov(5, 0)
                            .call(28)
                            .exit(),
                    "insn 5: argument r2 of helper `csum_diff` is wrong: r2 is the number 4");
        }
    }
}
