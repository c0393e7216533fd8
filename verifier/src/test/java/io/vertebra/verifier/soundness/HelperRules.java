package io.vertebra.verifier.soundness;

import static io.vertebra.verifier.soundness.Machine.NUMBER;
import static io.vertebra.verifier.soundness.Machine.POINTER;
import static io.vertebra.verifier.soundness.Machine.UNSET;

import io.vertebra.vm.exec.Addresses;
import io.vertebra.vm.exec.RunView;
import io.vertebra.vm.helper.HelperPrototype;
import io.vertebra.vm.helper.HelperPrototype.Argument;
import io.vertebra.vm.helper.HelperPrototype.Result;
import io.vertebra.vm.helper.StandardHelpers;
import io.vertebra.vm.program.MapSpec;
import java.util.Arrays;

/** What a helper may be given, and what it leaves, as its prototype says. */
final class HelperRules {

    private final Machine machine;
    private final Machine.Reservation none = new Machine.Reservation(-1, 0, 0);
    /** The memory that the call fills: its address and size; the lowest address of the stack that it was given. */
    private final long[] filled = new long[5];

    private final long[] filledBytes = new long[5];
    private final boolean[] poisoned = new boolean[5];
    private int fills;
    private final long[] read = new long[5];
    private final long[] readBytes = new long[5];
    private int reads;
    private Machine.Reservation reserves = none;
    private long releases;
    /** The place of a dynptr that the call makes, and the map that has its memory. */
    private long made;

    private int madeOf;
    /** The place of a dynptr that the call ends. */
    private long ended;

    private long locks;
    private int at;

    HelperRules(Machine machine) {
        this.machine = machine;
    }

    private static void require(boolean holds, int slot, HelperPrototype helper, String otherwise) {
        if (!holds) {
            throw new Counterexample(slot, "helper `" + helper.name() + "`: " + otherwise);
        }
    }

    void before(int slot, HelperPrototype helper) {
        fills = 0;
        reads = 0;
        at = slot;
        releases = 0;
        reserves = none;
        made = 0;
        ended = 0;
        lock(slot, helper);
        if (helper.result() == Result.LEAVES) {
            require(machine.holding == 0 && machine.depth == 0, slot, helper, "leaves what the run holds");
        }
        var kinds = machine.kinds[machine.depth];
        for (int index = 0; index < helper.arguments().size(); index++) {
            require(kinds[index + 1] != UNSET, slot, helper, "r" + (index + 1) + " was never set");
            argument(slot, helper, index);
        }
        for (int i = 0; i < fills; i++) {
            poisoned[i] = filledBytes[i] >= Integer.BYTES && !isRead(i);
            if (poisoned[i]) {
                machine.poison(filled[i], filledBytes[i]);
            }
        }
    }

    private void lock(int slot, HelperPrototype helper) {
        boolean unlocks =
                helper.id() == StandardHelpers.SPIN_UNLOCK && helper.arguments().contains(Argument.SPIN_LOCK);
        require(machine.lock == 0 || unlocks, slot, helper, "is called while a lock is held");
        require(!unlocks || machine.lock == value(1), slot, helper, "gives back a lock that is not held");
    }

    /** Whether the call reads some of the memory that it fills. */
    private boolean isRead(int fill) {
        boolean overlaps = false;
        for (int i = 0; i < reads; i++) {
            boolean apart = read[i] + readBytes[i] <= filled[fill] || filled[fill] + filledBytes[fill] <= read[i];
            overlaps |= !apart;
        }
        return overlaps;
    }

    private void argument(int slot, HelperPrototype helper, int index) {
        int register = index + 1;
        byte kind = machine.kinds[machine.depth][register];
        switch (helper.arguments().get(index)) {
            case SCALAR, SIZE, SIZE_OR_ZERO, SLICE_SIZE ->
                require(kind == NUMBER, slot, helper, "r" + register + " is no number");
            case MAP_KEY -> read(slot, helper, register, map(helper, index).keySize());
            case MAP_VALUE -> read(slot, helper, register, map(helper, index).valueSize());
            case READABLE, READABLE_OR_NULL -> read(slot, helper, register, value(register + 1));
            case SOURCE -> read(slot, helper, register, value(register - 1));
            case UNINIT_MAP_VALUE ->
                fill(slot, helper, register, map(helper, index).valueSize());
            case WRITABLE -> fill(slot, helper, register, value(register + 1));
            case WRITABLE_LONG -> fill(slot, helper, register, Long.BYTES);
            case RESERVATION_SIZE -> reserves = new Machine.Reservation(mapIndex(helper, index), 0, value(register));
            case RESERVATION -> releases = value(register);
            case SPIN_LOCK -> {
                require(kind == POINTER, slot, helper, "r" + register + " is no pointer");
                locks = value(register);
            }
            case MAP, CONTEXT, CALLBACK, CONST_STRING, TIMER, TIMER_MAP, VALUE_MEMORY ->
                require(kind == POINTER, slot, helper, "r" + register + " is no pointer");
            case CALLBACK_STATE -> {}
            case UNINIT_DYNPTR, UNINIT_RESERVED_DYNPTR -> {
                require(kind == POINTER && Machine.frame(value(register)) >= 0, slot, helper, "makes no dynptr there");
                inside(slot, helper, register, Machine.Placed.BYTES);
                made = value(register);
                madeOf = machine.mapNumber(value(1));
            }
            case DYNPTR -> dynptr(slot, helper, register);
            case RESERVED_DYNPTR -> {
                dynptr(slot, helper, register);
                ended = value(register);
                require(machine.holds(ended), slot, helper, "releases what is not held");
            }
            case PER_CPU_VARIABLE ->
                throw new Counterexample(slot, "helper `" + helper.name() + "` is not known to these rules");
        }
    }

    private void dynptr(int slot, HelperPrototype helper, int register) {
        long place = value(register);
        boolean sample = place == RunView.SAMPLE_DYNPTR && machine.view.sampleBytes() >= 0;
        require(
                machine.kinds[machine.depth][register] == POINTER && (sample || machine.dynptrOrNull(place) != null),
                slot,
                helper,
                "r" + register + " leads to no dynptr");
        if (!sample) {
            machine.use(Machine.frame(place), Machine.offset(place));
            read[reads] = place;
            readBytes[reads++] = Machine.Placed.BYTES;
        }
    }

    private long value(int register) {
        return machine.registers[machine.depth][register];
    }

    private int mapIndex(HelperPrototype helper, int index) {
        int register = helper.arguments().subList(0, index).lastIndexOf(Argument.MAP) + 1;
        return machine.mapNumber(value(register));
    }

    private MapSpec map(HelperPrototype helper, int index) {
        return machine.specs.get(mapIndex(helper, index));
    }

    private void read(int slot, HelperPrototype helper, int register, long size) {
        int frame = Machine.frame(value(register));
        if (size == 0) {
            return;
        }
        require(
                machine.kinds[machine.depth][register] == POINTER,
                slot,
                helper,
                "r" + register + " leads to memory, and is no pointer");
        if (frame >= 0) {
            inside(slot, helper, register, size);
            byte kind = machine.kind(frame, Machine.offset(value(register)), (int) size);
            require(kind == NUMBER, slot, helper, "reads stack bytes that are no data");
            read[reads] = value(register);
            readBytes[reads++] = size;
        }
    }

    private void fill(int slot, HelperPrototype helper, int register, long size) {
        if (size == 0) {
            return;
        }
        require(
                machine.kinds[machine.depth][register] == POINTER,
                slot,
                helper,
                "r" + register + " leads to memory, and is no pointer");
        if (Machine.frame(value(register)) >= 0) {
            inside(slot, helper, register, size);
            filled[fills] = value(register);
            filledBytes[fills++] = size;
        }
    }

    private void inside(int slot, HelperPrototype helper, int register, long size) {
        int frame = Machine.frame(value(register));
        require(
                frame <= machine.depth && Machine.offset(value(register)) + size <= Addresses.FRAME_BYTES,
                slot,
                helper,
                "r" + register + " and the size leave the stack");
        machine.use(frame, Machine.offset(value(register)));
    }

    /** The helper that returns next had called back: what others filled in the meantime was noted. */
    void nothingFilled() {
        fills = 0;
        releases = 0;
        made = 0;
        ended = 0;
        reserves = none;
    }

    void after(HelperPrototype helper, long result) {
        for (int i = 0; i < fills; i++) {
            int offset = Machine.offset(filled[i]);
            require(
                    !poisoned[i] || !machine.endsInPoison(filled[i], filledBytes[i]),
                    at,
                    helper,
                    "leaves bytes as they were that it is said to fill");
            machine.overwrite(at, Machine.frame(filled[i]), offset, filledBytes[i]);
            for (int b = 0; b < filledBytes[i]; b++) {
                machine.bytes[Machine.frame(filled[i])][offset + b] = NUMBER;
            }
        }
        if (helper.arguments().contains(Argument.SPIN_LOCK)) {
            machine.lock = machine.lock == 0 ? locks : 0;
        }
        dynptrs();
        if (releases != 0) {
            machine.release(releases);
        }
        if (helper.arguments().contains(Argument.RESERVATION_SIZE) && result != 0) {
            machine.held[machine.holding++] = new Machine.Reservation(reserves.map(), result, reserves.size());
        }
    }

    private void dynptrs() {
        if (ended != 0) {
            machine.release(ended);
            machine.dynptrs.removeIf(d -> d.place() == ended);
            unset(ended);
        }
        if (made != 0) {
            machine.overwrite(at, Machine.frame(made), Machine.offset(made), Machine.Placed.BYTES);
            unset(made);
            var placed = new Machine.Placed(made, madeOf, machine.view.dynptr(made));
            machine.dynptrs.add(placed);
            if (placed.isReserved()) {
                machine.held[machine.holding++] = new Machine.Reservation(madeOf, made, -1);
            }
        }
    }

    private void unset(long place) {
        int offset = Machine.offset(place);
        Arrays.fill(machine.bytes[Machine.frame(place)], offset, offset + Machine.Placed.BYTES, UNSET);
    }
}
