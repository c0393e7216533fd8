package io.vertebra.vm.helper;

import static io.vertebra.vm.helper.HelperPrototype.Argument.CALLBACK;
import static io.vertebra.vm.helper.HelperPrototype.Argument.SCALAR;
import static io.vertebra.vm.helper.HelperPrototype.Argument.TIMER;
import static io.vertebra.vm.helper.HelperPrototype.Argument.TIMER_MAP;
import static io.vertebra.vm.helper.HelperPrototype.Result;
import static io.vertebra.vm.helper.StandardHelpers.helper;

import io.vertebra.vm.helper.Callback.Parameter;
import io.vertebra.vm.map.BpfTimer;
import io.vertebra.vm.map.Errno;
import io.vertebra.vm.map.MapTimers;
import java.time.Instant;
import java.util.List;

/**
 * Helpers 169-172: the timer in a map's value, which calls {@code callback(map, key, value)} of the codelet later.
 *
 * <p>Deleting or overwriting the value ends its timer, unloading the codelet ends all. Other than in Linux, cancel does
 * not wait for a callback that runs on another core. Stateless.
 */
final class TimerHelpers {

    /** {@code BPF_F_TIMER_ABS}: the time is that of the timer's clock, not from now on. */
    private static final long ABSOLUTE = 1;
    /** {@code BPF_F_TIMER_CPU_PIN}: on this core, where a timer always is. */
    private static final long PINNED = 2;

    private static final long NANOS = 1_000_000_000;

    /** Half of the range, so that differences to a clock's value do not overflow. */
    private static final long FOREVER = Long.MAX_VALUE / 2;

    private TimerHelpers() {}

    static List<Helper> all() {
        var parameters = List.of(Parameter.MAP, Parameter.MAP_KEY, Parameter.MAP_VALUE);
        return List.of(
                helper(169, "timer_init", Result.SCALAR, TimerHelpers::init, TIMER, TIMER_MAP, SCALAR),
                new Helper(
                        HelperPrototype.calling(
                                170,
                                "timer_set_callback",
                                List.of(TIMER, CALLBACK),
                                Result.SCALAR,
                                new Callback(parameters, new Callback.Later(), 0)),
                        TimerHelpers::setCallback),
                helper(171, "timer_start", Result.SCALAR, TimerHelpers::start, TIMER, SCALAR, SCALAR),
                helper(172, "timer_cancel", Result.SCALAR, TimerHelpers::cancel, TIMER));
    }

    private static long init(HelperContext run, long address, long mapAddress, long clock, long d, long e) {
        var place = run.timerPlace(address);
        if (run.map(mapAddress) != place.map()) {
            throw run.fault(
                    "the timer lies in a value of map `" + place.map().spec().name() + "`, not of map `"
                            + run.map(mapAddress).spec().name() + "`");
        }
        return place.map().timers().init(place.valueOffset(), clock);
    }

    private static long setCallback(HelperContext run, long address, long function, long c, long d, long e) {
        var timer = find(run, address);
        var callback = run.timerCallback(function);
        if (timer == null) {
            return Errno.EINVAL;
        }
        timer.callback(callback);
        return 0;
    }

    private static long start(HelperContext run, long address, long nanos, long flags, long d, long e) {
        var timer = find(run, address);
        if (timer == null || (flags & ~(ABSOLUTE | PINNED)) != 0) {
            return Errno.EINVAL;
        }
        long delay = nanos < 0 ? FOREVER : Math.min(nanos, FOREVER); // unsigned
        return run.startTimer(timer, (flags & ABSOLUTE) == 0 ? delay : delay - now(timer));
    }

    private static long now(BpfTimer timer) {
        if (timer.clock() != MapTimers.REALTIME) {
            return System.nanoTime();
        }
        var now = Instant.now();
        return now.getEpochSecond() * NANOS + now.getNano();
    }

    private static long cancel(HelperContext run, long address, long b, long c, long d, long e) {
        var timer = find(run, address);
        if (timer == null) {
            return Errno.EINVAL;
        }
        if (run.isCallbackOf(timer)) {
            return Errno.EDEADLK;
        }
        return timer.cancel() ? 1 : 0;
    }

    /** The timer, or null when it was not made. */
    private static BpfTimer find(HelperContext run, long address) {
        var place = run.timerPlace(address);
        return place.map().timers().find(place.valueOffset());
    }
}
