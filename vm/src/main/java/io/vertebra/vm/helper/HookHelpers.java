package io.vertebra.vm.helper;

import static io.vertebra.vm.helper.HelperPrototype.Argument.CONTEXT;
import static io.vertebra.vm.helper.HelperPrototype.Argument.SCALAR;
import static io.vertebra.vm.helper.HelperPrototype.Argument.WRITABLE_LONG;
import static io.vertebra.vm.helper.HelperPrototype.Result;
import static io.vertebra.vm.helper.StandardHelpers.helper;

import io.vertebra.vm.map.Errno;
import io.vertebra.vm.program.ContextLayout.Field;
import io.vertebra.vm.program.ContextLayout.Kind;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Helpers on the hook that fired: 173, 174, 183-187. Where Linux tells of a traced function, these tell of the hook's
 * method; its arguments are the fields of the context. Stateless.
 */
final class HookHelpers {

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private HookHelpers() {}

    static List<Helper> all() {
        return List.of(
                helper(
                        173,
                        "get_func_ip",
                        Result.SCALAR,
                        (run, _, _, _, _, _) -> run.hook().id(),
                        CONTEXT),
                helper(174, "get_attach_cookie", Result.SCALAR, (run, _, _, _, _, _) -> run.cookie(), CONTEXT),
                helper(183, "get_func_arg", Result.SCALAR, HookHelpers::argument, CONTEXT, SCALAR, WRITABLE_LONG),
                helper(184, "get_func_ret", Result.SCALAR, HookHelpers::result, CONTEXT, WRITABLE_LONG),
                helper(
                        185,
                        "get_func_arg_cnt",
                        Result.SCALAR,
                        (run, _, _, _, _, _) -> run.hook().arguments().size(),
                        CONTEXT),
                helper(186, "get_retval", Result.SCALAR, HookHelpers::getReturnValue),
                helper(187, "set_retval", Result.SCALAR, HookHelpers::setReturnValue, SCALAR));
    }

    private static long argument(HelperContext run, long context, long number, long to, long d, long e) {
        var arguments = run.hook().arguments();
        if (number < 0 || number >= arguments.size()) {
            return store(run, to, 0, Errno.EINVAL);
        }
        return store(run, to, value(run, context, arguments.get((int) number)), 0);
    }

    private static long result(HelperContext run, long context, long to, long c, long d, long e) {
        var field = run.hook().result();
        return field == null ? store(run, to, 0, Errno.EOPNOTSUPP) : store(run, to, value(run, context, field), 0);
    }

    /** A failed call stores 0: what it fills counts as initialised, and must not show what other runs left there. */
    private static long store(HelperContext run, long to, long value, long answer) {
        run.segment(to, Long.BYTES, true).set(LONG, run.offset(to), value);
        return answer;
    }

    /** A number, zero-extended; the address of a text in the context; the address of the payload. */
    private static long value(HelperContext run, long context, Field field) {
        long address = context + field.offset();
        if (field.kind() == Kind.STRING) {
            return address;
        }
        var memory = run.segment(address, field.size(), false);
        long value = 0;
        for (int i = field.size() - 1; i >= 0; i--) {
            value = (value << Byte.SIZE) | (memory.get(ValueLayout.JAVA_BYTE, run.offset(address) + i) & 0xffL);
        }
        return value;
    }

    private static long getReturnValue(HelperContext run, long a, long b, long c, long d, long e) {
        return run.hook().control() ? run.returnValue() : Errno.EOPNOTSUPP;
    }

    private static long setReturnValue(HelperContext run, long value, long b, long c, long d, long e) {
        if (!run.hook().control()) {
            return Errno.EOPNOTSUPP;
        }
        run.returnValue(value);
        return 0;
    }
}
