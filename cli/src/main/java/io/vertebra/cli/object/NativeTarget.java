package io.vertebra.cli.object;

import io.vertebra.cli.option.CommandException;
import io.vertebra.runtime.dispatch.Intervals;
import io.vertebra.verifier.platform.CompiledContext;
import io.vertebra.verifier.platform.NativePlatform;
import io.vertebra.verifier.platform.NativeSection;
import io.vertebra.vm.helper.Helper;
import io.vertebra.vm.helper.HelperPrototype;
import io.vertebra.vm.helper.Helpers;
import io.vertebra.vm.object.ObjectFile;
import io.vertebra.vm.program.ContextLayout;
import io.vertebra.vm.program.Program;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Where a program of the native ABI will run: the context is the struct that it was compiled with. Loading verifies again,
 * against the running hook. Stateless.
 */
final class NativeTarget {

    private static final Map<Integer, HelperPrototype> HELPERS = Helpers.standard().all().stream()
            .map(Helper::prototype)
            .collect(Collectors.toMap(HelperPrototype::id, Function.identity()));

    private NativeTarget() {}

    static Target of(ObjectFile file, Program program) throws CommandException {
        var section = section(program);
        var context = context(file, program, section);
        var layout =
                context.map(CompiledContext::layout).orElseGet(() -> new ContextLayout(section.struct(), 0, List.of()));
        return new Target(
                new NativePlatform(
                        layout,
                        HELPERS,
                        section.maxSteps(),
                        context.map(c -> !c.payloadConst()).orElse(false)),
                context.isPresent()
                        ? Optional.empty()
                        : Optional.of("the object does not define struct " + section.struct()
                                + ", so the context's fields are unknown; compile with -g"));
    }

    private static NativeSection section(Program program) throws CommandException {
        var name = program.section();
        var section = NativeSection.parse(name)
                .orElseThrow(() -> new CommandException("program `" + program.name() + "`: section `" + name
                        + "` is unknown, known are " + NativeSection.KNOWN));
        if (section.kind() == NativeSection.Kind.INTERVAL
                && Intervals.period(name).isEmpty()) {
            throw new CommandException("program `" + program.name() + "`: `" + name
                    + "` is not an interval, allowed is " + Intervals.KNOWN);
        }
        return section;
    }

    private static Optional<CompiledContext> context(ObjectFile file, Program program, NativeSection section)
            throws CommandException {
        try {
            return CompiledContext.read(file.btf(), section.struct());
        } catch (IllegalArgumentException e) {
            throw new CommandException("program `" + program.name() + "`: " + e.getMessage(), e);
        }
    }
}
