package io.vertebra.vm.exec;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.vertebra.vm.helper.Helper;
import io.vertebra.vm.helper.Helpers;
import io.vertebra.vm.helper.StandardHelpers;
import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.Instruction.AccessSize;
import io.vertebra.vm.isa.Instruction.Atomic;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.map.BpfRingBuffer;
import io.vertebra.vm.program.Program;
import io.vertebra.vm.program.ProgramFault;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * A program that was compiled to JVM bytecode: generated classes extend this one and call what is protected here. Values
 * of registers, addresses of memory among them, are the same as in the interpreter.
 *
 * <p>Memory is safe whatever the generated code does: an access either goes through {@link AddressSpace}, or the JVM
 * checks it against a segment that holds nothing but the codelet's own memory.
 */
public abstract non-sealed class CompiledProgram extends Executable {

    /** Little-endian memory. */
    protected static final ValueLayout.OfLong LONG = AddressSpace.LONG;
    /** Little-endian memory. */
    protected static final ValueLayout.OfInt INT = AddressSpace.INT;
    /** Little-endian memory. */
    protected static final ValueLayout.OfShort SHORT = AddressSpace.SHORT;
    /** Memory. */
    protected static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

    private static final int MOST = 1 << 30;
    private static final long MOST_OFFSET = 1L << 61;

    /** Atomic operations of 8 bytes; throws {@link IllegalArgumentException} where an offset is not a multiple of 8. */
    protected static final VarHandle ATOMIC_LONG = AddressSpace.ATOMIC_LONG;
    /** Atomic operations of 4 bytes; throws {@link IllegalArgumentException} where an offset is not a multiple of 4. */
    protected static final VarHandle ATOMIC_INT = AddressSpace.ATOMIC_INT;

    /** A payload in an array. */
    protected static final VarHandle LONG_OF_BYTES = MethodHandles.byteArrayViewVarHandle(long[].class, LITTLE_ENDIAN);
    /** A payload in an array. */
    protected static final VarHandle INT_OF_BYTES = MethodHandles.byteArrayViewVarHandle(int[].class, LITTLE_ENDIAN);
    /** A payload in an array. */
    protected static final VarHandle SHORT_OF_BYTES =
            MethodHandles.byteArrayViewVarHandle(short[].class, LITTLE_ENDIAN);
    /** A payload in a buffer. */
    protected static final VarHandle LONG_OF_BUFFER =
            MethodHandles.byteBufferViewVarHandle(long[].class, LITTLE_ENDIAN);
    /** A payload in a buffer. */
    protected static final VarHandle INT_OF_BUFFER = MethodHandles.byteBufferViewVarHandle(int[].class, LITTLE_ENDIAN);
    /** A payload in a buffer. */
    protected static final VarHandle SHORT_OF_BUFFER =
            MethodHandles.byteBufferViewVarHandle(short[].class, LITTLE_ENDIAN);

    private final Optional<DirectCode> direct;

    /**
     * As {@link Executable#Executable}.
     *
     * @param entry of the {@link DirectCode}, or null
     * @param usesRun whether that needs a run
     */
    protected CompiledProgram(Program program, List<BpfMap> maps, long maxSteps, MethodHandle entry, boolean usesRun) {
        super(program, maps, maxSteps);
        var onWords =
                this instanceof DirectCode.OnWords code ? Optional.of(code) : Optional.<DirectCode.OnWords>empty();
        direct = Optional.ofNullable(entry).map(e -> new DirectCode(e, usesRun, onWords));
    }

    @Override
    public final Optional<DirectCode> direct() {
        return direct;
    }

    /** Runs the function that starts at a slot; gives r0. */
    protected abstract long call(RunContext run, int function, long r1, long r2, long r3, long r4, long r5);

    @Override
    final long execute(RunContext run, int slot) {
        long[] r = run.registers;
        try {
            return call(run, slot, r[1], r[2], r[3], r[4], r[5]);
        } catch (IndexOutOfBoundsException | IllegalArgumentException | UnsupportedOperationException e) {
            throw fault(this, slot, e);
        }
    }

    private static ProgramFault fault(Executable program, int slot, RuntimeException thrown) {
        return new ProgramFault(slot, "compiled code of `" + program.program().name() + "`: " + thrown.getMessage());
    }

    // ---- direct code ----

    /** Begins a run. */
    protected static void enter(RunContext run, Executable program) {
        run.enter(program);
    }

    /** Ends a run that has given r0; gives the run's result. */
    protected static long leave(RunContext run, long r0) {
        long result = run.result(r0);
        run.leave();
        return result;
    }

    /** Begins a run that needs nothing bound; {@code reads} tells that it looks into maps that reuse memory. */
    protected static void enterBriefly(RunContext run, Executable program, boolean reads) {
        run.enterBriefly(program, reads);
    }

    /** Ends such a run that has given r0. */
    protected static long leaveBriefly(RunContext run, long r0) {
        run.leaveBriefly();
        return r0;
    }

    /** Ends such a run that has thrown; gives what is to be thrown. */
    protected static Throwable failedBriefly(RunContext run, Executable program, Throwable thrown) {
        run.leaveBriefly();
        return failedAlone(program, thrown);
    }

    /** Ends a run that has thrown; gives what is to be thrown. */
    protected static Throwable failed(RunContext run, Executable program, Throwable thrown) {
        run.leave();
        return failedAlone(program, thrown);
    }

    /** What is to be thrown where there is no run. */
    protected static Throwable failedAlone(Executable program, Throwable thrown) {
        return switch (thrown) {
            case IndexOutOfBoundsException e -> fault(program, 0, e);
            case IllegalArgumentException e -> fault(program, 0, e);
            case UnsupportedOperationException e -> fault(program, 0, e);
            default -> thrown;
        };
    }

    // ---- registers and frames ----

    /** A register at a border between methods. */
    protected static long register(RunContext run, int number) {
        return run.registers[number];
    }

    /** Keeps a register at a border between methods. */
    protected static void register(RunContext run, int number, long value) {
        run.registers[number] = value;
    }

    /** r10. */
    protected static long framePointer(RunContext run) {
        return Addresses.framePointer(run.depth);
    }

    /** Begins a frame. */
    protected static void enterFrame(RunContext run, int slot) {
        run.enterFrame(slot);
    }

    /** Ends a frame. */
    protected static void leaveFrame(RunContext run) {
        run.leaveFrame();
    }

    /** Takes instructions from the step budget of a program that was not verified. */
    protected static void spend(RunContext run, int steps, int slot) {
        if ((run.stepsLeft -= steps) < 0) {
            throw new ProgramFault(slot, "insn " + slot + ": step budget exhausted");
        }
    }

    // ---- loops ----

    /**
     * What the counter of a fast loop must stay below in any case, that it does not overflow an {@code int}; {@code from}
     * itself when it must not run at all.
     */
    protected static long firstLimit(long from, int step) {
        return from >= 0 && from < MOST ? Integer.MAX_VALUE - step : from;
    }

    /**
     * The lesser of a limit and of what keeps {@code counter + base} below {@code end} for all counters from {@code from}
     * on, none of the values being negative or overflowing; {@code from} itself when that cannot be told.
     */
    protected static long limit(long limit, long from, long base, long end) {
        boolean plain = base > -MOST_OFFSET && base < MOST_OFFSET && end >= 0 && end < MOST_OFFSET;
        return plain && from + base >= 0 ? Math.min(limit, end - base) : Math.min(limit, from);
    }

    // ---- calls ----

    /** Notes the instruction that calls a helper, which has to be able to do so with the lock that is held. */
    protected static void calls(RunContext run, int slot, int helper) {
        if (run.memory.lock.isHeld() && helper != StandardHelpers.SPIN_UNLOCK) {
            run.memory.lock.refuse("calls helper " + helper, slot);
        }
        run.at = slot;
    }

    /** Checks that no lock is held where a function begins or ends. */
    protected static void unlocked(RunContext run, int slot) {
        run.memory.lock.refuse("calls or leaves a function", slot);
    }

    /** Calls the helper whose id is in a register. */
    protected static long callHelper(
            RunContext run, Helpers helpers, long id, int slot, long r1, long r2, long r3, long r4, long r5) {
        var helper = (id == (int) id ? helpers.find((int) id) : Optional.<Helper>empty())
                .orElseThrow(() -> ProgramCheck.unknownHelper(slot, id));
        calls(run, slot, (int) id);
        run.registers[1] = r1;
        return helper.body().call(run, r1, r2, r3, r4, r5);
    }

    /** Whether the function has to end, with what {@link #finish} gives: a helper or a function below said so. */
    protected static boolean interrupted(RunContext run) {
        return run.interrupted();
    }

    /** The result of a function that was {@link #interrupted}. */
    protected static long finish(RunContext run) {
        return run.finish();
    }

    /** A load from the packet, as RFC 9669 section 5.5: when it is too short, the run is {@link #interrupted}. */
    protected static long loadPacket(RunContext run, int bytes, long offset) {
        if (offset < 0 || !run.memory.payload.allows(offset, bytes, false)) {
            run.ended = true;
            return 0;
        }
        long value = run.memory.load(Addresses.PAYLOAD + offset, size(bytes), false, 0);
        return bytes == 1 ? value : AluSemantics.swap(Instruction.Order.BIG, bytes * Byte.SIZE, value);
    }

    private static AccessSize size(int bytes) {
        return switch (bytes) {
            case 1 -> AccessSize.BYTE;
            case 2 -> AccessSize.HALF;
            case 4 -> AccessSize.WORD;
            default -> AccessSize.DOUBLE;
        };
    }

    // ---- helpers that need no call ----

    /** The moment of firing. */
    protected static long eventNanos(RunContext run) {
        return run.eventNanos();
    }

    /** A random number of 32 bits. */
    protected static long random(RunContext run) {
        return Integer.toUnsignedLong(run.random());
    }

    /** The core. */
    protected static long core(RunContext run) {
        return run.core();
    }

    /** What r2 holds at the beginning. */
    protected static long secondArgument(RunContext run) {
        return run.secondArgument();
    }

    /** The address of a new record, or 0; {@code values} is that of the ring's memory. */
    protected static long reserve(RunContext run, BpfRingBuffer ring, long values, long size, long flags) {
        long record = flags == 0 ? ring.reserve(size) : -1;
        if (record < 0) {
            return 0;
        }
        run.memory.reservations.add(ring, record);
        return values + record;
    }

    /** Hands a record that the run has reserved to the consumer; the maps are the program's. */
    protected static void submit(RunContext run, List<BpfMap> maps, long address, long flags, int slot) {
        long offset = Addresses.offset(address);
        taken(run, maps, address, offset, slot).submit(offset, flags);
    }

    /** Gives a record that the run has reserved back; the maps are the program's. */
    protected static void discard(RunContext run, List<BpfMap> maps, long address, long flags, int slot) {
        long offset = Addresses.offset(address);
        taken(run, maps, address, offset, slot).discard(offset, flags);
    }

    private static BpfRingBuffer taken(RunContext run, List<BpfMap> maps, long address, long offset, int slot) {
        int map = Addresses.mapOfValues(address);
        var ring = map >= 0 && map < maps.size() && maps.get(map) instanceof BpfRingBuffer r ? r : null;
        if (ring == null || run.memory.dynptrs.own(ring, address) || !run.memory.reservations.remove(ring, offset)) {
            throw AddressSpace.notReserved(address, slot);
        }
        return ring;
    }

    // ---- memory ----

    /** The stack of all frames; offset 0 is the address {@link Addresses#STACK}. */
    protected static MemorySegment stack(RunContext run) {
        return run.memory.stack.segment;
    }

    /** What holds the context. */
    protected static MemorySegment context(RunContext run) {
        return run.memory.context.segment;
    }

    /** Where in {@link #context} the context begins. */
    protected static long contextStart(RunContext run) {
        return run.memory.context.base;
    }

    /** Bytes of the context. */
    protected static long contextLength(RunContext run) {
        return run.memory.context.limit;
    }

    /** What holds the payload. */
    protected static MemorySegment payload(RunContext run) {
        return run.memory.payload.resolve().segment;
    }

    /** Where in {@link #payload} the payload begins. */
    protected static long payloadStart(RunContext run) {
        return run.memory.payload.base;
    }

    /** Bytes of the payload. */
    protected static long payloadLength(RunContext run) {
        return run.memory.payload.limit;
    }

    /** Where in a buffer the payload begins. */
    protected static long payloadStart(ByteBuffer payload) {
        return payload == null ? 0 : payload.position();
    }

    /** Bytes of the payload. */
    protected static long payloadLength(ByteBuffer payload) {
        return payload == null ? 0 : payload.remaining();
    }

    /** The copy of per-CPU maps. */
    protected static int slot(RunContext run) {
        return run.slot();
    }

    /** A load from any region. */
    protected static long load(RunContext run, long address, int bytes, boolean signed, int slot) {
        return run.memory.load(address, size(bytes), signed, slot);
    }

    /** A store to any region. */
    protected static void store(RunContext run, long address, long value, int bytes, int slot) {
        run.memory.store(address, size(bytes), value, slot);
    }

    /** An atomic operation on any region; gives the old value. */
    protected static long atomic(RunContext run, long address, long operand, long expected, Atomic atomic, int slot) {
        return run.memory.atomic(atomic, address, operand, expected, slot);
    }
}
