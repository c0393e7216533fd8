package io.vertebra.config;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Durations as people write them: a number with ns, us, ms or s; one without a unit counts nanoseconds. */
final class ShortDuration {

    static final String FORM = "a duration such as 500ns, 20us or 1ms";

    private static final Pattern TEXT = Pattern.compile("([0-9]{1,9}) ?(ns|us|ms|s)?");
    private static final Map<String, ChronoUnit> UNITS =
            Map.of("ns", ChronoUnit.NANOS, "us", ChronoUnit.MICROS, "ms", ChronoUnit.MILLIS, "s", ChronoUnit.SECONDS);

    private ShortDuration() {}

    /** The duration, empty for other text and for none at all. */
    static Optional<Duration> parse(String text) {
        var matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        var unit = UNITS.get(matcher.group(2) == null ? "ns" : matcher.group(2));
        return Optional.of(Duration.of(Long.parseLong(matcher.group(1)), unit)).filter(Duration::isPositive);
    }
}
