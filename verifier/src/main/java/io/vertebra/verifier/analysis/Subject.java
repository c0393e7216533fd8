package io.vertebra.verifier.analysis;

import io.vertebra.verifier.assertion.Assertion;
import io.vertebra.verifier.assertion.AssertionExtractor;
import io.vertebra.verifier.cfg.ControlFlow;
import io.vertebra.verifier.domain.State;
import io.vertebra.verifier.platform.Platform;
import io.vertebra.vm.helper.HelperPrototype;
import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.program.OpaqueMembers;
import io.vertebra.vm.program.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntSupplier;

/**
 * What is explored: a well-formed program with its inner maps, where it would run, what holds as it begins, and what is known of its
 * instructions without values.
 * Immutable, so that all explorations of the program share it.
 */
final class Subject {

    final Program program;
    final Platform platform;
    /** Makes the state as a run begins; takes ids that nothing else has. */
    final Function<IntSupplier, State> entry;

    final ControlFlow flow;
    /** By map, what in its values belongs to the runtime. */
    final List<OpaqueMembers> members;

    private final AssertionExtractor extractor;
    private final List<List<Assertion>> assertions = new ArrayList<>();

    Subject(Program program, Platform platform, Function<IntSupplier, State> entry) {
        this.program = program;
        this.platform = platform;
        this.entry = entry;
        flow = new ControlFlow(
                program,
                id -> platform.helper(id).map(h -> h.arguments().size()).orElse(0));
        members = program.maps().stream().map(OpaqueMembers::of).toList();
        extractor = new AssertionExtractor(program, platform);
        for (int slot = 0; slot < program.instructions().size(); slot++) {
            assertions.add(extractor.assertions(slot, program.instructions().get(slot)));
        }
    }

    Instruction instruction(int slot) {
        return program.instructions().get(slot);
    }

    /** What must hold before the instruction at a slot. */
    List<Assertion> assertions(int slot) {
        return assertions.get(slot);
    }

    /** What must hold before a helper is called by way of a register. */
    List<Assertion> call(int helper) {
        return extractor.call(helper);
    }

    HelperPrototype helper(int id) {
        return platform.helper(id).orElseThrow();
    }
}
