package io.vertebra.vm.jit;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import io.vertebra.vm.exec.Addresses;
import io.vertebra.vm.exec.RunContext;
import io.vertebra.vm.helper.KnownHelper;
import io.vertebra.vm.map.BpfArray;
import io.vertebra.vm.map.BpfHash;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.map.BpfMapOfMaps;
import io.vertebra.vm.map.BpfRingBuffer;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Writes what known helpers do with known maps, without the way through memory by address. Only array lookups, which need
 * nothing of the run, are also written into programs that nothing was proved of.
 */
final class LinkedCalls {

    private static final ClassDesc RUN = Descriptors.of(RunContext.class);
    private static final ClassDesc SEGMENT = Descriptors.of(MemorySegment.class);
    private static final ClassDesc MAP = Descriptors.of(BpfMap.class);
    private static final ClassDesc RING = Descriptors.of(BpfRingBuffer.class);

    private final Unit unit;
    private final CompiledFunction function;
    private final Locals locals;
    private final StackEmitter stack;
    private final Uses uses;
    private final CodeBuilder code;

    LinkedCalls(Unit unit, CompiledFunction function, Locals locals, StackEmitter stack, Uses uses, CodeBuilder code) {
        this.unit = unit;
        this.function = function;
        this.locals = locals;
        this.stack = stack;
        this.uses = uses;
        this.code = code;
    }

    /** Writes the call of a slot, if it can be done without calling. */
    boolean helper(int slot, Origin[] origins) {
        var known = KnownHelper.of(unit.bodies().get(slot));
        if (known.isEmpty() || (unit.plan().isEmpty() && known.get() != KnownHelper.MAP_LOOKUP)) {
            return false;
        }
        return switch (known.get()) {
            case MAP_LOOKUP ->
                origins[1] instanceof Origin.MapObject(int map)
                        && origins[2] instanceof Origin.Stack(long key)
                        && lookup(map, key);
            case MAP_UPDATE ->
                origins[1] instanceof Origin.MapObject(int map)
                        && origins[2] instanceof Origin.Stack(long key)
                        && origins[3] instanceof Origin.Stack(long value)
                        && update(map, key, value);
            case MAP_DELETE ->
                origins[1] instanceof Origin.MapObject(int map)
                        && origins[2] instanceof Origin.Stack(long key)
                        && delete(map, key);
            case RING_OUTPUT ->
                origins[1] instanceof Origin.MapObject(int map)
                        && origins[2] instanceof Origin.Stack(long data)
                        && origins[3] instanceof Origin.Constant(long bytes)
                        && output(map, data, bytes);
            case RING_RESERVE -> origins[1] instanceof Origin.MapObject(int map) && reserve(map);
            case RING_SUBMIT -> release(slot, "submit");
            case RING_DISCARD -> release(slot, "discard");
            case EVENT_NANOS -> ofRun("eventNanos");
            case RANDOM -> ofRun("random");
            case CORE -> ofRun("core");
        };
    }

    private CodeBuilder run() {
        uses.run(RunUse.BRIEF);
        return code.aload(Locals.RUN);
    }

    private void result() {
        code.lstore(locals.register(0));
    }

    private void slot(BpfMap map) {
        if (map.copies() == 1) {
            code.iconst_0();
        } else {
            run().invokestatic(Constants.SUPPORT, "slot", MethodTypeDesc.of(CD_int, RUN));
        }
    }

    private void reads(BpfMap map) {
        if (map.reclaims()) {
            uses.reads = true;
            uses.run(RunUse.BRIEF);
        }
    }

    // ---- lookups ----

    private boolean lookup(int map, long key) {
        BpfMap live = unit.maps().get(map);
        return switch (live) {
            case BpfArray array -> {
                arrayLookup(map, array, key);
                yield true;
            }
            case BpfHash hash -> {
                hashLookup(map, hash, key);
                yield true;
            }
            default -> false;
        };
    }

    /** {@code index < entries ? values + index * stride : 0}. */
    private void arrayLookup(int map, BpfArray array, long key) {
        Label missing = code.newLabel();
        Label done = code.newLabel();
        int index = locals.scratch;
        stack.stackInt(key);
        code.dup().istore(index);
        code.loadConstant(array.spec().maxEntries())
                .invokestatic(
                        Descriptors.of(Integer.class), "compareUnsigned", MethodTypeDesc.of(CD_int, CD_int, CD_int))
                .ifge(missing);
        if (array.copies() == 1) {
            code.iload(index).i2l().loadConstant(array.stride()).lmul();
        } else {
            unit.constants().push(code, array, BpfArray.class);
            code.iload(index);
            slot(array);
            code.invokevirtual(
                    Descriptors.of(BpfArray.class), "valueOffset", MethodTypeDesc.of(CD_long, CD_int, CD_int));
        }
        code.loadConstant(Addresses.mapValues(map)).ladd();
        code.goto_(done).labelBinding(missing).lconst_0().labelBinding(done);
        result();
    }

    /** The map's own lookup: by the key's value where that is a number or two, else by its place. */
    private void hashLookup(int map, BpfHash hash, long key) {
        reads(hash);
        unit.constants().push(code, hash, BpfHash.class);
        int bytes = hash.spec().keySize();
        if (hash.hasNumericKeys()) {
            stack.stackWord(key, Math.min(bytes, Long.BYTES));
            if (bytes > Long.BYTES) {
                stack.stackWord(key + Long.BYTES, bytes - Long.BYTES);
            } else {
                code.lconst_0();
            }
            slot(hash);
            code.invokevirtual(
                    Descriptors.of(BpfHash.class), "lookup", MethodTypeDesc.of(CD_long, CD_long, CD_long, CD_int));
        } else {
            stack.flush(function.stackSlots().overlapping(key, key + bytes));
            stack.stackPlace(key);
            slot(hash);
            code.invokevirtual(
                    Descriptors.of(BpfHash.class), "lookup", MethodTypeDesc.of(CD_long, SEGMENT, CD_long, CD_int));
        }
        Label missing = code.newLabel();
        Label done = code.newLabel();
        code.dup2().lstore(locals.scratch).lconst_0().lcmp().iflt(missing);
        code.lload(locals.scratch).loadConstant(Addresses.mapValues(map)).ladd();
        code.goto_(done).labelBinding(missing).lconst_0().labelBinding(done);
        result();
    }

    // ---- changes ----

    private boolean update(int map, long key, long value) {
        BpfMap live = unit.maps().get(map);
        if (!live.writable()) {
            return false;
        }
        reads(live);
        stack.flush(function.stackSlots().overlapping(key, key + live.spec().keySize()));
        stack.flush(function.stackSlots().overlapping(value, value + live.spec().valueSize()));
        unit.constants().push(code, live, BpfMap.class);
        stack.stackPlace(key);
        stack.stackPlace(value);
        code.lload(locals.register(4));
        slot(live);
        code.invokevirtual(
                MAP, "update", MethodTypeDesc.of(CD_long, SEGMENT, CD_long, SEGMENT, CD_long, CD_long, CD_int));
        result();
        return true;
    }

    private boolean delete(int map, long key) {
        BpfMap live = unit.maps().get(map);
        if (!live.writable()) {
            return false;
        }
        reads(live);
        stack.flush(function.stackSlots().overlapping(key, key + live.spec().keySize()));
        unit.constants().push(code, live, BpfMap.class);
        stack.stackPlace(key);
        slot(live);
        code.invokevirtual(MAP, "delete", MethodTypeDesc.of(CD_long, SEGMENT, CD_long, CD_int));
        result();
        return true;
    }

    // ---- rings ----

    private boolean output(int map, long data, long bytes) {
        if (!(unit.maps().get(map) instanceof BpfRingBuffer ring)) {
            return false;
        }
        stack.flush(function.stackSlots().overlapping(data, data + bytes));
        unit.constants().push(code, ring, BpfRingBuffer.class);
        stack.stackPlace(data);
        code.loadConstant(bytes).lload(locals.register(4));
        code.invokevirtual(RING, "output", MethodTypeDesc.of(CD_long, SEGMENT, CD_long, CD_long, CD_long));
        result();
        return true;
    }

    private boolean reserve(int map) {
        if (!(unit.maps().get(map) instanceof BpfRingBuffer ring)) {
            return false;
        }
        run();
        unit.constants().push(code, ring, BpfRingBuffer.class);
        code.loadConstant(Addresses.mapValues(map)).lload(locals.register(2)).lload(locals.register(3));
        code.invokestatic(
                Constants.SUPPORT, "reserve", MethodTypeDesc.of(CD_long, RUN, RING, CD_long, CD_long, CD_long));
        result();
        return true;
    }

    private boolean release(int slot, String how) {
        if (unit.maps().stream().anyMatch(BpfMapOfMaps.class::isInstance)) {
            return false;
        }
        run();
        unit.constants().push(code, unit.maps(), List.class);
        code.lload(locals.register(1))
                .lload(locals.register(2))
                .loadConstant(slot)
                .invokestatic(
                        Constants.SUPPORT,
                        how,
                        MethodTypeDesc.of(CD_void, RUN, Descriptors.of(List.class), CD_long, CD_long, CD_int));
        code.lconst_0();
        result();
        return true;
    }

    // ---- settings of the run ----

    private boolean ofRun(String what) {
        run().invokestatic(Constants.SUPPORT, what, MethodTypeDesc.of(CD_long, RUN));
        result();
        return true;
    }
}
