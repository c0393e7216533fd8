package io.vertebra.vm.exec;

import io.vertebra.vm.helper.Dynptr;
import io.vertebra.vm.helper.HelperContext;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.map.BpfProgramArray;
import io.vertebra.vm.map.BpfRingBuffer;
import io.vertebra.vm.map.BpfTimer;
import io.vertebra.vm.map.Epoch;
import io.vertebra.vm.map.Errno;
import io.vertebra.vm.program.AccessPlan;
import io.vertebra.vm.program.FiredHook;
import io.vertebra.vm.program.ProgramFault;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;

/**
 * One execution slot: registers, stack and memory of the run that it executes now, and what the run may know of its
 * event. Made once, reused for every run, one run at a time; not thread-safe; a run allocates nothing here, but for
 * dynptrs and timers. It holds on to the program that ran last, with its maps.
 *
 * <p>Before a run, set what changed: {@link #context}, {@link #payload}, {@link #eventNanos(long)}, {@link #thread},
 * {@link #hook(FiredHook)}.
 * Settings stay until they are set again. The stack is not cleared between runs: the verifier proves that a codelet
 * reads only what it wrote.
 */
public final class RunContext implements HelperContext {

    /** For {@link #eventNanos(long)}: nothing was captured, helpers read the clock when they are called. */
    public static final long NOT_CAPTURED = Long.MIN_VALUE;

    /** How often a run may continue in another program. */
    public static final int TAIL_CALLS = AccessPlan.TAIL_CALLS;

    private static final MemorySegment NOTHING = MemorySegment.ofArray(new long[0]);
    private static final int SAVED = 5;

    final long[] registers = new long[11];
    final AddressSpace memory = new AddressSpace();

    /** Number of the current frame, 0 for the entry function's. */
    int depth;

    /** What is left of the step budget; executors keep it in a local and write it back around calls. */
    long stepsLeft;

    /** The instruction that is calling a helper. */
    int at;

    /** Set when the whole run has to end with r0 = 0 (a packet too short). */
    boolean ended;

    /** Set by a helper: the program to continue in. */
    private Executable next;

    /** What runs, or ran last. Not set by brief runs. */
    private Executable current;

    private boolean running;
    private final Epoch.Reader reader = Epoch.register();
    private boolean reading;
    private int tailCalls;
    private final long[] saved = new long[Addresses.FRAMES * SAVED];

    /** The timer whose callback the run is, or null. */
    private BpfTimer expired;

    private TimerService timers;

    private int slot;
    private int core;
    private long argument1 = Addresses.CONTEXT;
    private long argument2;
    private long eventNanos = NOT_CAPTURED;
    private final FiringThread thread = new FiringThread();
    private FiredHook hook = FiredHook.NONE;
    private long cookie;
    private long returnValue;
    private boolean returnValueSet;
    private long timeLimit;
    private long timeMark;
    private boolean timeMarked;
    private long random = ThreadLocalRandom.current().nextLong() | 1;

    /**
     * An execution slot.
     *
     * @param slot the copy of per-CPU maps that it uses
     * @param core what helper 8 gives
     */
    public RunContext(int slot, int core) {
        this.slot = slot;
        this.core = core;
    }

    // ---- settings ----

    /**
     * The context struct: read-only memory of {@code length} bytes at {@link Addresses#CONTEXT}. Runs begin with its address
     * in r1 and, as jbpf's ABI has it, its length in r2.
     */
    public RunContext context(MemorySegment segment, long offset, long length) {
        memory.context.place(segment, checked(segment, offset, length), length, false);
        return arguments(Addresses.CONTEXT, length);
    }

    /** No context. */
    public RunContext noContext() {
        return context(NOTHING, 0, 0);
    }

    /** The payload: {@code length} bytes at {@link Addresses#PAYLOAD}, which no one else writes during the run. */
    public RunContext payload(MemorySegment segment, long offset, long length, boolean writable) {
        memory.payload.place(segment, checked(segment, offset, length), length, writable);
        return this;
    }

    /**
     * The same with an array's bytes. What runs read by address and may not write they read from a copy if it is at most
     * 4,096 bytes, as they were at the first such access; else a segment is allocated then.
     */
    public RunContext payload(byte[] bytes, boolean writable) {
        memory.payloadSource.set((ByteBuffer) null);
        memory.payloadSource.set(bytes);
        memory.payload.place(memory.payloadSource, bytes.length, writable);
        return this;
    }

    /** The same with a buffer's bytes, from its position to its limit; one that is read-only is not written. */
    public RunContext payload(ByteBuffer bytes, boolean writable) {
        memory.payloadSource.set((byte[]) null);
        memory.payloadSource.set(bytes);
        memory.payload.place(memory.payloadSource, bytes.remaining(), writable && !bytes.isReadOnly());
        return this;
    }

    /** No payload. */
    public RunContext noPayload() {
        memory.payloadSource.set((byte[]) null);
        memory.payloadSource.set((ByteBuffer) null);
        return payload(NOTHING, 0, 0, false);
    }

    private static long checked(MemorySegment segment, long offset, long length) {
        if (length < 0 || offset < 0 || offset > segment.byteSize() - length) {
            throw new IllegalArgumentException(
                    "offset=" + offset + ", length=" + length + ", allowed inside the segment's " + segment.byteSize());
        }
        return offset;
    }

    /** The moment of firing in nanoseconds of {@code System.nanoTime}, or {@link #NOT_CAPTURED}. */
    public RunContext eventNanos(long nanos) {
        eventNanos = nanos;
        return this;
    }

    /**
     * The thread that fired.
     *
     * @param words holds its name as a {@code struct { u16 len; char s[30]; }} of UTF-8
     * @param at where that begins
     */
    public RunContext thread(long id, long[] words, int at) {
        thread.capture(id, words, at);
        return this;
    }

    /** The thread that fired is the one that executes the run. */
    public RunContext executingThread() {
        thread.executing();
        return this;
    }

    /** The copy of per-CPU maps that runs use from now on. */
    public RunContext slot(int number) {
        slot = number;
        return this;
    }

    /** What helper 8 gives from now on. */
    public RunContext core(int number) {
        core = number;
        return this;
    }

    /** The hook that runs belong to from now on. */
    @SuppressWarnings("ReferenceEquality") // as in Region.place
    public RunContext hook(FiredHook fired) {
        if (hook != fired) {
            hook = Objects.requireNonNull(fired);
        }
        return this;
    }

    /** What helper 174 gives from now on; 0 unless set. */
    public RunContext cookie(long value) {
        cookie = value;
        return this;
    }

    /**
     * How long a run should take at most, in nanoseconds from where it begins to measure; 0, as at first, for no limit.
     * Only programs that ask for it (jbpf's helper 14) act on it.
     */
    public RunContext timeLimit(long nanos) {
        timeLimit = nanos;
        return this;
    }

    /** What r1 and r2 hold when a run begins, instead of what {@link #context} has set. */
    public RunContext arguments(long first, long second) {
        argument1 = first;
        argument2 = second;
        return this;
    }

    /** Who runs callbacks of timers that runs start from now on; with null, which is the default, they start none. */
    public RunContext timers(TimerService service) {
        timers = service;
        return this;
    }

    // ---- a run's life, for Executable ----

    void enter(Executable program) {
        if (running) {
            throw busy(program);
        }
        running = true;
        bind(program);
        depth = 0;
        tailCalls = 0;
        ended = false;
        next = null;
        returnValue = hook.whenDetached();
        returnValueSet = false;
        timeMarked = false;
        registers[1] = argument1;
        registers[2] = argument2;
        // A helper that prints reads them unseen by the verifier: nothing of another codelet's may be there.
        registers[3] = 0;
        registers[4] = 0;
        registers[5] = 0;
        registers[10] = Addresses.framePointer(0);
    }

    /**
     * Begins a run of code that reaches no memory by address and calls no helper's body, so that little has to be
     * prepared; ends with {@link #leaveBriefly}.
     */
    void enterBriefly(Executable program, boolean reads) {
        if (running) {
            throw busy(program);
        }
        running = true;
        depth = 0;
        if (reads) {
            reading = true;
            reader.enter();
        }
    }

    void leaveBriefly() {
        memory.reservations.discardAll();
        running = false;
        if (reading) {
            reading = false;
            reader.leave();
        }
    }

    /** What r2 holds when a run begins. */
    long secondArgument() {
        return argument2;
    }

    /** What the run gives: its r0, unless a control run has set another value. */
    long result(long r0) {
        return returnValueSet ? returnValue : r0;
    }

    /** Makes the run that was entered the callback of a timer: {@code callback(map, key, value)}. */
    void enterCallback(BpfTimer timer) {
        expired = timer;
        var map = timer.map();
        registers[1] = memory.mapAddress(map);
        registers[2] = keyAddress(map, (int) (timer.valueOffset() / map.stride()));
        registers[3] = memory.valueAddress(map, timer.valueOffset(), at);
    }

    private IllegalStateException busy(Executable program) {
        return new IllegalStateException("program `" + program.program().name()
                + "`: the execution slot is inside another run, a nested run needs its own");
    }

    void leave() {
        try {
            memory.lock.releaseAny();
            memory.reservations.discardAll();
        } finally {
            memory.endRun();
            running = false;
            expired = null;
            if (reading) {
                reading = false;
                reader.leave();
            }
        }
    }

    @SuppressWarnings("ReferenceEquality") // as in Region.place
    private void bind(Executable program) {
        if (current != program) {
            current = program;
        }
        stepsLeft = program.maxSteps();
        memory.bind(program.regions());
        if (program.reclaims() && !reading) {
            reading = true;
            reader.enter();
        }
    }

    /** Whether the instruction that called a helper has to end its function, with what {@link #finish} gives. */
    boolean interrupted() {
        return ended || next != null;
    }

    /** Continues in the program that a helper chose, in the same frame. */
    long finish() {
        if (ended) {
            return 0;
        }
        Executable caller = current;
        Executable target = next;
        next = null;
        bind(target);
        long result = target.execute(this, 0);
        long left = stepsLeft;
        bind(caller);
        stepsLeft = left;
        return ended ? 0 : result;
    }

    /** Begins a frame. */
    void enterFrame(int callSlot) {
        if (depth + 1 == Addresses.FRAMES) {
            throw new ProgramFault(
                    callSlot,
                    "insn " + callSlot + ": call depth " + (depth + 2) + ", at most " + Addresses.FRAMES
                            + " frames are allowed");
        }
        depth++;
        registers[10] = Addresses.framePointer(depth);
    }

    /** Ends a frame. */
    void leaveFrame() {
        depth--;
        registers[10] = Addresses.framePointer(depth);
    }

    /** Begins a frame: r6 to r9 are kept for {@link #pop}. */
    void push(int returnSlot, int callSlot) {
        enterFrame(callSlot);
        int place = depth * SAVED;
        System.arraycopy(registers, 6, saved, place, SAVED - 1);
        saved[place + SAVED - 1] = returnSlot;
    }

    /** Ends a frame; gives the slot to return to. */
    int pop() {
        int place = depth * SAVED;
        System.arraycopy(saved, place, registers, 6, SAVED - 1);
        leaveFrame();
        return (int) saved[place + SAVED - 1];
    }

    // ---- what helpers ask ----

    @Override
    public MemorySegment memory(long address, long bytes, boolean write) {
        Region region = memory.check(address, bytes, write, at);
        return region.segment.asSlice(region.base + Addresses.offset(address), bytes);
    }

    @Override
    public MemorySegment segment(long address, long bytes, boolean write) {
        return memory.check(address, bytes, write, at).segment;
    }

    @Override
    public long offset(long address) {
        return memory.base(address) + Addresses.offset(address);
    }

    @Override
    public boolean hasContent(long address, long bytes) {
        return memory.hasContent(address, bytes);
    }

    @Override
    public BpfMap map(long address) {
        return memory.map(address, at);
    }

    @Override
    public long innerMapAddress(BpfMap map) {
        return memory.innerMapAddress(map);
    }

    @Override
    public long valueAddress(BpfMap map, long offset) {
        return memory.valueAddress(map, offset, at);
    }

    @Override
    public long keyAddress(BpfMap map, int entry) {
        long offset = (long) depth * Addresses.FRAME_STRIDE;
        map.copyKey(entry, memory.keys.segment, offset);
        return Addresses.KEYS + offset;
    }

    @Override
    public int slot() {
        return slot;
    }

    @Override
    public int core() {
        return core;
    }

    @Override
    public long eventNanos() {
        return eventNanos == NOT_CAPTURED ? System.nanoTime() : eventNanos;
    }

    @Override
    public long threadId() {
        return thread.id();
    }

    @Override
    public byte[] threadName() {
        return thread.name();
    }

    @Override
    public FiredHook hook() {
        return hook;
    }

    @Override
    public long cookie() {
        return cookie;
    }

    @Override
    public long returnValue() {
        return returnValue;
    }

    @Override
    public void returnValue(long value) {
        returnValue = value;
        returnValueSet = true;
    }

    @Override
    public void markTime() {
        timeMark = System.nanoTime();
        timeMarked = true;
    }

    @Override
    public boolean timeExceeded() {
        if (!timeMarked) {
            markTime();
        }
        return timeLimit != 0 && System.nanoTime() - timeMark > timeLimit;
    }

    /** Marsaglia's xorshift64*. */
    @Override
    public int random() {
        long x = random;
        x ^= x >>> 12;
        x ^= x << 25;
        x ^= x >>> 27;
        random = x;
        return (int) ((x * 0x2545F4914F6CDD1DL) >>> 32);
    }

    @Override
    public long callback(long functionAddress, long first, long second, long third, long fourth) {
        if (ended) {
            return 1;
        }
        int caller = at;
        int function = current.functionSlot(functionAddress, caller);
        push(caller, caller);
        registers[1] = first;
        registers[2] = second;
        registers[3] = third;
        registers[4] = fourth;
        long result = current.execute(this, function);
        pop();
        at = caller;
        return ended ? 1 : result;
    }

    @Override
    public boolean tailCall(BpfProgramArray.Target target) {
        if (tailCalls == TAIL_CALLS || !(target instanceof Executable executable)) {
            return false;
        }
        tailCalls++;
        next = executable;
        return true;
    }

    @Override
    public void reserved(BpfRingBuffer ring, long offset) {
        memory.reservations.add(ring, offset);
    }

    @Override
    public BpfRingBuffer ringOf(long recordAddress) {
        return memory.ringOf(recordAddress, at);
    }

    @Override
    public void released(BpfRingBuffer ring, long offset) {
        memory.reservations.remove(ring, offset);
    }

    @Override
    public ProgramFault fault(String problem) {
        return new ProgramFault(at, "insn " + at + ": " + problem);
    }

    @Override
    public boolean isValueOfMap(long address) {
        return memory.isValueOfMap(address);
    }

    @Override
    public void makeDynptr(long place, Dynptr dynptr) {
        memory.dynptrs.make(place, dynptr, at);
    }

    @Override
    public Dynptr dynptr(long place) {
        return memory.dynptrs.get(place, at);
    }

    @Override
    public void endDynptr(long place) {
        memory.dynptrs.end(place);
    }

    @Override
    public long beginSample(MemorySegment from, long offset, int length) {
        memory.sample.place(from, offset, length, true);
        memory.dynptrs.sample(new Dynptr(Addresses.SAMPLE, length, Dynptr.Kind.SAMPLE, null));
        return Addresses.SAMPLE_DYNPTR;
    }

    @Override
    public void endSample() {
        memory.endSample();
    }

    @Override
    public boolean hasSample() {
        return memory.dynptrs.hasSample();
    }

    @Override
    public TimerPlace timerPlace(long address) {
        return memory.timerPlace(address, at);
    }

    @Override
    public BpfTimer.Callback timerCallback(long functionAddress) {
        return new TimerTask.Callback(current, current.functionSlot(functionAddress, at));
    }

    @Override
    public long startTimer(BpfTimer timer, long delayNanos) {
        var service = timers;
        return service == null
                ? Errno.EOPNOTSUPP
                : timer.arm(arming -> service.schedule(new TimerTask(timer, arming), Math.max(0, delayNanos)));
    }

    @Override
    public boolean isCallbackOf(BpfTimer timer) {
        return expired == timer;
    }

    @Override
    public void lock(long address) {
        memory.lock.acquire(memory.lockRegion(address, at), Addresses.offset(address), at);
    }

    @Override
    public void unlock(long address) {
        memory.lock.release(memory.lockRegion(address, at), Addresses.offset(address), at);
    }
}
