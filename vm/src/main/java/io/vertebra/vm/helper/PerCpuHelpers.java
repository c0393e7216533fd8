package io.vertebra.vm.helper;

import static io.vertebra.vm.helper.HelperPrototype.Argument.PER_CPU_VARIABLE;
import static io.vertebra.vm.helper.HelperPrototype.Argument.SCALAR;
import static io.vertebra.vm.helper.HelperPrototype.Result;
import static io.vertebra.vm.helper.StandardHelpers.helper;

import java.util.List;

/**
 * Helpers 153 and 154, which give the address of a kernel's per-CPU variable. There is no kernel here, so that no such
 * variable exists: every call is refused, by the verifier and, where nothing was verified, at run time. What a codelet
 * keeps per CPU belongs into a map of a per-CPU type. Stateless.
 */
final class PerCpuHelpers {

    private PerCpuHelpers() {}

    static List<Helper> all() {
        return List.of(
                helper(153, "per_cpu_ptr", Result.VOID, PerCpuHelpers::refuse, PER_CPU_VARIABLE, SCALAR),
                helper(154, "this_cpu_ptr", Result.VOID, PerCpuHelpers::refuse, PER_CPU_VARIABLE));
    }

    private static long refuse(HelperContext run, long variable, long b, long c, long d, long e) {
        throw run.fault("there are no per-CPU variables of a kernel here, use a map of a per-CPU type");
    }
}
