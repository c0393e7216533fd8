package io.vertebra.vm.helper;

import static io.vertebra.vm.helper.HelperPrototype.Argument.MAP;
import static io.vertebra.vm.helper.HelperPrototype.Argument.MAP_KEY;
import static io.vertebra.vm.helper.HelperPrototype.Argument.MAP_VALUE;
import static io.vertebra.vm.helper.HelperPrototype.Argument.SCALAR;
import static io.vertebra.vm.helper.HelperPrototype.Argument.SIZE;
import static io.vertebra.vm.helper.HelperPrototype.Argument.WRITABLE;
import static io.vertebra.vm.helper.HelperPrototype.Result;
import static io.vertebra.vm.helper.StandardHelpers.helper;

import io.vertebra.vm.map.BpfArray;
import io.vertebra.vm.map.BpfHash;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.map.Errno;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** jbpf's helpers on tables: 1 to 6; of a per-thread map, on what the run's slot has. Stateless. */
final class JbpfMapHelpers {

    private static final long ERROR = -1;
    private static final long BUSY = -2;
    private static final long NO_SUCH_OPERATION = -2;
    private static final long FULL = -4;

    private JbpfMapHelpers() {}

    static List<Helper> all() {
        return List.of(
                helper(
                        1,
                        "jbpf_map_lookup_elem",
                        Result.MAP_VALUE_OR_NULL,
                        KnownHelper.MAP_LOOKUP.body(),
                        MAP,
                        MAP_KEY),
                helper(2, "jbpf_map_lookup_reset_elem", Result.MAP_VALUE_OR_NULL, JbpfMapHelpers::reset, MAP, MAP_KEY),
                helper(
                        3,
                        "jbpf_map_update_elem",
                        Result.SCALAR,
                        JbpfMapHelpers::update,
                        MAP,
                        MAP_KEY,
                        MAP_VALUE,
                        SCALAR),
                helper(4, "jbpf_map_delete_elem", Result.SCALAR, JbpfMapHelpers::delete, MAP, MAP_KEY),
                helper(5, "jbpf_map_clear", Result.SCALAR, JbpfMapHelpers::clear, MAP),
                helper(6, "jbpf_map_dump", Result.SCALAR, JbpfMapHelpers::dump, MAP, WRITABLE, SIZE, SCALAR));
    }

    private static long reset(HelperContext run, long mapAddress, long key, long c, long d, long e) {
        long value = run.map(mapAddress).writable() ? MapHelpers.lookup(run, mapAddress, key, c, d, e) : 0;
        if (value != 0) {
            zero(run, value, run.map(mapAddress).spec().valueSize());
        }
        return value;
    }

    private static void zero(HelperContext run, long address, long bytes) {
        run.memory(address, bytes, true).fill((byte) 0);
    }

    /** The flags are not looked at, as in jbpf. */
    private static long update(HelperContext run, long mapAddress, long key, long value, long flags, long e) {
        long result = MapHelpers.update(run, mapAddress, key, value, BpfMap.ANY, e);
        if (result == Errno.ENOMEM) {
            return BUSY;
        }
        if (result == Errno.E2BIG) {
            return run.map(mapAddress) instanceof BpfHash ? FULL : ERROR;
        }
        return result == 0 ? 0 : ERROR;
    }

    private static long delete(HelperContext run, long mapAddress, long key, long c, long d, long e) {
        long result = MapHelpers.delete(run, mapAddress, key, c, d, e);
        if (!(run.map(mapAddress) instanceof BpfHash)) {
            return NO_SUCH_OPERATION;
        }
        return result == 0 ? 0 : ERROR;
    }

    private static long clear(HelperContext run, long mapAddress, long b, long c, long d, long e) {
        var map = run.map(mapAddress);
        if (!map.writable()) {
            return ERROR;
        }
        if (!(map instanceof BpfHash) && !(map instanceof BpfArray)) {
            return NO_SUCH_OPERATION;
        }
        for (int entry = next(run, map, -1); entry >= 0; entry = next(run, map, entry)) {
            if (map instanceof BpfHash) {
                long key = run.keyAddress(map, entry);
                map.delete(run.segment(key, map.spec().keySize(), false), run.offset(key), run.slot());
            } else {
                zero(
                        run,
                        run.valueAddress(map, map.valueOffset(entry, run.slot())),
                        map.spec().valueSize());
            }
        }
        return 0;
    }

    /** The next entry that the run's slot sees, or -1. */
    private static int next(HelperContext run, BpfMap map, int entry) {
        int next = map.nextEntry(entry);
        while (next >= 0 && !map.sees(run.slot(), next)) {
            next = map.nextEntry(next);
        }
        return next;
    }

    /** Keys and values back to back; gives how many, or 0 when they do not fit. What is left of the memory is zeroed. */
    private static long dump(HelperContext run, long mapAddress, long to, long size, long flags, long e) {
        var map = run.map(mapAddress);
        var target = run.memory(to, size, true);
        target.fill((byte) 0);
        if (!(map instanceof BpfHash)) {
            return NO_SUCH_OPERATION;
        }
        int keySize = map.spec().keySize();
        int valueSize = map.spec().valueSize();
        long at = 0;
        long count = 0;
        for (int entry = next(run, map, -1); entry >= 0; entry = next(run, map, entry)) {
            if (size - at < (long) keySize + valueSize) {
                target.fill((byte) 0);
                return 0;
            }
            map.copyKey(entry, target, at);
            MemorySegment.copy(map.values(), map.valueOffset(entry, run.slot()), target, at + keySize, valueSize);
            at += (long) keySize + valueSize;
            count++;
        }
        return count;
    }
}
