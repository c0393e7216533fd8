package io.vertebra.vm.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BpfQueueTest {

    private static final byte[] NO_KEY = {};

    private static BpfQueue create(MapType type, int capacity) {
        return (BpfQueue) BpfMap.create(MapSpec.of("q", type, 0, 1, capacity), 1);
    }

    private static byte[] value(int number) {
        return new byte[] {(byte) number};
    }

    @Test
    void shouldGiveOldestFirstFromQueue() {
        var queue = create(MapType.QUEUE, 3);
        queue.update(NO_KEY, value(1), BpfMap.ANY);
        queue.update(NO_KEY, value(2), BpfMap.ANY);
        assertThat(queue.get(NO_KEY)).contains(value(1));
        assertThat(queue.pop()).contains(value(1));
        assertThat(queue.pop()).contains(value(2));
        assertThat(queue.pop()).isEmpty();
    }

    @Test
    void shouldGiveNewestFirstFromStack() {
        var stack = create(MapType.STACK, 3);
        stack.update(NO_KEY, value(1), BpfMap.ANY);
        stack.update(NO_KEY, value(2), BpfMap.ANY);
        assertThat(stack.get(NO_KEY)).contains(value(2));
        assertThat(stack.pop()).contains(value(2));
        assertThat(stack.pop()).contains(value(1));
    }

    @ParameterizedTest
    @EnumSource(names = {"QUEUE", "STACK"})
    void shouldBehaveLikeModel(MapType type) {
        long seed = ThreadLocalRandom.current().nextLong();
        var random = new Random(seed);
        var model = new ArrayDeque<Integer>();
        var queue = create(type, 5);
        for (int step = 0; step < 20_000; step++) {
            int number = random.nextInt(100);
            boolean force = random.nextBoolean();
            if (random.nextInt(5) < 3) {
                boolean fits = model.size() < 5 || force;
                if (model.size() == 5 && force) {
                    model.removeFirst();
                }
                assertThat(queue.update(NO_KEY, value(number), force ? BpfMap.EXIST : BpfMap.ANY))
                        .as("seed " + seed)
                        .isEqualTo(fits ? 0 : Errno.E2BIG);
                if (fits) {
                    model.addLast(number);
                }
            } else {
                var expected = type == MapType.QUEUE ? model.pollFirst() : model.pollLast();
                assertThat(queue.pop().map(v -> (int) v[0]).orElse(null))
                        .as("seed " + seed)
                        .isEqualTo(expected);
            }
            assertThat(queue.size()).isEqualTo(model.size());
        }
    }

    @Test
    void shouldShowWithoutTaking() {
        var stack = create(MapType.STACK, 3);
        for (int i = 1; i < 4; i++) {
            stack.update(NO_KEY, value(i), BpfMap.ANY);
        }
        var seen = new ArrayList<Integer>();
        stack.forEach((key, values) -> seen.add((int) values.getFirst()[0]));
        assertThat(seen).containsExactly(3, 2, 1);
        assertThat(stack.size()).isEqualTo(3);
    }

    @Test
    void shouldLoseNothingBetweenThreads() throws Exception {
        var queue = create(MapType.QUEUE, 64);
        var pushed = new AtomicLong();
        var popped = new AtomicLong();
        try (var pool = Executors.newFixedThreadPool(4)) {
            for (int t = 0; t < 2; t++) {
                pool.execute(() -> {
                    for (int i = 0; i < 50_000; i++) {
                        if (queue.update(NO_KEY, value(i % 100), BpfMap.ANY) == 0) {
                            pushed.addAndGet(i % 100);
                        }
                    }
                });
                pool.execute(() -> {
                    for (int i = 0; i < 50_000; i++) {
                        queue.pop().ifPresent(v -> popped.addAndGet(v[0]));
                    }
                });
            }
        }
        for (var left = queue.pop(); left.isPresent(); left = queue.pop()) {
            popped.addAndGet(left.get()[0]);
        }
        assertThat(popped.get()).isEqualTo(pushed.get());
    }

    @Test
    void shouldNameKeys() {
        assertThatThrownBy(() -> BpfMap.create(MapSpec.of("q", MapType.QUEUE, 4, 1, 1), 1))
                .hasMessage("map `q`: key_size=4, allowed 0, because a QUEUE has no keys");
    }
}
