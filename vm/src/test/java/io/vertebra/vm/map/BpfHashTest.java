package io.vertebra.vm.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class BpfHashTest extends BpfMapContractTest {

    @Override
    MapSpec spec(int maxEntries) {
        return MapSpec.of("m", MapType.HASH, 4, VALUE_SIZE, maxEntries);
    }

    @Test
    void shouldRefuseToReplaceWhatIsMissing() {
        assertThat(map.update(key(3), value(33), BpfMap.EXIST)).isEqualTo(Errno.ENOENT);
        assertThat(map.getPerSlot(key(3))).isEmpty();
    }

    @Test
    void shouldForgetWhatWasDeleted() {
        map.update(key(3), value(33), BpfMap.ANY);
        assertThat(map.delete(key(3))).isZero();
        assertThat(map.delete(key(3))).isEqualTo(Errno.ENOENT);
        assertThat(map.getPerSlot(key(3))).isEmpty();
        assertThat(map.size()).isZero();
    }

    @Test
    void shouldStayUsableWhenFull() {
        for (int i = 0; i < CAPACITY; i++) {
            assertThat(map.update(key(i), value(i), BpfMap.ANY)).isZero();
        }
        for (int i = 0; i < 3000; i++) {
            assertThat(map.update(key(1000 + i), value(i), BpfMap.ANY)).isEqualTo(Errno.E2BIG);
            assertThat(map.update(key(i % CAPACITY), value(i), BpfMap.ANY)).isZero();
        }
        assertThat(map.size()).isEqualTo(CAPACITY);
    }

    @Test
    void shouldUpdateOneKeyAsOftenAsOneLikes() {
        var one = create(1);
        for (long i = 0; i < 1_000_000; i++) {
            if (one.update(key(7), value(i), BpfMap.ANY) != 0) {
                throw new AssertionError("update " + i);
            }
        }
        assertThat(one.getPerSlot(key(7)).getFirst()).isEqualTo(value(999_999));
    }

    @Test
    void shouldLoseNothingWhenEveryThirdKeyGoes() {
        var big = create(64);
        for (int i = 0; i < 64; i++) {
            big.update(key(i), value(i), BpfMap.ANY);
        }
        for (int i = 0; i < 64; i += 3) {
            assertThat(big.delete(key(i))).isZero();
        }
        for (int i = 0; i < 64; i++) {
            assertThat(big.getPerSlot(key(i)).isEmpty()).isEqualTo(i % 3 == 0);
        }
    }

    @Test
    void shouldDeleteAndInsertForeverWhenFull() {
        for (int i = 0; i < CAPACITY; i++) {
            map.update(key(i), value(i), BpfMap.ANY);
        }
        for (int i = CAPACITY; i < 100_000; i++) {
            assertThat(map.delete(key(i - CAPACITY))).isZero();
            assertThat(map.update(key(i), value(i), BpfMap.NOEXIST)).isZero();
        }
        assertThat(map.size()).isEqualTo(CAPACITY);
    }

    @Test
    void shouldKeepValueMemoryUntilRunsEnd() {
        map.update(key(1), value(11), BpfMap.ANY);
        var run = Epoch.register();
        run.enter();
        long held = map.lookup(MemorySegment.ofArray(key(1)), 0, 0);
        map.delete(key(1));
        for (int i = 2; i < 40; i++) {
            map.update(key(i), value(i), BpfMap.ANY);
            map.delete(key(i));
        }
        assertThat(Words.read(map.values(), held, VALUE_SIZE)).isEqualTo(value(11));
        run.leave();
        for (int i = 100; i < 10_000; i++) {
            assertThat(map.update(key(i), value(i), BpfMap.ANY)).isZero();
            map.delete(key(i));
        }
        assertThat(Words.read(map.values(), held, VALUE_SIZE)).isNotEqualTo(value(11));
    }

    @Test
    void shouldNeedNoSparesForKeysThatComeBack() {
        var run = Epoch.register();
        run.enter();
        for (int i = 0; i < 100_000; i++) {
            int key = i % CAPACITY;
            assertThat(map.update(key(key), value(i), BpfMap.NOEXIST)).isZero();
            long held = map.lookup(MemorySegment.ofArray(key(key)), 0, 0);
            assertThat(number(Words.read(map.values(), held, VALUE_SIZE))).isEqualTo(i);
            assertThat(map.delete(key(key))).isZero();
        }
        run.leave();
    }

    @Test
    void shouldSayWhenAllSparesAreHeld() {
        var run = Epoch.register();
        run.enter();
        long result = 0;
        int inserted = 0;
        while (result == 0) {
            result = map.update(key(inserted), value(1), BpfMap.ANY);
            map.delete(key(inserted));
            inserted += result == 0 ? 1 : 0;
        }
        assertThat(result).isEqualTo(Errno.ENOMEM);
        assertThat(inserted).isGreaterThanOrEqualTo(CAPACITY + 64);
        assertThat(map.update(key(1), value(1), BpfMap.ANY))
                .as("a key that was there comes back")
                .isZero();
        assertThat(map.delete(key(1))).isZero();
        run.leave();
        assertThat(map.update(key(-1), value(1), BpfMap.ANY)).isZero();
    }

    @Test
    void shouldCompareAllBytesOfOddKeys() {
        var odd = BpfMap.create(MapSpec.of("m", MapType.HASH, 13, 1, 100), 1);
        for (int i = 0; i < 13; i++) {
            var key = new byte[13];
            key[i] = 1;
            assertThat(odd.update(key, new byte[] {(byte) i}, BpfMap.NOEXIST)).isZero();
        }
        var last = new byte[13];
        last[12] = 1;
        assertThat(odd.get(last)).contains(new byte[] {12});
        assertThat(odd.get(new byte[13])).isEmpty();
    }

    @Test
    void shouldLoseNothingWithManyThreads() throws Exception {
        int threads = 4;
        int own = 50;
        long seed = ThreadLocalRandom.current().nextLong();
        var shared = create(threads * own);
        try (var pool = Executors.newFixedThreadPool(threads)) {
            var users = new ArrayList<Future<?>>();
            for (int t = 0; t < threads; t++) {
                int thread = t;
                users.add(pool.submit(() -> useOwnKeys(shared, thread, own, new Random(seed ^ thread))));
            }
            for (var user : users) {
                assertThatCode(user::get).as("seed " + seed).doesNotThrowAnyException();
            }
        }
        assertThat(shared.size()).isEqualTo((long) threads * own);
        for (int key = 0; key < threads * own; key++) {
            assertThat(shared.getPerSlot(key(key)))
                    .as("seed " + seed + ", key " + key)
                    .hasSize(1);
        }
    }

    /** Deletes, inserts, updates and looks up keys that no other thread touches; at the end all are there. */
    private static void useOwnKeys(BpfMap map, int thread, int count, Random random) {
        var run = Epoch.register();
        var values = new Long[count];
        for (int step = 0; step < 60_000; step++) {
            int key = random.nextInt(count);
            int number = thread * count + key;
            run.enter();
            var memory = MemorySegment.ofArray(key(number));
            long offset = map.lookup(memory, 0, 0);
            if ((offset >= 0) != (values[key] != null)) {
                throw new AssertionError("key " + number + " at step " + step);
            }
            if (offset >= 0 && number(Words.read(map.values(), offset, VALUE_SIZE)) != values[key]) {
                throw new AssertionError("value of key " + number + " at step " + step);
            }
            long result;
            if (offset >= 0 && random.nextBoolean()) {
                result = map.delete(memory, 0);
                values[key] = null;
            } else {
                long value = random.nextLong();
                result = map.update(memory, 0, MemorySegment.ofArray(value(value)), 0, BpfMap.ANY, 0);
                values[key] = value;
            }
            run.leave();
            if (result != 0) {
                throw new AssertionError("result " + result + " for key " + number + " at step " + step);
            }
        }
        for (int key = 0; key < count; key++) {
            int number = thread * count + key;
            map.update(key(number), value(key), BpfMap.ANY);
        }
    }

    @Test
    void shouldVisitSafelyWhileOthersWrite() throws Exception {
        var stop = new AtomicBoolean();
        var shared = create(64);
        for (int i = 0; i < 32; i++) {
            shared.update(key(i), value(i), BpfMap.ANY);
        }
        var writer = new Thread(() -> {
            var random = new Random(1);
            while (!stop.get()) {
                int key = 32 + random.nextInt(32);
                shared.update(key(key), value(key), BpfMap.ANY);
                shared.delete(key(key));
            }
        });
        writer.start();
        try {
            for (int round = 0; round < 500; round++) {
                var seen = new boolean[64];
                shared.forEach((key, values) -> {
                    int number = java.nio.ByteBuffer.wrap(key)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .getInt();
                    assertThat(number(values.getFirst())).isEqualTo(number);
                    seen[number] = true;
                });
                for (int i = 0; i < 32; i++) {
                    assertThat(seen[i]).isTrue();
                }
            }
        } finally {
            stop.set(true);
            writer.join();
        }
    }

    @Test
    void shouldNameTooLongKeys() {
        assertThatThrownBy(() -> BpfMap.create(MapSpec.of("m", MapType.HASH, 513, 1, 1), 1))
                .hasMessage("map `m`: key_size=513, allowed [1, 512]");
    }
}
