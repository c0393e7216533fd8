package io.vertebra.verifier;

import static io.vertebra.verifier.Code.r;
import static io.vertebra.verifier.Verdicts.out;
import static io.vertebra.vm.isa.Instruction.AccessSize.DOUBLE;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.verifier.report.ReportPrinter;
import io.vertebra.vm.isa.Instruction.Condition;
import org.junit.jupiter.api.Test;

/** The text of a report, as a whole. */
class PrinterTest {

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
                    FAIL main: insn 9 (test.bpf.c:42): r0 may be null: r0 is a pointer to a value of map `values`, maybe null
                        v->count = 1;
                        at:   *(u64 *)(r0 + 8) = 1 in main
                        need: a pointer that is not null
                        path: insn 6 (test.bpf.c:40): call bpf_map_lookup_elem, where r0 comes from
                                  struct v *v = bpf_map_lookup_elem(&values, &key);
                        hint: check the result for NULL before use\
                    """);
    }
}
