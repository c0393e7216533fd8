package io.vertebra.config;

import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Sizes as people write them: a number of bytes, or one with KiB, MiB or GiB. */
final class ByteSize {

    static final String FORM = "a size such as 4096, 64KiB or 4MiB";

    private static final Pattern TEXT = Pattern.compile("([0-9]{1,12}) ?(B|KiB|MiB|GiB)?");
    private static final Map<String, Integer> SHIFTS = Map.of("B", 0, "KiB", 10, "MiB", 20, "GiB", 30);

    private ByteSize() {}

    static OptionalLong parse(String text) {
        var matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            return OptionalLong.empty();
        }
        String unit = matcher.group(2) == null ? "B" : matcher.group(2);
        return OptionalLong.of(Long.parseLong(matcher.group(1)) << SHIFTS.get(unit));
    }
}
