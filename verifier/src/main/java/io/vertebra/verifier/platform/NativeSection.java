package io.vertebra.verifier.platform;

import java.util.Optional;

/**
 * What the name of a program's section says in the native ABI.
 *
 * @param kind what comes first
 * @param name the rest: {@code group/name} of a hook, or a duration
 */
public record NativeSection(Kind kind, String name) {

    /** The sections that there are, for messages. */
    public static final String KNOWN = "hook/<group>/<name>, control/<group>/<name> and interval/<duration>";

    /** What a program is for. */
    public enum Kind {
        /** Sees what a hook passes. */
        HOOK("hook/"),
        /** Decides what a hook returns. */
        CONTROL("control/"),
        /** Runs as time passes. */
        INTERVAL("interval/");

        private final String prefix;

        Kind(String prefix) {
            this.prefix = prefix;
        }

        /** What sections of this kind begin with. */
        public String prefix() {
            return prefix;
        }
    }

    /** Reads a section's name; empty when it is none of the native ABI. */
    public static Optional<NativeSection> parse(String section) {
        for (var kind : Kind.values()) {
            if (section.startsWith(kind.prefix)) {
                return Optional.of(new NativeSection(kind, section.substring(kind.prefix.length())));
            }
        }
        return Optional.empty();
    }

    /** The C struct that the program's r1 points to. */
    public String struct() {
        return kind == Kind.INTERVAL ? "vertebra_interval" : name.replace('/', '_');
    }

    /** Default of {@code max_steps}: what decides runs in the calling thread, everything else on a core. */
    public long maxSteps() {
        return kind == Kind.CONTROL ? NativePlatform.INLINE_STEPS : NativePlatform.QUEUED_STEPS;
    }
}
