package io.vertebra.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How large the runtime is and how it wakes its cores. Immutable.
 *
 * @param cores core dispatchers, each with an event ring of its own, 1 to 1,024
 * @param ringBytes bytes of each event ring, a power of two from 4 KiB to 1 GiB
 * @param inlineSlots inline runs that may be under way at the same time, 1 to 4,096
 * @param payloadMax bytes of a payload that a queued event keeps, 0 to an eighth of {@code ringBytes}
 * @param wake what a hook does when it finds its core asleep, unless the codelet set says it
 */
public record RuntimeSettings(int cores, int ringBytes, int inlineSlots, int payloadMax, Wake wake) {

    /** How an idle core learns of an event (architecture decision 15). */
    public enum Wake {
        /** The publishing thread wakes it: about 30 us of latency, and that thread pays about 7 us. */
        IMMEDIATE,
        /** The core looks by itself, every 2 to 128 milliseconds: the publishing thread never pays. */
        TIMER
    }

    /** The policies as files name them. */
    static final Map<String, Wake> WAKES = Map.of("immediate", Wake.IMMEDIATE, "timer", Wake.TIMER);

    private static final int MIN_RING = 4 << 10;
    private static final int MAX_RING = 1 << 30;
    private static final int DEFAULT_RING = 1 << 20;
    private static final int DEFAULT_PAYLOAD = 2048;

    /**
     * Checks every value.
     *
     * @throws ConfigException naming all values that are out of range
     */
    public RuntimeSettings {
        List<String> problems = new ArrayList<>();
        range(problems, "cores", cores, 1, 1024);
        range(problems, "ring_bytes", ringBytes, MIN_RING, MAX_RING);
        if (Integer.bitCount(ringBytes) != 1) {
            problems.add("ring_bytes: " + ringBytes + ", allowed is a power of two");
        }
        range(problems, "inline_slots", inlineSlots, 1, 4096);
        range(problems, "payload_max", payloadMax, 0, Math.max(0, ringBytes / 8));
        if (wake == null) {
            problems.add("wake: missing, allowed are `immediate` and `timer`");
        }
        if (!problems.isEmpty()) {
            throw new ConfigException("runtime settings", problems);
        }
    }

    /** One core for each processor, rings of 1 MiB, {@code max(16, 4 x cores)} inline slots, 2,048 payload bytes. */
    public static RuntimeSettings defaults() {
        return ofCores(Runtime.getRuntime().availableProcessors());
    }

    /** The defaults for a number of cores. */
    public static RuntimeSettings ofCores(int cores) {
        return new RuntimeSettings(cores, DEFAULT_RING, Math.max(16, 4 * cores), DEFAULT_PAYLOAD, Wake.IMMEDIATE);
    }

    /** These settings with other rings; {@code payloadMax} is lowered when the new rings need it. */
    public RuntimeSettings withRingBytes(int bytes) {
        return new RuntimeSettings(cores, bytes, inlineSlots, Math.min(payloadMax, Math.max(0, bytes / 8)), wake);
    }

    /** These settings with another number of inline slots. */
    public RuntimeSettings withInlineSlots(int slots) {
        return new RuntimeSettings(cores, ringBytes, slots, payloadMax, wake);
    }

    /** These settings with another payload limit. */
    public RuntimeSettings withPayloadMax(int bytes) {
        return new RuntimeSettings(cores, ringBytes, inlineSlots, bytes, wake);
    }

    /** These settings with another way to wake cores. */
    public RuntimeSettings withWake(Wake policy) {
        return new RuntimeSettings(cores, ringBytes, inlineSlots, payloadMax, policy);
    }

    private static void range(List<String> problems, String name, int value, int min, int max) {
        if (value < min || value > max) {
            problems.add(name + ": " + value + ", allowed is " + min + " to " + max);
        }
    }
}
