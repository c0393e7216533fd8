package io.vertebra.vm.conformance;

import io.vertebra.vm.conformance.Outcome.Failed;
import io.vertebra.vm.conformance.Outcome.Passed;
import io.vertebra.vm.conformance.Outcome.Skipped;
import io.vertebra.vm.exec.Addresses;
import io.vertebra.vm.exec.Executor;
import io.vertebra.vm.exec.RunContext;
import io.vertebra.vm.format.ObjectFormatException;
import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.InstructionCodec;
import io.vertebra.vm.program.Program;
import io.vertebra.vm.program.ProgramFault;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Runs the tests of conformance suites with one executor: r1 is the memory, r2 its length. */
public final class SuiteRunner {

    private static final long STEPS = 1_000_000;

    /** Tests that are about the suite's own machinery. */
    private static final Map<String, String> NOT_APPLICABLE = Map.of(
            "incorrect_return_value_high_bits.data", "its result is wrong on purpose, to test runners",
            "reload.data", "about uBPF's functions to load and unload code",
            "call_unwind.data", "about uBPF's helper that ends a run",
            "err-call0.data", "a subprogram that falls through, which uBPF refuses and RFC 9669 does not");

    private final Executor executor;

    /** A runner of tests. */
    public SuiteRunner(Executor executor) {
        this.executor = executor;
    }

    /** Runs a test and compares. */
    public Outcome run(SuiteCase test) {
        if (test.has("pyelf")) {
            return new Skipped("changes an ELF file of uBPF's");
        }
        if (NOT_APPLICABLE.containsKey(test.name())) {
            return new Skipped(NOT_APPLICABLE.get(test.name()));
        }
        try {
            return compare(test);
        } catch (ObjectFormatException | ProgramFault e) {
            return test.refused() ? new Passed() : new Failed(e.getMessage());
        }
    }

    private Outcome compare(SuiteCase test) {
        var assembled = test.assembled();
        var raw = test.raw();
        if (assembled.isPresent() && raw.isPresent()) {
            var bytes = InstructionCodec.encode(assembled.get());
            if (!Arrays.equals(bytes, raw.get())) {
                return new Failed("its assembly gives other bytes than its section `raw`");
            }
        }
        var wanted = test.result();
        if (wanted.isEmpty() && !test.refused()) {
            return assembled.isPresent() && raw.isPresent()
                    ? new Passed()
                    : new Failed("nothing to compare to, a section `result` or `error` is needed");
        }
        long result = execute(test.instructions(), test.memory());
        if (test.refused()) {
            return new Failed("r0 is 0x%x, an error is expected".formatted(result));
        }
        return result == wanted.get()
                ? new Passed()
                : new Failed("r0 is 0x%x, expected 0x%x".formatted(result, wanted.get()));
    }

    /**
     * Runs a program once, with the suites' helpers.
     *
     * @param memory what r1 points to; empty for a null r1
     * @return r0
     * @throws ObjectFormatException when it has no instruction
     * @throws ProgramFault when it does what is illegal
     */
    public long execute(List<Instruction> instructions, byte[] memory) {
        if (instructions.isEmpty()) {
            throw new ObjectFormatException("no instruction, at least one is needed");
        }
        var context = new RunContext(0, 0)
                .payload(MemorySegment.ofArray(memory), 0, memory.length, true)
                .arguments(memory.length == 0 ? 0 : Addresses.PAYLOAD, memory.length);
        return executor.prepare(Program.of("main", instructions, List.of()), List.of(), SuiteHelpers.HELPERS, STEPS)
                .run(context);
    }
}
