package io.vertebra.vm.conformance;

import io.vertebra.vm.helper.Helper;
import io.vertebra.vm.helper.HelperContext;
import io.vertebra.vm.helper.HelperPrototype;
import io.vertebra.vm.helper.HelperPrototype.Result;
import io.vertebra.vm.helper.Helpers;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** The functions that programs of the suites call, by uBPF's numbers. */
final class SuiteHelpers {

    static final Helpers HELPERS = Helpers.none()
            .with(
                    helper(0, "gather_bytes", (_, a, b, c, d, e) -> (a & 0xff) << 32 | b << 24 | c << 16 | d << 8 | e),
                    helper(1, "memfrob", (run, address, size, _, _, _) -> frobnicate(run, address, size)),
                    helper(2, "trash_registers", (_, _, _, _, _, _) -> 0),
                    helper(3, "sqrti", (_, a, _, _, _, _) -> (long) Math.sqrt(a)),
                    helper(4, "strcmp", (run, a, b, _, _, _) -> compare(run, a, b)),
                    helper(5, "unwind", (_, a, _, _, _, _) -> a));

    private static final int FROB = 42;

    private SuiteHelpers() {}

    private static Helper helper(int id, String name, Helper.Body body) {
        return new Helper(new HelperPrototype(id, name, List.of(), Result.SCALAR), body);
    }

    private static long frobnicate(HelperContext run, long address, long size) {
        var memory = run.memory(address, size, true);
        for (long i = 0; i < size; i++) {
            memory.set(ValueLayout.JAVA_BYTE, i, (byte) (memory.get(ValueLayout.JAVA_BYTE, i) ^ FROB));
        }
        return 0;
    }

    private static long compare(HelperContext run, long left, long right) {
        for (long i = 0; ; i++) {
            byte a = run.memory(left + i, 1, false).get(ValueLayout.JAVA_BYTE, 0);
            byte b = run.memory(right + i, 1, false).get(ValueLayout.JAVA_BYTE, 0);
            if (a != b || a == 0) {
                return (long) a - b;
            }
        }
    }
}
