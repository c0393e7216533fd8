package io.vertebra.verifier.prevail;

import io.vertebra.verifier.domain.Frame;
import io.vertebra.verifier.domain.Learning;
import io.vertebra.verifier.domain.Range;
import io.vertebra.verifier.domain.Region;
import io.vertebra.verifier.domain.Scalar;
import io.vertebra.verifier.domain.Slot;
import io.vertebra.verifier.domain.State;
import io.vertebra.verifier.domain.Value;
import io.vertebra.verifier.domain.Value.MapReference;
import io.vertebra.verifier.domain.Value.Number;
import io.vertebra.verifier.domain.Value.Pointer;
import io.vertebra.verifier.prevail.Precondition.Cell;
import io.vertebra.verifier.prevail.Precondition.Interval;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntSupplier;

/** Makes the state of our verifier that a precondition describes, for one typing of the registers. */
final class EntryState {

    private static final int REGISTERS = 11;
    private static final String PACKET_SIZE = "packet_size";

    private final Precondition pre;
    private final Map<String, String> typing;
    private final Maps maps;
    /** Where PREVAIL counts the end of the frame's stack. */
    private final long stackEnd;
    /** Bytes after each index that belong to the packet. */
    private final Map<Integer, Long> proven = new HashMap<>();

    EntryState(Precondition pre, Map<String, String> typing, Maps maps) {
        this.pre = pre;
        this.typing = typing;
        this.maps = maps;
        var framePointer = pre.interval("r10.stack_offset");
        stackEnd = framePointer.isConstant() ? framePointer.least().longValueExact() : Frame.STACK_SIZE;
    }

    /** The state. */
    State make(IntSupplier ids) {
        var size = pre.interval(PACKET_SIZE);
        var state = State.entry(size.isBounded() ? Math.max(0, size.most().longValueExact()) : Integer.MAX_VALUE);
        for (int register = 0; register < REGISTERS; register++) {
            var type = typing.get("r" + register);
            state.set(register, type == null ? Value.UNINITIALISED : value("r" + register, type, ids));
        }
        for (var cell : pre.numericCells()) {
            data(state, cell.from(), cell.to());
        }
        for (var entry : typing.entrySet()) {
            if (entry.getValue().equals("stack")) {
                numericBytes(state, entry.getKey());
            }
        }
        pre.numericCells().forEach(cell -> content(state, cell));
        shareNumbers(state, ids);
        proven.forEach((index, bytes) -> Learning.payload(state, index, bytes));
        return state;
    }

    private Value value(String register, String type, IntSupplier ids) {
        return switch (type) {
            case "number" -> Value.number(number(register));
            case "ctx" -> pointer(new Region.Context(), pre.interval(register + ".ctx_offset"), 0, 0, false);
            case "stack" -> pointer(new Region.Stack(0), below(pre.interval(register + ".stack_offset")), 0, 0, false);
            case "packet" -> packet(register, ids);
            case "shared" -> shared(register, ids);
            case "map_fd" -> new MapReference(maps.descriptor(descriptor(register + ".map_fd")));
            case "map_fd_programs" -> new MapReference(maps.programs(descriptor(register + ".map_fd_programs")));
            default -> throw new NotStatedException("no type of ours: `" + type + "`");
        };
    }

    private int descriptor(String variable) {
        var descriptor = pre.interval(variable);
        return descriptor.isConstant() ? descriptor.least().intValueExact() : -1;
    }

    private Scalar number(String owner) {
        var signed = pre.interval(owner + ".svalue");
        var unsigned = pre.interval(owner + ".uvalue");
        if (signed.isEmpty() || unsigned.isEmpty()) {
            throw new NotStatedException("no number is " + owner);
        }
        var scalar = Scalar.UNKNOWN
                .withWide(Range.signed(
                        Long.SIZE,
                        signed.least().longValueExact(),
                        signed.most().longValueExact()))
                .withWide(Range.unsigned(
                        Long.SIZE, unsigned.least().longValue(), unsigned.most().longValue()));
        if (scalar.isEmpty()) {
            throw new NotStatedException("no number is " + owner + ", signed and unsigned");
        }
        return scalar;
    }

    private Interval below(Interval offset) {
        return offset.isBounded()
                ? new Interval(
                        offset.least().subtract(BigInteger.valueOf(stackEnd)),
                        offset.most().subtract(BigInteger.valueOf(stackEnd)))
                : offset;
    }

    private static Pointer pointer(Region region, Interval offset, int id, int index, boolean nullable) {
        if (!offset.isBounded()) {
            return new Pointer(region, 0, Scalar.UNKNOWN, id, index, nullable);
        }
        long least = offset.least().longValueExact();
        long length = offset.most().longValueExact() - least;
        var variable = length == 0 ? Scalar.ZERO : Scalar.unsigned(0, length);
        return new Pointer(region, least, variable, id, index, nullable);
    }

    private Value packet(String register, IntSupplier ids) {
        if (pre.areEqual(register + ".packet_offset", PACKET_SIZE)) {
            return Value.pointer(new Region.PayloadEnd(), 0);
        }
        var offset = pre.interval(register + ".packet_offset");
        var size = pre.interval(PACKET_SIZE);
        long bytes = size.isBounded() ? Math.max(0, size.least().longValueExact()) : 0;
        if (!offset.isBounded()) {
            return pointer(new Region.Payload(), offset, 0, ids.getAsInt(), false);
        }
        long unknown = offset.most().longValueExact() - offset.least().longValueExact();
        int index = unknown == 0 ? 0 : ids.getAsInt();
        proven.put(index, bytes - unknown);
        return pointer(new Region.Payload(), offset, 0, index, false);
    }

    private Value shared(String register, IntSupplier ids) {
        var size = pre.interval(register + ".shared_region_size");
        int bytes = size.isBounded() ? Math.max(0, size.least().intValueExact()) : 0;
        boolean nullable = pre.interval(register + ".svalue").least().signum() <= 0
                && pre.interval(register + ".uvalue").least().signum() <= 0;
        return pointer(
                new Region.MapValue(maps.region(register, bytes)),
                pre.interval(register + ".shared_offset"),
                ids.getAsInt(),
                0,
                nullable);
    }

    /** Numbers that are equal get one id. */
    private void shareNumbers(State state, IntSupplier ids) {
        for (int a = 0; a < REGISTERS; a++) {
            for (int b = a + 1; b < REGISTERS; b++) {
                if (state.register(a) instanceof Number x
                        && state.register(b) instanceof Number y
                        && sameNumber(a, b)) {
                    int id = x.id() == 0 ? ids.getAsInt() : x.id();
                    state.set(a, new Number(x.scalar(), id));
                    state.set(b, new Number(y.scalar(), id));
                }
            }
        }
    }

    private boolean sameNumber(int a, int b) {
        return pre.areEqual("r" + a + ".svalue", "r" + b + ".svalue")
                || pre.areEqual("r" + a + ".uvalue", "r" + b + ".uvalue");
    }

    private void numericBytes(State state, String register) {
        var offset = pre.interval(register + ".stack_offset");
        var bytes = pre.interval(register + ".stack_numeric_size");
        if (offset.isConstant() && bytes.isBounded()) {
            long from = offset.least().longValueExact();
            data(state, from, from + bytes.least().longValueExact() - 1);
        }
    }

    /** Bytes that are data, as far as they are in this frame. */
    private void data(State state, long from, long to) {
        for (long at = from; at <= to; at++) {
            long place = at - stackEnd + Frame.STACK_SIZE;
            if (place >= 0 && place < Frame.STACK_SIZE) {
                int slot = (int) place / Slot.SIZE;
                state.updateSlot(0, slot, state.peekSlot(0, slot).overwrite((int) place % Slot.SIZE, 1));
            }
        }
    }

    private void content(State state, Cell cell) {
        long place = cell.from() - stackEnd + Frame.STACK_SIZE;
        var value = pre.interval(cell.name() + ".uvalue");
        boolean oneSlot = cell.size() <= Slot.SIZE && place / Slot.SIZE == (place + cell.size() - 1) / Slot.SIZE;
        if (oneSlot
                && place >= 0
                && place < Frame.STACK_SIZE
                && value.isConstant()
                && Integer.bitCount(cell.size()) == 1) {
            var number = Value.number(Scalar.constant(value.least().longValue()));
            int slot = (int) place / Slot.SIZE;
            state.updateSlot(0, slot, state.peekSlot(0, slot).write((int) place % Slot.SIZE, cell.size(), number));
        }
    }
}
