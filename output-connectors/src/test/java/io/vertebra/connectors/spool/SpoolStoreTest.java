package io.vertebra.connectors.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertebra.connectors.ChildJvm;
import io.vertebra.connectors.spi.ConnectorException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolStoreTest {

    @TempDir
    Path folder;

    private Path file() {
        return folder.resolve("test.mv");
    }

    @Test
    void shouldKeepEntriesOfEachStreamInOrder() throws Exception {
        try (var store = SpoolStore.open(file())) {
            store.begin(7);
            store.write(List.of(append("a", 0, 10), append("b", 0, 20), append("a", 1, 30)), false);
            store.write(List.of(remove("a", 0, 10), append("a", 2, 40)), true);
        }
        try (var store = SpoolStore.open(file())) {
            assertThat(store.run()).isEqualTo(7);
            assertThat(store.streams()).containsExactly("a", "b");
            assertThat(store.totals("a")).isEqualTo(new Totals(3, 2, 70, 3));
            assertThat(store.totals("b")).isEqualTo(new Totals(1, 1, 20, 1));
            assertThat(numbers(store, "a")).containsExactly(1L, 2L);
            assertThat(store.read("a", 2)).isEqualTo(bytes(2, 40));
            store.begin(8);
            assertThat(store.totals("a")).isEqualTo(new Totals(0, 2, 70, 3));
        }
    }

    /** Wherever the last write was cut off: all that was written before is there, and all of it or nothing of itself. */
    @Test
    void shouldLoseNothingThatWasWrittenWhereverTheFileIsCut() throws Exception {
        try (var store = SpoolStore.open(file())) {
            store.begin(1);
            for (int i = 0; i < 12; i++) {
                store.write(List.of(append("s", i, 60)), false);
            }
            store.write(List.of(remove("s", 0, 60)), false);
            var before = Files.readAllBytes(file());
            store.write(List.of(append("s", 12, 60)), false);
            var after = Files.readAllBytes(file());
            int whole = 0;
            int torn = 0;
            for (int cut = 0; cut <= Math.max(before.length, after.length); cut++) {
                if (cut == 0 || differ(before, after, cut - 1)) { // else it is the same file again
                    whole += entriesOf(torn(before, after, cut)) == 12 ? 1 : 0;
                    torn++;
                }
            }
            assertThat(whole).isBetween(1, torn - 1);
        }
    }

    private static boolean differ(byte[] before, byte[] after, int at) {
        return at >= before.length || at >= after.length || before[at] != after[at];
    }

    /** As the disk may have it when the power fails: the new bytes up to one, and the old ones from there. */
    private static byte[] torn(byte[] before, byte[] after, int cut) {
        var torn = Arrays.copyOf(before, Math.max(cut, before.length));
        System.arraycopy(after, 0, torn, 0, Math.min(cut, after.length));
        return cut > after.length
                ? Arrays.copyOf(torn, Math.max(after.length, before.length - (cut - after.length)))
                : torn;
    }

    private int entriesOf(byte[] contents) throws Exception {
        var copy = folder.resolve("torn.mv");
        Files.write(copy, contents);
        try (var store = SpoolStore.open(copy)) {
            var numbers = numbers(store, "s");
            assertThat(numbers).hasSizeBetween(11, 12);
            assertThat(numbers.getFirst()).isEqualTo(1);
            for (long number : numbers) {
                assertThat(store.read("s", number)).isEqualTo(bytes(number, 60));
            }
            assertThat(store.totals("s").records()).isEqualTo(numbers.size());
            return numbers.size();
        }
    }

    @Test
    void shouldUseTheRoomOfWhatWasRemovedAgain() throws Exception {
        try (var store = SpoolStore.open(file())) {
            store.begin(1);
            int kept = 16;
            for (int i = 0; i < 2_000; i++) {
                List<Change> changes = new ArrayList<>(List.of(append("s", i, 64 << 10)));
                if (i >= kept) {
                    changes.add(remove("s", i - kept, 64 << 10));
                }
                store.write(changes, false);
            }
            assertThat(Files.size(file())).isLessThan(8 << 20); // 1 MiB of entries are there, 125 MiB went through
        }
    }

    /** A write that has reached the disk may be told as failed, and comes again, with more. */
    @Test
    void shouldMakeNoChangeTwice() throws Exception {
        try (var store = SpoolStore.open(file())) {
            store.begin(1);
            store.write(List.of(append("s", 0, 10), append("s", 1, 20)), false);
            List<Change> changes = List.of(append("s", 2, 40), remove("s", 2, 40), remove("s", 0, 10));
            store.write(changes, false);
            store.write(changes, false);
            assertThat(numbers(store, "s")).containsExactly(1L);
            assertThat(store.totals("s")).isEqualTo(new Totals(3, 1, 20, 3));
        }
    }

    @Test
    void shouldGoOnWhenTheDiskDidNotTellThatItHasAWrite() throws Exception {
        try (var disk = new ForgetfulDisk();
                var store = SpoolStore.open(disk.path(file()))) {
            store.begin(1);
            store.write(List.of(append("s", 0, 10)), true);
            disk.failNextSync();
            List<Change> changes = List.of(append("s", 1, 20), remove("s", 0, 10));
            assertThatThrownBy(() -> store.write(changes, true)).isInstanceOf(IOException.class);
            assertThat(numbers(store, "s")).containsExactly(1L);
            store.write(changes, true);
            assertThat(numbers(store, "s")).containsExactly(1L);
            assertThat(store.totals("s")).isEqualTo(new Totals(2, 1, 20, 2));
            store.write(List.of(append("s", 2, 30)), true);
            assertThat(numbers(store, "s")).containsExactly(1L, 2L);
        }
    }

    @Test
    void shouldNotShareItsFile() {
        try (var _ = SpoolStore.open(file())) {
            assertThatThrownBy(() -> SpoolStore.open(file()))
                    .isInstanceOf(ConnectorException.class)
                    .hasMessageContaining("spool `" + file() + "` cannot be used: ");
        }
    }

    @Test
    void shouldRefuseWhatIsNoSpool() throws Exception {
        Files.write(file(), new byte[10_000]);
        assertThatThrownBy(() -> SpoolStore.open(file()))
                .isInstanceOf(ConnectorException.class)
                .hasMessageContaining("spool `" + file() + "` cannot be used: ");
    }

    @Test
    void shouldGoOnWhenThereIsRoomAgain() throws Exception {
        var said = ChildJvm.runWithFilesUpTo(128, FullSpool.class, file().toString());
        assertThat(said).endsWith("reads all, then writes again\n");
    }

    static Change.Append append(String stream, long number, int bytes) {
        return new Change.Append(stream, number, bytes(number, bytes), 1);
    }

    static Change.Remove remove(String stream, long number, int bytes) {
        return new Change.Remove(stream, number, bytes, 1);
    }

    static byte[] bytes(long number, int count) {
        var bytes = new byte[count];
        new Random(number).nextBytes(bytes);
        return bytes;
    }

    static List<Long> numbers(SpoolStore store, String stream) {
        List<Long> numbers = new ArrayList<>();
        for (var next = store.next(stream, 0); next.isPresent(); next = store.next(stream, next.get() + 1)) {
            numbers.add(next.get());
        }
        return numbers;
    }
}
