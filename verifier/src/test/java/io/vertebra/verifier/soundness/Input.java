package io.vertebra.verifier.soundness;

import io.vertebra.vm.exec.Addresses;
import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.Instruction.Immediate;
import io.vertebra.vm.program.Program;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What a run gets from outside.
 *
 * @param numbers the context's words but for the payload's pointers
 * @param payload its bytes
 * @param values the bytes of the array's values
 * @param flow the hash map's value of key 0, empty for none
 * @param sample what the host puts into the rings that codelets read, empty for nothing
 * @param full whether there is no room in the ring buffer
 */
record Input(long[] numbers, byte[] payload, byte[] values, byte[] flow, byte[] sample, boolean full) {

    static final int MOST_PAYLOAD = 256;
    private static final int WORDS = 4;
    private static final int SHORT_PAYLOAD = 48;
    private static final int MOST_SAMPLE = 40;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** The constants of a program, to make inputs of. */
    static long[] constants(Program program) {
        var constants = new ArrayList<>(List.of(0L, 1L));
        for (var instruction : program.instructions()) {
            switch (instruction) {
                case Instruction.Alu i when i.src() instanceof Immediate c -> constants.add((long) c.value());
                case Instruction.JumpIf i when i.right() instanceof Immediate c -> constants.add((long) c.value());
                case Instruction.LoadImmediate i -> constants.add(i.value());
                default -> {}
            }
        }
        return constants.stream().mapToLong(Long::longValue).toArray();
    }

    static Input random(SplittableRandom random, long[] constants) {
        long[] numbers = new long[WORDS];
        for (int i = 0; i < WORDS; i++) {
            numbers[i] = number(random, constants);
        }
        byte[] payload = bytes(random, constants, payloadLength(random));
        byte[] values = bytes(random, constants, Subject.ARRAY_BYTES);
        byte[] flow = bytes(random, constants, random.nextInt(4) > 0 ? Subject.HASH_VALUE : 0);
        byte[] sample = bytes(random, constants, random.nextInt(3) > 0 ? random.nextInt(MOST_SAMPLE) : 0);
        return new Input(numbers, payload, values, flow, sample, random.nextInt(12) == 0);
    }

    private static int payloadLength(SplittableRandom random) {
        return switch (random.nextInt(16)) {
            case 0, 1, 2, 3 -> 0;
            case 4 -> random.nextInt(MOST_PAYLOAD + 1);
            default -> random.nextInt(SHORT_PAYLOAD);
        };
    }

    private static byte[] bytes(SplittableRandom random, long[] constants, int length) {
        byte[] bytes = new byte[length];
        for (int at = 0; at < length; at += Long.BYTES) {
            long number = number(random, constants);
            for (int i = 0; i < Long.BYTES && at + i < length; i++) {
                bytes[at + i] = (byte) (number >>> (i * Byte.SIZE));
            }
        }
        return bytes;
    }

    private static long number(SplittableRandom random, long[] constants) {
        return switch (random.nextInt(8)) {
            case 0 -> random.nextInt(70);
            case 1 -> random.nextInt(-70, 1);
            case 2 -> (1L << random.nextInt(64)) + random.nextInt(-1, 2);
            case 3 -> random.nextLong();
            case 4 -> random.nextLong() >>> random.nextInt(64);
            case 5 -> ((long) random.nextInt() << 32) | (constant(random, constants) & 0xffff_ffffL);
            default -> constant(random, constants);
        };
    }

    private static long constant(SplittableRandom random, long[] constants) {
        return constants[random.nextInt(constants.length)] + random.nextInt(-1, 2);
    }

    /** Writes the context. */
    void writeContext(Setting setting, MemorySegment context) {
        int at = setting.isNative() ? 0 : 2 * Long.BYTES;
        for (int i = 0; i < numbers.length; i++) {
            context.set(LONG, (long) at + (long) i * Long.BYTES, numbers[i]);
        }
        context.set(LONG, setting.data(), Addresses.PAYLOAD);
        context.set(LONG, setting.dataEnd(), Addresses.PAYLOAD + payload.length);
    }

    /** With one word of the context, or the payload, or the values, made 0. */
    List<Input> simpler() {
        var result = new ArrayList<Input>();
        for (int i = 0; i < numbers.length; i++) {
            if (numbers[i] != 0) {
                var fewer = numbers.clone();
                fewer[i] = 0;
                result.add(new Input(fewer, payload, values, flow, sample, full));
            }
        }
        if (payload.length > 0) {
            result.add(new Input(numbers, new byte[0], values, flow, sample, full));
            result.add(new Input(numbers, new byte[payload.length / 2], values, flow, sample, full));
        }
        result.add(new Input(numbers, payload, new byte[values.length], flow, sample, full));
        result.add(new Input(numbers, payload, values, new byte[0], sample, full));
        result.add(new Input(numbers, payload, values, flow, new byte[0], full));
        result.add(new Input(numbers, payload, values, flow, sample, false));
        return result;
    }

    @Override
    public String toString() {
        var hex = HexFormat.of();
        var text = new StringBuilder("context:");
        for (long number : numbers) {
            text.append(" 0x").append(Long.toHexString(number));
        }
        return text.append("\npayload: ")
                .append(hex.formatHex(payload))
                .append("\nvalues:  ")
                .append(hex.formatHex(values))
                .append("\nflow:    ")
                .append(hex.formatHex(flow))
                .append("\nsample:  ")
                .append(hex.formatHex(sample))
                .append(full ? "\nthe ring is full" : "")
                .toString();
    }
}
