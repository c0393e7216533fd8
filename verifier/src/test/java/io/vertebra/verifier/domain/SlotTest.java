package io.vertebra.verifier.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.verifier.domain.Value.Number;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A slot describes the bytes that the same stores left in memory, and every part of it. */
class SlotTest {

    private static final int ROUNDS = 6_000;
    private static final int STORES = 5;

    private final long seed = Long.getLong("vertebra.seed", System.nanoTime());
    private final Random random = new Random(seed);

    /** Eight bytes as they may be, several times over. */
    private static final class Memory {
        private long content;
        private int set;

        void store(int offset, int size, long number) {
            long bits = size == Slot.SIZE ? -1 : ((1L << (size * Byte.SIZE)) - 1) << (offset * Byte.SIZE);
            content = (content & ~bits) | ((number << (offset * Byte.SIZE)) & bits);
            set |= ((1 << size) - 1) << offset;
        }

        long load(int offset, int size) {
            long value = content >>> (offset * Byte.SIZE);
            return size == Slot.SIZE ? value : value & ((1L << (size * Byte.SIZE)) - 1);
        }
    }

    @Test
    void shouldDescribeEveryPartOfWhatWasStored() {
        for (int round = 0; round < ROUNDS; round++) {
            var slot = Slot.UNSET;
            var memories = List.of(new Memory(), new Memory(), new Memory());
            var stores = new ArrayList<String>();
            for (int i = 0; i < STORES; i++) {
                slot = random.nextInt(8) == 0 ? perhaps(slot, memories, stores) : stored(slot, memories, stores);
                check(slot, memories, stores);
            }
        }
    }

    private int part(int size) {
        return random.nextInt(Slot.SIZE / size) * size;
    }

    private Slot stored(Slot slot, List<Memory> memories, List<String> stores) {
        int size = 1 << random.nextInt(4);
        int offset = part(size);
        var numbers = Sample.numbers(random, 64);
        for (int i = 0; i < memories.size(); i++) {
            memories.get(i).store(offset, size, numbers.get(i % numbers.size()));
        }
        stores.add(size + " bytes at " + offset + " of " + numbers);
        return slot.write(offset, size, new Number(Sample.scalar(64, numbers), 0));
    }

    private Slot perhaps(Slot slot, List<Memory> memories, List<String> stores) {
        int size = 1 << random.nextInt(4);
        int offset = part(size);
        int set = memories.getFirst().set;
        memories.get(random.nextInt(memories.size())).store(offset, size, random.nextLong());
        memories.forEach(m -> m.set = set);
        stores.add("perhaps " + size + " bytes at " + offset);
        return slot.perhapsOverwritten();
    }

    private void check(Slot slot, List<Memory> memories, List<String> stores) {
        for (int size = 1; size <= Slot.SIZE; size *= 2) {
            for (int offset = 0; offset < Slot.SIZE; offset += size) {
                int bytes = ((1 << size) - 1) << offset;
                if (!slot.isData(offset, size)) {
                    continue;
                }
                var scalar = slot.read(offset, size).scalar();
                for (var memory : memories) {
                    long content = memory.load(offset, size);
                    assertThat((memory.set & bytes) == bytes && scalar.contains(content))
                            .as(
                                    "seed %d, %s: %d bytes at %d are %d, not in %s",
                                    seed, stores, size, offset, content, scalar)
                            .isTrue();
                }
            }
        }
    }
}
