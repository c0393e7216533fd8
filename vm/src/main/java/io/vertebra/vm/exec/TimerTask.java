package io.vertebra.vm.exec;

import io.vertebra.vm.map.BpfTimer;
import io.vertebra.vm.program.ProgramFault;

/** One arming of a timer: calls {@code callback(map, key, value)} unless it was cancelled meanwhile. */
public final class TimerTask {

    private final BpfTimer timer;
    private final long arming;

    TimerTask(BpfTimer timer, long arming) {
        this.timer = timer;
        this.arming = arming;
    }

    /** What a timer calls: a subprogram of a program that is bound to its maps. */
    record Callback(Executable executable, int function) implements BpfTimer.Callback {}

    /** Whether it would call something now. */
    public boolean stands() {
        return timer.callbackOf(arming) != null;
    }

    /**
     * Runs the callback on the calling thread, as a run of its own: what it reserves and locks is given back at its end.
     *
     * @return whether it ran; false when it was cancelled, or its value deleted or overwritten
     * @throws ProgramFault when it does what is illegal, or exhausts the step budget
     * @throws IllegalStateException when the execution slot is inside another run
     */
    public boolean run(RunContext context) {
        var callback = (Callback) timer.callbackOf(arming);
        return callback != null && callback.executable().runTimer(context, callback, timer, arming);
    }
}
