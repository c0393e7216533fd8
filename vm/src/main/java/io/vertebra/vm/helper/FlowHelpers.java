package io.vertebra.vm.helper;

import static io.vertebra.vm.helper.HelperPrototype.Argument.CALLBACK;
import static io.vertebra.vm.helper.HelperPrototype.Argument.CALLBACK_STATE;
import static io.vertebra.vm.helper.HelperPrototype.Argument.CONTEXT;
import static io.vertebra.vm.helper.HelperPrototype.Argument.MAP;
import static io.vertebra.vm.helper.HelperPrototype.Argument.SCALAR;
import static io.vertebra.vm.helper.HelperPrototype.Result;
import static io.vertebra.vm.helper.StandardHelpers.helper;

import io.vertebra.vm.helper.Callback.Parameter;
import io.vertebra.vm.map.BpfProgramArray;
import io.vertebra.vm.map.Errno;
import java.util.List;

/** Helpers that run other code of the codelet: 12, 164, 181. Stateless. */
final class FlowHelpers {

    /** {@code BPF_MAX_LOOPS}. */
    private static final long MOST_LOOPS = 1L << 23;

    private FlowHelpers() {}

    static List<Helper> all() {
        return List.of(
                helper(12, "tail_call", Result.LEAVES, FlowHelpers::tailCall, CONTEXT, MAP, SCALAR),
                new Helper(
                        HelperPrototype.calling(
                                164,
                                "for_each_map_elem",
                                List.of(MAP, CALLBACK, CALLBACK_STATE, SCALAR),
                                Result.SCALAR,
                                new Callback(
                                        List.of(Parameter.MAP, Parameter.MAP_KEY, Parameter.MAP_VALUE, Parameter.STATE),
                                        new Callback.PerEntry(),
                                        1)),
                        FlowHelpers::forEach),
                new Helper(
                        HelperPrototype.calling(
                                181,
                                "loop",
                                List.of(SCALAR, CALLBACK, CALLBACK_STATE, SCALAR),
                                Result.SCALAR,
                                new Callback(
                                        List.of(Parameter.INDEX, Parameter.STATE),
                                        new Callback.Counted(0, MOST_LOOPS),
                                        1)),
                        FlowHelpers::loop));
    }

    /** Returns to the codelet, with an error, only when the place holds no program or the chain is too long. */
    private static long tailCall(HelperContext run, long context, long mapAddress, long index, long d, long e) {
        if (!(run.map(mapAddress) instanceof BpfProgramArray programs)) {
            return Errno.EINVAL;
        }
        var target = programs.targetOrNull(index & 0xffff_ffffL);
        return target != null && run.tailCall(target) ? 0 : Errno.ENOENT;
    }

    /**
     * {@code callback(map, key, value, state)} for each entry until one gives 1; the number of entries visited. Never
     * more than the map may hold, even when others come while it walks: the verifier counts on it.
     */
    private static long forEach(HelperContext run, long mapAddress, long callback, long state, long flags, long e) {
        if (flags != 0) {
            return Errno.EINVAL;
        }
        var map = run.map(mapAddress);
        long visited = 0;
        for (int entry = map.nextEntry(-1);
                entry >= 0 && visited < map.spec().maxEntries();
                entry = map.nextEntry(entry)) {
            visited++;
            long value = run.valueAddress(map, map.valueOffset(entry, run.slot()));
            if (run.callback(callback, mapAddress, run.keyAddress(map, entry), value, state) != 0) {
                break;
            }
        }
        return visited;
    }

    /** {@code callback(index, state)} up to {@code count} times until one gives 1; the number of calls. */
    private static long loop(HelperContext run, long count, long callback, long state, long flags, long e) {
        if (flags != 0) {
            return Errno.EINVAL;
        }
        long times = count & 0xffff_ffffL;
        if (times > MOST_LOOPS) {
            return Errno.E2BIG;
        }
        for (long i = 0; i < times; i++) {
            if (run.callback(callback, i, state, 0, 0) != 0) {
                return i + 1;
            }
        }
        return times;
    }
}
