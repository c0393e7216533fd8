package io.vertebra.runtime.codelet;

import io.vertebra.config.CodeletSetDescriptor;
import io.vertebra.config.Grant;
import io.vertebra.runtime.admission.AdmissionException;
import io.vertebra.runtime.admission.SetNeeds;
import io.vertebra.runtime.dispatch.Attachment;
import io.vertebra.runtime.dispatch.Dispatcher;
import io.vertebra.runtime.limit.CodeletLimits;
import io.vertebra.runtime.limit.RateLimit;
import io.vertebra.verifier.platform.JbpfPlatform;
import io.vertebra.verifier.platform.JbpfProgramType;
import io.vertebra.verifier.platform.NativePlatform;
import io.vertebra.verifier.platform.Platform;
import io.vertebra.verifier.report.VerificationReport.Accepted;
import io.vertebra.verifier.report.VerificationReport.Rejected;
import io.vertebra.vm.exec.Executable;
import io.vertebra.vm.helper.Helper;
import io.vertebra.vm.helper.HelperPrototype;
import io.vertebra.vm.helper.HelperRegistry;
import io.vertebra.vm.object.ObjectFile;
import io.vertebra.vm.program.AccessPlan;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Turns a descriptor and its objects into attachments that only wait to be attached. Changes nothing else. */
final class CodeletSetLoader {

    private final AbiHelpers helpers;
    private final Dispatcher dispatcher;
    private final Verification verification;

    CodeletSetLoader(HelperRegistry helpers, Dispatcher dispatcher, Verification verification) {
        this.helpers = new AbiHelpers(helpers);
        this.verification = verification;
        this.dispatcher = dispatcher;
    }

    /** Names that other sets have taken. */
    record Taken(Set<String> streams, Set<String> inputs) {}

    /**
     * Verifies all codelets of a set, then makes its maps, streams and inputs.
     *
     * @param grant what its codelets may be given
     * @param before the version that it replaces, whose maps it takes over where they are unchanged
     */
    SetVersion prepare(
            CodeletSetDescriptor declared,
            Map<Path, ObjectFile> objects,
            Grant grant,
            Taken taken,
            Optional<SetVersion> before)
            throws LoadException {
        var plan = SetPlanner.plan(declared, objects);
        var mapPlan = MapPlan.of(plan);
        var descriptor = AnnotatedMetrics.added(declared, mapPlan);
        Map<String, Accepted> reports = new LinkedHashMap<>();
        verify(plan, descriptor.limits()).forEach((codelet, accepted) -> reports.put(codelet.name(), accepted));
        var tails = TailPrograms.of(plan);
        IdentityHashMap<PlannedCodelet, AccessPlan> proofs = new IdentityHashMap<>();
        verify(tails.all(), descriptor.limits()).forEach((tail, accepted) -> {
            proofs.put(tail, accepted.plan());
            reports.putIfAbsent(tail.name(), accepted);
        });
        var needs = needs(
                plan,
                codelet -> tails.helpers(codelet, reports.get(codelet.name()).plan(), proofs));
        require(needs, grant);
        for (var metric : descriptor.metrics()) {
            mapPlan.require("metric `" + metric.name() + "`", metric.map());
        }
        var streams = SetStreams.plan(descriptor, mapPlan, taken.streams());
        var kept = KeptMaps.of(mapPlan, objects, streams, descriptor.keep(), before);
        var maps = SetMaps.create(
                mapPlan, objects, kept, dispatcher.copies(), descriptor.limits().mapMemory());
        var inputs = SetInputs.create(descriptor, mapPlan, maps, taken.inputs(), before);
        var programs = new SetExecutables(descriptor, maps, helpers);
        IdentityHashMap<PlannedCodelet, Executable> executables = new IdentityHashMap<>();
        for (var tail : tails.all()) {
            executables.put(tail, programs.continued(tail, proofs.get(tail)));
        }
        tails.put(maps, executables);
        var limits = limits(descriptor.limits());
        List<Attachment> attachments = new ArrayList<>();
        for (var codelet : plan) {
            var own = reports.get(codelet.name()).plan();
            attachments.add(attachment(
                    descriptor, codelet, programs.attached(codelet, own), tails.helpers(codelet, own, proofs), limits));
        }
        var drains = SetStreams.drains(streams, maps, before, dispatcher.wakes(descriptor.wake()));
        var callable = plan.stream().collect(Collectors.toMap(PlannedCodelet::name, helpers::of));
        return new SetVersion(descriptor, attachments, reports, callable, maps, drains, inputs, needs, Instant.now());
    }

    /** What the set's codelets are given that does more than look. */
    private SetNeeds needs(List<PlannedCodelet> plan, Function<PlannedCodelet, Set<Integer>> called) {
        Map<String, String> hooks = new LinkedHashMap<>();
        Map<String, String> used = new LinkedHashMap<>();
        for (var codelet : plan) {
            if (codelet.hook().control()) {
                hooks.put(codelet.hook().name(), codelet.name());
            }
            var numbers = called.apply(codelet);
            helpers.of(codelet).all().stream()
                    .map(Helper::prototype)
                    .filter(helper -> AbiHelpers.isOwn(codelet, helper) && numbers.contains(helper.id()))
                    .forEach(helper -> used.put(helper.name(), codelet.name()));
        }
        return new SetNeeds(hooks, used);
    }

    private static void require(SetNeeds needs, Grant grant) throws LoadException {
        try {
            needs.require(grant);
        } catch (AdmissionException e) {
            throw new LoadException(LoadException.Stage.ADMISSION, e.getMessage(), e);
        }
    }

    /** Verifies all, also behind one that is rejected: whoever wrote them learns everything at once. */
    private Proofs verify(List<PlannedCodelet> codelets, CodeletSetDescriptor.Limits limits) throws LoadException {
        List<Verdict> verdicts = new ArrayList<>();
        for (var codelet : codelets) {
            var report = verification.verify(codelet.program(), platform(codelet, limits));
            verdicts.add(
                    new Verdict(codelet.name(), codelet.program().instructions().size(), report));
        }
        List<Accepted> proofs = new ArrayList<>();
        for (var verdict : verdicts) {
            switch (verdict.report()) {
                case Accepted accepted -> proofs.add(accepted);
                case Rejected _ -> throw new LoadException(verdicts);
            }
        }
        for (int i = 0; i < proofs.size(); i++) {
            RelocatedContext.check(codelets.get(i), proofs.get(i).plan());
        }
        return new Proofs(codelets, proofs);
    }

    /** What was proved of each codelet. */
    private record Proofs(List<PlannedCodelet> codelets, List<Accepted> accepted) {
        void forEach(BiConsumer<PlannedCodelet, Accepted> action) {
            for (int i = 0; i < codelets.size(); i++) {
                action.accept(codelets.get(i), accepted.get(i));
            }
        }
    }

    private Platform platform(PlannedCodelet codelet, CodeletSetDescriptor.Limits limits) {
        var hook = codelet.hook();
        long steps = limits.stepsOf(codelet.execution());
        var prototypes = helpers.of(codelet).all().stream()
                .map(Helper::prototype)
                .collect(Collectors.toMap(HelperPrototype::id, Function.identity()));
        return switch (codelet.file().abi()) {
            case NATIVE -> new NativePlatform(hook.context(), prototypes, steps, hook.writablePayload());
            case JBPF ->
                new JbpfPlatform(
                        new JbpfProgramType(codelet.program().section(), hook.context()),
                        prototypes,
                        steps,
                        hook.writablePayload());
        };
    }

    /** What the set's codelets share: one bucket for their events. */
    private static CodeletLimits limits(CodeletSetDescriptor.Limits limits) {
        Optional<RateLimit> rate = limits.eventsPerSecond().isPresent()
                ? Optional.of(new RateLimit(limits.eventsPerSecond().getAsDouble(), System.nanoTime()))
                : Optional.empty();
        return new CodeletLimits(rate, limits.runTimeP99(), limits.maxFaults());
    }

    private Attachment attachment(
            CodeletSetDescriptor descriptor,
            PlannedCodelet codelet,
            Executable executable,
            Set<Integer> called,
            CodeletLimits limits) {
        return new Attachment(
                descriptor.name(),
                codelet.name(),
                codelet.hook(),
                codelet.execution(),
                codelet.priority(),
                executable,
                called,
                codelet.runtimeThreshold(),
                limits,
                dispatcher.wakes(descriptor.wake()),
                dispatcher.cells(codelet.execution()));
    }
}
