package io.vertebra.vm.helper;

import static io.vertebra.vm.helper.HelperPrototype.Argument.MAP;
import static io.vertebra.vm.helper.HelperPrototype.Argument.MAP_KEY;
import static io.vertebra.vm.helper.HelperPrototype.Argument.MAP_VALUE;
import static io.vertebra.vm.helper.HelperPrototype.Argument.SCALAR;
import static io.vertebra.vm.helper.HelperPrototype.Argument.UNINIT_MAP_VALUE;
import static io.vertebra.vm.helper.HelperPrototype.Result;
import static io.vertebra.vm.helper.StandardHelpers.helper;

import io.vertebra.vm.map.BpfBloomFilter;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.map.BpfMapOfMaps;
import io.vertebra.vm.map.BpfQueue;
import io.vertebra.vm.map.Errno;
import java.util.List;

/** Helpers on maps: 1-3, 87-89, 195. Stateless. */
final class MapHelpers {

    private MapHelpers() {}

    static List<Helper> all() {
        return List.of(
                helper(1, "map_lookup_elem", Result.MAP_VALUE_OR_NULL, KnownHelper.MAP_LOOKUP.body(), MAP, MAP_KEY),
                helper(
                        2,
                        "map_update_elem",
                        Result.SCALAR,
                        KnownHelper.MAP_UPDATE.body(),
                        MAP,
                        MAP_KEY,
                        MAP_VALUE,
                        SCALAR),
                helper(3, "map_delete_elem", Result.SCALAR, KnownHelper.MAP_DELETE.body(), MAP, MAP_KEY),
                helper(87, "map_push_elem", Result.SCALAR, MapHelpers::push, MAP, MAP_VALUE, SCALAR),
                helper(88, "map_pop_elem", Result.SCALAR, MapHelpers::pop, MAP, UNINIT_MAP_VALUE),
                helper(89, "map_peek_elem", Result.SCALAR, MapHelpers::peek, MAP, UNINIT_MAP_VALUE),
                helper(
                        195,
                        "map_lookup_percpu_elem",
                        Result.MAP_VALUE_OR_NULL,
                        MapHelpers::lookupPerCpu,
                        MAP,
                        MAP_KEY,
                        SCALAR));
    }

    static long lookup(HelperContext run, long mapAddress, long key, long c, long d, long e) {
        var map = run.map(mapAddress);
        var memory = run.segment(key, map.spec().keySize(), false);
        return map instanceof BpfMapOfMaps outer
                ? run.innerMapAddress(outer.innerOrNull(memory, run.offset(key)))
                : run.valueAddress(map, map.lookup(memory, run.offset(key), run.slot()));
    }

    private static long lookupPerCpu(HelperContext run, long mapAddress, long key, long cpu, long d, long e) {
        var map = run.map(mapAddress);
        var memory = run.segment(key, map.spec().keySize(), false);
        return cpu < 0 || cpu >= map.copies()
                ? 0
                : run.valueAddress(map, map.lookup(memory, run.offset(key), (int) cpu));
    }

    static long update(HelperContext run, long mapAddress, long key, long value, long flags, long e) {
        var map = run.map(mapAddress);
        var keyMemory = run.segment(key, map.spec().keySize(), false);
        long keyOffset = run.offset(key);
        var valueMemory = run.segment(value, map.spec().valueSize(), false);
        return map.writable()
                ? map.update(keyMemory, keyOffset, valueMemory, run.offset(value), flags, run.slot())
                : Errno.EPERM;
    }

    static long delete(HelperContext run, long mapAddress, long key, long c, long d, long e) {
        var map = run.map(mapAddress);
        var memory = run.segment(key, map.spec().keySize(), false);
        return map.writable() ? map.delete(memory, run.offset(key), run.slot()) : Errno.EPERM;
    }

    private static long push(HelperContext run, long mapAddress, long value, long flags, long d, long e) {
        var map = run.map(mapAddress);
        var memory = run.segment(value, map.spec().valueSize(), false);
        if (!map.writable()) {
            return Errno.EPERM;
        }
        if (map instanceof BpfQueue queue) {
            return queue.push(memory, run.offset(value), flags);
        }
        return map instanceof BpfBloomFilter filter ? filter.push(memory, run.offset(value), flags) : Errno.EINVAL;
    }

    private static long pop(HelperContext run, long mapAddress, long value, long c, long d, long e) {
        var map = run.map(mapAddress);
        var memory = run.segment(value, map.spec().valueSize(), true);
        if (!map.writable()) {
            return Errno.EPERM;
        }
        return map instanceof BpfQueue queue ? queue.pop(memory, run.offset(value)) : Errno.EINVAL;
    }

    private static long peek(HelperContext run, long mapAddress, long value, long c, long d, long e) {
        BpfMap map = run.map(mapAddress);
        if (map instanceof BpfBloomFilter filter) {
            return filter.peek(run.segment(value, map.spec().valueSize(), false), run.offset(value));
        }
        var memory = run.segment(value, map.spec().valueSize(), true);
        return map instanceof BpfQueue queue ? queue.peek(memory, run.offset(value)) : Errno.EINVAL;
    }
}
