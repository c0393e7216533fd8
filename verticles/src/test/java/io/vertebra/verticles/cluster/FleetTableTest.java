package io.vertebra.verticles.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertebra.runtime.codelet.SetSource;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FleetTableTest {

    private final FleetTable one = new FleetTable(1_000);
    private final FleetTable two = new FleetTable(1_000);

    private static SetSource source(String content) {
        return new SetSource(
                "codeletset: x", Map.of("x.o", content.getBytes(StandardCharsets.UTF_8)), Optional.empty());
    }

    @Test
    void shouldTakeTheNewestGenerationOfBothSides() {
        two.merge(List.of(one.loaded("x", "d1", source("1"), "one")));
        one.loaded("x", "d2", source("2"), "one");
        two.loaded("x", "d3", source("3"), "two");
        two.loaded("x", "d4", source("4"), "two");
        one.loaded("y", "d5", source("5"), "one");

        one.merge(two.entries());
        two.merge(one.entries());

        assertThat(one.digest()).isEqualTo(two.digest());
        assertThat(one.entry("x").orElseThrow().digest()).isEqualTo("d4");
        assertThat(two.entry("y").orElseThrow().digest()).isEqualTo("d5");
    }

    @Test
    void shouldTakeTheSignatureAlong() {
        byte[] signature = {1, 2, 3};
        var source = new SetSource("codeletset: x", Map.of("x.o", new byte[] {4}), Optional.of(signature));
        var entry = one.loaded("x", "d", source, "one");
        two.merge(List.of(entry));
        two.missing(entry).forEach(part -> two.put(part, one.file(part.sha256()).orElseThrow()));
        assertThat(two.content(entry).orElseThrow())
                .containsOnlyKeys("descriptor.yaml", "descriptor.yaml.sig", "x.o")
                .containsEntry("descriptor.yaml.sig", signature);
    }

    @Test
    void shouldAgreeWhateverComesFirst() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            var table = random.nextBoolean() ? one : two;
            var set = "s" + random.nextInt(5);
            entries.add(
                    random.nextInt(4) == 0
                            ? table.unloaded(set, "m" + random.nextInt(3))
                            : table.loaded(set, "d" + i, source("" + i % 7), "m" + random.nextInt(3)));
        }
        var digests = new ArrayList<String>();
        for (int i = 0; i < 5; i++) {
            Collections.shuffle(entries, random);
            var table = new FleetTable(1_000);
            entries.forEach(entry -> table.merge(List.of(entry)));
            digests.add(table.digest());
        }
        assertThat(digests).as("seed " + seed).allMatch(digests.getFirst()::equals);
    }

    @Test
    void shouldFetchWhatIsMissingAndNothingElse() {
        var entry = one.loaded("x", "d", source("content"), "one");
        two.merge(List.of(Entry.of(new JsonObject(entry.json().encode()))));
        assertThat(two.content(entry)).isEmpty();
        for (var part : two.missing(entry)) {
            assertThatThrownBy(() -> two.put(part, new byte[part.bytes()]))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("file `" + part.name() + "`: not the content that was announced");
            two.put(part, one.file(part.sha256()).orElseThrow());
        }
        assertThat(two.missing(entry)).isEmpty();
        assertThat(two.content(entry).orElseThrow()).containsOnlyKeys("descriptor.yaml", "x.o");

        var object = entry.files().getLast().sha256();
        two.merge(List.of(one.unloaded("x", "one")));
        assertThat(two.file(object)).isEmpty();
    }

    @Test
    void shouldBeBounded() {
        one.loaded("x", "d", source("x".repeat(900)), "one");
        assertThat(one.refusal("x", 950)).isEmpty();
        assertThat(one.refusal("y", 100))
                .hasValueSatisfying(reason -> assertThat(reason)
                        .contains("the fleet's sets take 1013 bytes, allowed by cluster.max_bytes is 1000"));
        var large = new FleetTable(10_000).loaded("z", "d", source("x".repeat(900)), "two");
        one.merge(List.of(large));
        assertThat(one.fits(large)).isFalse();
        assertThat(one.missing(large)).isEmpty();

        for (int i = 0; i < 3 * FleetTable.MOST_SETS; i++) {
            one.unloaded("gone" + i, "one");
        }
        assertThat(one.entries()).hasSize(FleetTable.MOST_SETS + 2);
    }
}
