package io.vertebra.runtime.codelet;

import io.vertebra.vm.helper.HelperAbi;
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
}
