package io.vertebra.vm.object;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.vertebra.vm.btf.BtfValues;
import io.vertebra.vm.core.CoreTarget;
import io.vertebra.vm.core.CoreText;
import io.vertebra.vm.format.ObjectFormatException;
import io.vertebra.vm.isa.InstructionCodec;
import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.Program;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Damaged objects are errors of one type or valid values, and reading them costs memory in proportion to their size. */
class ObjectFileFuzzTest {

    private static final int MUTANTS = 3_000;

    /** Far above what the undamaged objects take, far below what an unchecked 32-bit count would. */
    private static final long MAX_ALLOCATION = 16L << 20;

    private static final byte[] INTERESTING = {0, 1, 2, 3, 4, 7, 8, 10, 0x18, 0x7f, (byte) 0x80, (byte) 0xff};

    private static final CoreTarget OTHER =
            CoreTarget.of("other", TestObjects.read("core").btf());

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @SuppressWarnings("unused") // named by @FieldSource
    private static final Iterable<String> OBJECTS = TestObjects.ALL;

    @ParameterizedTest
    @FieldSource("OBJECTS")
    void shouldSurviveMutations(String name) {
        long seed = System.nanoTime();
        var random = new Random(seed);
        var good = TestObjects.bytes(name);
        int accepted = 0;
        for (int i = 0; i < MUTANTS; i++) {
            if (read(mutant(good, random), "object %s, seed %d, mutant %d".formatted(name, seed, i))) {
                accepted++;
            }
        }
        assertThat(accepted).as("object %s, seed %d", name, seed).isBetween(1, MUTANTS - 1);
    }

    /** Nearly all of a file is something else, so the records are also damaged alone. */
    @Test
    void shouldSurviveMutationsOfCoreRelocations() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        var good = TestObjects.bytes("core");
        int header = indexOf(good, new byte[] {(byte) 0x9f, (byte) 0xeb, 1, 0, 32, 0, 0, 0});
        var fields = ByteBuffer.wrap(good).order(ByteOrder.LITTLE_ENDIAN);
        int start = header + 32 + fields.getInt(header + 24);
        int length = fields.getInt(header + 28);
        int accepted = 0;
        for (int i = 0; i < MUTANTS / 3; i++) {
            var bytes = good.clone();
            var part = mutant(Arrays.copyOfRange(good, start, start + length), random);
            System.arraycopy(part, 0, bytes, start, length);
            if (read(bytes, "seed %d, mutant %d".formatted(seed, i))) {
                accepted++;
            }
        }
        assertThat(accepted).as("seed %d", seed).isBetween(1, MUTANTS / 3);
    }

    private static int indexOf(byte[] bytes, byte[] part) {
        for (int at = 0; at < bytes.length - part.length; at++) {
            if (Arrays.equals(bytes, at, at + part.length, part, 0, part.length)) {
                return at;
            }
        }
        throw new AssertionError("no .BTF.ext with CO-RE relocations");
    }

    @Test
    void shouldSurviveTruncation() {
        for (var name : TestObjects.ALL) {
            var good = TestObjects.bytes(name);
            for (int length = 0; length < good.length; length += 7) {
                read(Arrays.copyOf(good, length), "object %s cut to %d bytes".formatted(name, length));
            }
        }
    }

    private boolean read(byte[] bytes, String what) {
        long before = threads.getCurrentThreadAllocatedBytes();
        boolean accepted = false;
        try {
            use(ObjectFile.read(bytes, "mutant"));
            accepted = true;
        } catch (ObjectFormatException e) {
            assertThat(e).as(what).hasMessageStartingWith("mutant: ");
        } catch (RuntimeException | StackOverflowError e) {
            throw new AssertionError(what, e);
        }
        assertThat(threads.getCurrentThreadAllocatedBytes() - before)
                .as("bytes allocated for %s", what)
                .isLessThan(MAX_ALLOCATION);
        return accepted;
    }

    /** What is accepted must also be usable. */
    private static void use(ObjectFile object) {
        var targets = List.of(CoreTarget.itself(object.btf()), CoreTarget.of("other", object.btf()), OTHER);
        for (var program : object.programs()) {
            targets.forEach(target -> relocate(object, program, target));
            InstructionCodec.encode(program.instructions());
            for (int slot = 0; slot < program.instructions().size(); slot++) {
                program.sourceOf(slot);
            }
        }
        for (var variable : object.variables()) {
            if (variable.size() < 4096 && variable.type() != 0) {
                try {
                    object.variable(variable.name());
                } catch (IllegalArgumentException _) {
                    // a type without values
                }
            }
        }
        object.maps().stream().filter(m -> m.valueType() != 0).forEach(ObjectFileFuzzTest::readValue);
    }

    /** Records that do not fit their types show only here; an object may be relocated to itself and to any other. */
    private static void relocate(ObjectFile object, Program program, CoreTarget target) {
        try {
            InstructionCodec.encode(object.relocated(program, target).instructions());
        } catch (ObjectFormatException e) {
            assertThat(e).hasMessageStartingWith("program `" + program.name() + "`: insn ");
        }
        var records = object.coreRelocations().getOrDefault(program.name(), new TreeMap<>());
        records.values().forEach(relocation -> CoreText.of(object.btf(), relocation));
    }

    private static void readValue(MapSpec map) {
        long size = map.btf().sizeOf(map.valueType());
        if (size > 0 && size < 4096 && !map.name().startsWith(".")) {
            BtfValues.read(map.btf(), map.valueType(), MemorySegment.ofArray(new byte[(int) size]), 0);
        }
    }

    private static byte[] mutant(byte[] good, Random random) {
        var bytes = good.clone();
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes; i++) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = INTERESTING[random.nextInt(INTERESTING.length)];
                case 2 -> Arrays.fill(bytes, at & ~3, Math.min((at & ~3) + 4, bytes.length), (byte) -random.nextInt(2));
                default -> bytes[at] = (byte) random.nextInt();
            }
        }
        return bytes;
    }
}
