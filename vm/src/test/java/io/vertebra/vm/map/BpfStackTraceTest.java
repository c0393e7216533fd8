package io.vertebra.vm.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import java.util.HashMap;
import org.junit.jupiter.api.Test;

class BpfStackTraceTest {

    private final BpfStackTrace stacks = create(1000, 4);

    private static BpfStackTrace create(int entries, int depth) {
        return (BpfStackTrace) BpfMap.create(MapSpec.of("s", MapType.STACK_TRACE, 4, 8 * depth, entries), 1);
    }

    @Test
    void shouldStoreEachStackOnce() {
        long id = stacks.put(new long[] {1, 2, 3}, 0);
        assertThat(id).isBetween(0L, 1023L);
        assertThat(stacks.put(new long[] {1, 2, 3}, 0)).isEqualTo(id);
        assertThat(stacks.put(new long[] {1, 2, 4}, 0)).isNotEqualTo(id);
        assertThat(stacks.size()).isEqualTo(2);
        assertThat(stacks.frames(id)).contains(new long[] {1, 2, 3});
    }

    @Test
    void shouldCutAndSkipFrames() {
        long id = stacks.put(new long[] {9, 1, 2, 3, 4, 5}, 1);
        assertThat(stacks.frames(id)).contains(new long[] {1, 2, 3, 4});
        assertThat(stacks.put(new long[] {1, 2, 3, 4}, BpfStackTrace.USER_STACK))
                .isEqualTo(id);
        assertThat(stacks.put(new long[] {1, 2}, 2)).isEqualTo(Errno.EFAULT);
        assertThat(stacks.put(new long[0], 0)).isEqualTo(Errno.EFAULT);
    }

    @Test
    void shouldReplaceOnlyWhenAllowed() {
        var one = create(1, 4);
        assertThat(one.put(new long[] {1}, 0)).isZero();
        assertThat(one.put(new long[] {2}, 0)).isEqualTo(Errno.EEXIST);
        assertThat(one.frames(0)).contains(new long[] {1});
        assertThat(one.put(new long[] {2}, BpfStackTrace.REUSE_STACKID)).isZero();
        assertThat(one.frames(0)).contains(new long[] {2});
    }

    @Test
    void shouldNeverGiveAnotherStack() {
        var small = create(8, 4);
        var known = new HashMap<Long, long[]>();
        for (int i = 1; i < 1000; i++) {
            var frames = new long[] {i, 2L * i};
            long id = small.put(frames, 0);
            if (id >= 0) {
                assertThat(known.put(id, frames)).isNull();
            } else {
                assertThat(id).isEqualTo(Errno.EEXIST);
            }
        }
        assertThat(known).hasSize(8);
        known.forEach((id, frames) -> assertThat(small.frames(id)).contains(frames));
    }

    @Test
    void shouldShowAndRemoveStacks() {
        long id = stacks.put(new long[] {1, 2}, 0);
        var key = BpfMapContractTest.key((int) id);
        assertThat(stacks.get(key)).hasValueSatisfying(value -> {
            assertThat(value).hasSize(32);
            assertThat(value[0]).isEqualTo((byte) 1);
            assertThat(value[8]).isEqualTo((byte) 2);
        });
        stacks.forEach((k, values) -> {
            assertThat(k).isEqualTo(key);
            assertThat(values).hasSize(1);
        });
        assertThat(stacks.update(key, new byte[32], BpfMap.ANY)).isEqualTo(Errno.EINVAL);
        assertThat(stacks.delete(key)).isZero();
        assertThat(stacks.delete(key)).isEqualTo(Errno.ENOENT);
        assertThat(stacks.frames(id)).isEmpty();
        assertThat(stacks.frames(-1)).isEmpty();
        assertThat(stacks.frames(1L << 32)).isEmpty();
    }

    @Test
    void shouldRefuseUnknownFlags() {
        assertThat(stacks.put(new long[] {1}, 1 << 11)).isEqualTo(Errno.EINVAL);
    }

    @Test
    void shouldNameWrongSizes() {
        assertThatThrownBy(() -> BpfMap.create(MapSpec.of("s", MapType.STACK_TRACE, 4, 12, 1), 1))
                .hasMessage("map `s`: value_size=12, allowed a multiple of 8 in [8, 1016], 8 per frame");
    }
}
