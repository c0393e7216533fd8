package io.vertebra.vm.core;

/**
 * Names without their flavor: {@code event___v2} is {@code event}. A flavor begins behind the last three underscores
 * that have another character on both sides. Stateless.
 */
final class EssentialName {

    private static final String SEPARATOR = "___";

    private EssentialName() {}

    static String of(String name) {
        for (int at = name.lastIndexOf(SEPARATOR); at > 0; at = name.lastIndexOf(SEPARATOR, at - 1)) {
            int behind = at + SEPARATOR.length();
            if (name.charAt(at - 1) != '_' && behind < name.length() && name.charAt(behind) != '_') {
                return name.substring(0, at);
            }
        }
        return name;
    }

    static boolean same(String a, String b) {
        return of(a).equals(of(b));
    }
}
