package io.vertebra.runtime.codelet;

import io.vertebra.vm.helper.Helpers;

/** What the helpers' numbers mean in each ABI. */
record AbiHelpers(Helpers ours, Helpers jbpf) {

    /** The helpers of a codelet. */
    Helpers of(PlannedCodelet codelet) {
        return switch (codelet.file().abi()) {
            case NATIVE -> ours;
            case JBPF -> jbpf;
        };
    }
}
