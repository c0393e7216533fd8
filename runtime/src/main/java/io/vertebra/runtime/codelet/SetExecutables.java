package io.vertebra.runtime.codelet;

import io.vertebra.config.CodeletSetDescriptor;
import io.vertebra.config.CodeletSetDescriptor.Execution;
import io.vertebra.config.CodeletSetDescriptor.Executor;
import io.vertebra.runtime.codelet.LoadException.Stage;
import io.vertebra.vm.exec.Executable;
import io.vertebra.vm.exec.Interpreter;
import io.vertebra.vm.exec.PayloadType;
import io.vertebra.vm.jit.Fallback;
import io.vertebra.vm.jit.Jit;
import io.vertebra.vm.object.ObjectFile;
import io.vertebra.vm.program.AccessPlan;
import io.vertebra.vm.program.ContextLayout;
import io.vertebra.vm.program.ProgramFault;
import java.util.Optional;

/**
 * Makes the verified programs of one set executable, each by the executor that its descriptor names. What cannot be
 * compiled is interpreted; that is logged, and statistics show it.
 */
final class SetExecutables {

    private static final System.Logger LOG = System.getLogger(SetExecutables.class.getName());

    private final CodeletSetDescriptor descriptor;
    private final SetMaps maps;
    private final AbiHelpers helpers;

    SetExecutables(CodeletSetDescriptor descriptor, SetMaps maps, AbiHelpers helpers) {
        this.descriptor = descriptor;
        this.maps = maps;
        this.helpers = helpers;
    }

    /**
     * A codelet that a hook runs, with its context as parameters where they can be had: not of payloads that lie in a ring,
     * and not by codelets of jbpf's ABI, which want the context's size too, the run's to tell.
     */
    Executable attached(PlannedCodelet codelet, AccessPlan plan) throws LoadException {
        var context = codelet.hook().context();
        boolean direct = codelet.file().abi() == ObjectFile.Abi.NATIVE
                && (codelet.execution() == Execution.INLINE || !context.hasPayload());
        return prepare(codelet, plan, direct ? context : ContextLayout.NONE);
    }

    /** A program that others continue in. */
    Executable continued(PlannedCodelet program, AccessPlan plan) throws LoadException {
        return prepare(program, plan, ContextLayout.NONE);
    }

    private Executable prepare(PlannedCodelet codelet, AccessPlan plan, ContextLayout parameters) throws LoadException {
        var compiled =
                codelet.executor() == Executor.JIT ? compiled(codelet, plan, parameters) : Optional.<Executable>empty();
        return compiled.isPresent() ? compiled.get() : interpreted(codelet);
    }

    private Optional<Executable> compiled(PlannedCodelet codelet, AccessPlan plan, ContextLayout parameters) {
        try {
            return Optional.of(Jit.compile(
                    codelet.program(),
                    plan,
                    parameters,
                    codelet.hook().payload().orElse(PayloadType.SEGMENT),
                    maps.of(codelet.object()),
                    helpers.of(codelet),
                    Fallback.FAIL));
        } catch (RuntimeException | LinkageError e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "codelet `" + descriptor.name() + "/" + codelet.name() + "`: not compiled, it will be interpreted",
                    e);
            return Optional.empty();
        }
    }

    private Executable interpreted(PlannedCodelet codelet) throws LoadException {
        try {
            return Interpreter.prepare(
                    codelet.program(),
                    maps.of(codelet.object()),
                    helpers.of(codelet),
                    descriptor.limits().stepsOf(codelet.execution()));
        } catch (ProgramFault | IllegalArgumentException e) {
            throw new LoadException(Stage.OBJECT, "codelet `" + codelet.name() + "`: " + e.getMessage(), e);
        }
    }
}
