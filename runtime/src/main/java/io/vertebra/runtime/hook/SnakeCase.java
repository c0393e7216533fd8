package io.vertebra.runtime.hook;

import java.util.Locale;
import java.util.regex.Pattern;

/** Java names as C names: {@code requestReceived} becomes {@code request_received}. */
final class SnakeCase {

    private static final Pattern WORD_STARTS = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])");

    private SnakeCase() {}

    static String of(String camelCase) {
        return WORD_STARTS.matcher(camelCase).replaceAll("_").toLowerCase(Locale.ROOT);
    }
}
