package io.vertebra.runtime.dispatch;

import io.vertebra.runtime.hook.HookDescriptor;
import io.vertebra.verifier.platform.NativeSection;
import io.vertebra.vm.program.ContextLayout;
import io.vertebra.vm.program.ContextLayout.Field;
import io.vertebra.vm.program.ContextLayout.Kind;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The hooks that time itself fires: sections {@code interval/<duration>}. */
public final class Intervals {

    /** What precedes the duration in a section's and in a hook's name. */
    public static final String PREFIX = NativeSection.Kind.INTERVAL.prefix();

    /** The names that there are, for messages. */
    public static final String KNOWN = PREFIX + "<n> with us, ms, s, m or h, at least 1ms";

    /** {@code struct vertebra_interval { u64 now_ns; u64 tick; }}. */
    public static final ContextLayout CONTEXT = new ContextLayout(
            "vertebra_interval",
            16,
            List.of(new Field("now_ns", 0, 8, Kind.SCALAR), new Field("tick", 8, 8, Kind.SCALAR)));

    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Pattern FORM = Pattern.compile("([0-9]{1,9})(us|ms|s|m|h)");
    private static final Map<String, ChronoUnit> UNITS = Map.of(
            "us", ChronoUnit.MICROS,
            "ms", ChronoUnit.MILLIS,
            "s", ChronoUnit.SECONDS,
            "m", ChronoUnit.MINUTES,
            "h", ChronoUnit.HOURS);

    private Intervals() {}

    /** The period of a hook name such as {@code interval/100ms}; empty for others and for less than 1 ms. */
    public static Optional<Duration> period(String name) {
        var matcher = FORM.matcher(name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : "");
        return matcher.matches()
                ? Optional.of(Duration.of(Long.parseLong(matcher.group(1)), UNITS.get(matcher.group(2))))
                        .filter(d -> d.compareTo(SHORTEST) >= 0)
                : Optional.empty();
    }

    /** The hook with such a name. */
    public static HookDescriptor hook(String name) {
        return new HookDescriptor(
                name, "the runtime's timer", CONTEXT, false, 0, true, Optional.empty(), false, Map.of());
    }
}
