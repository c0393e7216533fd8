package io.vertebra.connectors.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.connectors.TestMaps;
import io.vertebra.connectors.metrics.TypedEntries.Entry;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TypedEntriesTest {

    @Test
    void shouldTypeKeysAndValues() {
        var map = TestMaps.byHost();
        map.update(TestMaps.key(3, "web"), TestMaps.words(12), BpfMap.ANY);
        assertThat(new TypedEntries(map).entries()).containsExactly(new Entry(Map.of("route", 3L, "host", "web"), 12L));
    }

    @Test
    void shouldSumPerCpuCopiesMemberByMember() {
        var map = TestMaps.histograms(MapType.PERCPU_HASH);
        map.update(TestMaps.key(1), TestMaps.words(1, 2, 3, 4, 50), BpfMap.ANY);
        var other = MemorySegment.ofArray(TestMaps.words(10, 0, 0, 1, 7));
        map.update(MemorySegment.ofArray(TestMaps.key(1)), 0, other, 0, BpfMap.ANY, 1);
        assertThat(new TypedEntries(map).entries())
                .containsExactly(new Entry(1L, Map.of("slots", List.of(11L, 2L, 3L, 5L), "sum", 57L)));
    }

    @Test
    void shouldCountWhatIsBeyondTheLimit() {
        var map = TestMaps.totals(MapType.ARRAY, 8);
        var seen = new ArrayList<Entry>();
        assertThat(new TypedEntries(map).forEach(3, (_, entry) -> seen.add(entry)))
                .isEqualTo(5);
        assertThat(seen).hasSize(3);
    }

    @Test
    void shouldLeaveUntypedBytesAlone() {
        var map = BpfMap.create(MapSpec.of("raw", MapType.HASH, 2, 3, 4), 1);
        map.update(new byte[] {1, 2}, new byte[] {3, 4, 5}, BpfMap.ANY);
        var entry = new TypedEntries(map).entries().getFirst();
        assertThat((byte[]) entry.key()).containsExactly(1, 2);
        assertThat((byte[]) entry.value()).containsExactly(3, 4, 5);
    }
}
