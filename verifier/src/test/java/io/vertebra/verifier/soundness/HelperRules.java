package io.vertebra.verifier.soundness;

import static io.vertebra.verifier.soundness.Machine.NUMBER;
import static io.vertebra.verifier.soundness.Machine.POINTER;
import static io.vertebra.verifier.soundness.Machine.UNSET;

import io.vertebra.vm.exec.Addresses;
import io.vertebra.vm.helper.HelperPrototype;
import io.vertebra.vm.helper.HelperPrototype.Argument;
import io.vertebra.vm.program.MapSpec;

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
            case SCALAR, SIZE, SIZE_OR_ZERO -> require(kind == NUMBER, slot, helper, "r" + register + " is no number");
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
            case MAP, CONTEXT, CALLBACK, CONST_STRING ->
                require(kind == POINTER, slot, helper, "r" + register + " is no pointer");
            case CALLBACK_STATE -> {}
            case SPIN_LOCK,
                    TIMER,
                    TIMER_MAP,
                    VALUE_MEMORY,
                    UNINIT_DYNPTR,
                    UNINIT_RESERVED_DYNPTR,
                    DYNPTR,
                    RESERVED_DYNPTR,
                    SLICE_SIZE,
                    PER_CPU_VARIABLE ->
                throw new Counterexample(slot, "helper `" + helper.name() + "` is not known to these rules");
        }
    }

    private long value(int register) {
        return machine.registers[machine.depth][register];
    }

    private int mapIndex(HelperPrototype helper, int index) {
        int register = helper.arguments().subList(0, index).lastIndexOf(Argument.MAP) + 1;
        return (int) ((value(register) - Addresses.map(0)) / (Addresses.map(1) - Addresses.map(0)));
    }

    private MapSpec map(HelperPrototype helper, int index) {
        return machine.maps.get(mapIndex(helper, index)).spec();
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
    }

    void after(HelperPrototype helper, long result) {
        for (int i = 0; i < fills; i++) {
            int offset = Machine.offset(filled[i]);
            require(
                    !poisoned[i] || !machine.endsInPoison(filled[i], filledBytes[i]),
                    at,
                    helper,
                    "leaves bytes as they were that it is said to fill");
            for (int b = 0; b < filledBytes[i]; b++) {
                machine.bytes[Machine.frame(filled[i])][offset + b] = NUMBER;
            }
        }
        if (releases != 0) {
            machine.release(releases);
        }
        if (helper.arguments().contains(Argument.RESERVATION_SIZE) && result != 0) {
            machine.held[machine.holding++] = new Machine.Reservation(reserves.map(), result, reserves.size());
        }
    }
}
