package io.vertebra.vm.helper;

import static io.vertebra.vm.helper.HelperPrototype.Argument.DYNPTR;
import static io.vertebra.vm.helper.HelperPrototype.Argument.MAP;
import static io.vertebra.vm.helper.HelperPrototype.Argument.READABLE;
import static io.vertebra.vm.helper.HelperPrototype.Argument.RESERVED_DYNPTR;
import static io.vertebra.vm.helper.HelperPrototype.Argument.SCALAR;
import static io.vertebra.vm.helper.HelperPrototype.Argument.SIZE_OR_ZERO;
import static io.vertebra.vm.helper.HelperPrototype.Argument.SLICE_SIZE;
import static io.vertebra.vm.helper.HelperPrototype.Argument.UNINIT_DYNPTR;
import static io.vertebra.vm.helper.HelperPrototype.Argument.UNINIT_RESERVED_DYNPTR;
import static io.vertebra.vm.helper.HelperPrototype.Argument.VALUE_MEMORY;
import static io.vertebra.vm.helper.HelperPrototype.Argument.WRITABLE;
import static io.vertebra.vm.helper.HelperPrototype.Result;
import static io.vertebra.vm.helper.StandardHelpers.helper;

import io.vertebra.vm.helper.Dynptr.Kind;
import io.vertebra.vm.map.BpfRingBuffer;
import io.vertebra.vm.map.Errno;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Helpers on dynptrs: 197-203. A helper that fails leaves a dynptr without memory, which other helpers refuse with {@link
 * Errno#EINVAL}; one for a record has to be submitted or discarded also then. Stateless.
 */
final class DynptrHelpers {

    private DynptrHelpers() {}

    static List<Helper> all() {
        return List.of(
                helper(
                        197,
                        "dynptr_from_mem",
                        Result.SCALAR,
                        DynptrHelpers::fromMemory,
                        VALUE_MEMORY,
                        SIZE_OR_ZERO,
                        SCALAR,
                        UNINIT_DYNPTR),
                helper(
                        198,
                        "ringbuf_reserve_dynptr",
                        Result.SCALAR,
                        DynptrHelpers::reserve,
                        MAP,
                        SCALAR,
                        SCALAR,
                        UNINIT_RESERVED_DYNPTR),
                helper(199, "ringbuf_submit_dynptr", Result.VOID, DynptrHelpers::submit, RESERVED_DYNPTR, SCALAR),
                helper(200, "ringbuf_discard_dynptr", Result.VOID, DynptrHelpers::discard, RESERVED_DYNPTR, SCALAR),
                helper(
                        201,
                        "dynptr_read",
                        Result.SCALAR,
                        DynptrHelpers::read,
                        WRITABLE,
                        SIZE_OR_ZERO,
                        DYNPTR,
                        SCALAR,
                        SCALAR),
                helper(
                        202,
                        "dynptr_write",
                        Result.SCALAR,
                        DynptrHelpers::write,
                        DYNPTR,
                        SCALAR,
                        READABLE,
                        SIZE_OR_ZERO,
                        SCALAR),
                helper(203, "dynptr_data", Result.SLICE_OR_NULL, DynptrHelpers::data, DYNPTR, SCALAR, SLICE_SIZE));
    }

    private static long fromMemory(HelperContext run, long data, long size, long flags, long place, long e) {
        run.segment(data, size, true);
        if (!run.isValueOfMap(data)) {
            throw run.fault("address=0x" + Long.toHexString(data) + " is not in a map's value, a dynptr needs one");
        }
        if (flags != 0 || size > Dynptr.MOST_BYTES) {
            run.makeDynptr(place, Dynptr.empty(Kind.LOCAL));
            return flags != 0 ? Errno.EINVAL : Errno.E2BIG;
        }
        run.makeDynptr(place, new Dynptr(data, size, Kind.LOCAL, null));
        return 0;
    }

    private static long reserve(HelperContext run, long mapAddress, long size, long flags, long place, long e) {
        var map = run.map(mapAddress);
        boolean tooLong = Long.compareUnsigned(size, Dynptr.MOST_BYTES) > 0;
        if (flags == 0 && !tooLong && map instanceof BpfRingBuffer ring) {
            long record = ring.reserve(size);
            if (record >= 0) {
                run.reserved(ring, record);
                run.makeDynptr(place, new Dynptr(run.valueAddress(ring, record), size, Kind.RESERVED, ring));
                return 0;
            }
        }
        run.makeDynptr(place, Dynptr.empty(Kind.RESERVED));
        return flags == 0 && tooLong ? Errno.E2BIG : Errno.EINVAL; // without room too, as in Linux
    }

    private static long submit(HelperContext run, long place, long flags, long c, long d, long e) {
        var record = ended(run, place);
        if (record.hasMemory()) {
            record.ring().submit(run.offset(record.address()), flags);
        }
        return 0;
    }

    private static long discard(HelperContext run, long place, long flags, long c, long d, long e) {
        var record = ended(run, place);
        if (record.hasMemory()) {
            record.ring().discard(run.offset(record.address()), flags);
        }
        return 0;
    }

    private static Dynptr ended(HelperContext run, long place) {
        var dynptr = run.dynptr(place);
        if (dynptr.kind() != Kind.RESERVED) {
            throw run.fault("the dynptr is " + dynptr.kind().origin() + ", needed is one " + Kind.RESERVED.origin());
        }
        run.endDynptr(place);
        if (dynptr.hasMemory()) {
            run.released(dynptr.ring(), run.offset(dynptr.address()));
        }
        return dynptr;
    }

    /** Fills the memory with zeros when it fails: all of it counts as initialised from here on. */
    private static long read(HelperContext run, long to, long size, long place, long offset, long flags) {
        var target = run.segment(to, size, true);
        long targetOffset = run.offset(to);
        var dynptr = run.dynptr(place);
        long refusal = refusal(dynptr, offset, size, flags);
        if (refusal != 0) {
            Zeros.fill(target, targetOffset, size);
        } else if (size > 0) {
            long from = dynptr.address() + offset;
            var source = run.segment(from, size, false);
            MemorySegment.copy(source, run.offset(from), target, targetOffset, size);
        }
        return refusal;
    }

    private static long write(HelperContext run, long place, long offset, long from, long size, long flags) {
        var source = run.segment(from, size, false);
        long sourceOffset = run.offset(from);
        var dynptr = run.dynptr(place);
        long refusal = refusal(dynptr, offset, size, flags);
        if (refusal == 0 && size > 0) {
            long to = dynptr.address() + offset;
            var target = run.segment(to, size, true);
            MemorySegment.copy(source, sourceOffset, target, run.offset(to), size);
        }
        return refusal;
    }

    private static long refusal(Dynptr dynptr, long offset, long size, long flags) {
        if (flags != 0 || !dynptr.hasMemory()) {
            return Errno.EINVAL;
        }
        return dynptr.contains(offset, size) ? 0 : Errno.E2BIG;
    }

    private static long data(HelperContext run, long place, long offset, long size, long d, long e) {
        var dynptr = run.dynptr(place);
        return dynptr.hasMemory() && dynptr.contains(offset, size) ? dynptr.address() + offset : 0;
    }
}
