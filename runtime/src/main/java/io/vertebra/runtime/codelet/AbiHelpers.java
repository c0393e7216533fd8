package io.vertebra.runtime.codelet;

import io.vertebra.vm.helper.HelperAbi;
import io.vertebra.vm.helper.HelperPrototype;
import io.vertebra.vm.helper.HelperRegistry;
import io.vertebra.vm.helper.Helpers;

/** The helpers that codelets can call at one moment: what their numbers mean is a matter of the object's ABI. */
record AbiHelpers(Helpers ours, Helpers jbpf) {

    AbiHelpers(HelperRegistry registry) {
        this(registry.helpers(HelperAbi.NATIVE), registry.helpers(HelperAbi.JBPF));
    }

    /** The helpers of a codelet. */
    Helpers of(PlannedCodelet codelet) {
        return switch (codelet.file().abi()) {
            case NATIVE -> ours;
            case JBPF -> jbpf;
        };
    }

    /** Whether a helper of a codelet is the application's own, rather than built in or in the place of one that is. */
    static boolean isOwn(PlannedCodelet codelet, HelperPrototype helper) {
        return helper.id()
                >= switch (codelet.file().abi()) {
                    case NATIVE -> HelperAbi.NATIVE.first();
                    case JBPF -> HelperAbi.JBPF.first();
                };
    }
}
