package io.vertebra.vm.exec;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.vm.exec.JbpfCodelets.Codelet;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** What jbpf's hash maps are known to do wrong, done by codelets of its ABI. */
class JbpfDefectsTest {

    private static final int ENTRIES = 1000;
    private static final int FULL = -4;

    private final JbpfCodelets codelets = new JbpfCodelets("jbpf_tables");

    @Test
    void shouldUpdateExistingKeysHoweverOften() {
        var update = codelets.codelet("update", 0);
        for (int i = 0; i < 50_000; i++) {
            assertThat(update.run(i % ENTRIES, i)).isZero();
        }
        assertThat(codelets.map("table").size()).isEqualTo(ENTRIES);
    }

    @Test
    void shouldCountEveryIncrementOfOneEntry() {
        var increment = codelets.codelet("increment", 0);
        for (int i = 0; i < 50_000; i++) {
            assertThat(increment.run(7, 0)).isZero();
        }
        assertThat(codelets.map("counter").get(new byte[] {7, 0, 0, 0}))
                .contains(JbpfCodelets.payload(8).putLong(50_000).array());
    }

    @Test
    void shouldStayUsableWhenFull() {
        var update = codelets.codelet("update", 0);
        for (int key = 0; key < ENTRIES; key++) {
            assertThat(update.run(key, key)).isZero();
        }
        for (int i = 0; i < 3000; i++) {
            assertThat(update.run(ENTRIES + i, i)).isEqualTo(FULL);
        }
        assertThat(update.run(3, 33)).isZero();
        assertThat(codelets.map("table").get(new byte[] {3, 0, 0, 0}))
                .contains(JbpfCodelets.payload(8).putLong(33).array());
    }

    @Test
    void shouldNeverSayBusyToThreadsWithTheirOwnKeys() throws Exception {
        try (var threads = Executors.newFixedThreadPool(2)) {
            var first = threads.submit(updates(0));
            var second = threads.submit(updates(1));
            assertThat(first.get()).as("results that are not 0").isEmpty();
            assertThat(second.get()).as("results that are not 0").isEmpty();
        }
        assertThat(codelets.map("table").size()).isEqualTo(ENTRIES);
    }

    /** Updates half of the keys again and again; gives how often each result other than 0 came. */
    private Callable<Map<Long, Integer>> updates(int thread) {
        return () -> {
            var update = codelets.codelet("update", thread);
            var others = new HashMap<Long, Integer>();
            for (int i = 0; i < 50_000; i++) {
                long result = update.run(i % (ENTRIES / 2) * 2 + thread, i);
                if (result != 0) {
                    others.merge(result, 1, Integer::sum);
                }
            }
            return others;
        };
    }

    @Test
    void shouldFindWhatIsLeftAfterDeletes() {
        var update = codelets.codelet("thread_update", 1);
        var delete = codelets.codelet("thread_delete", 1);
        var lookup = codelets.codelet("thread_lookup", 1);
        for (int key = 0; key < 64; key++) {
            assertThat(update.run(key, key * 10L)).isZero();
        }
        assertThat(update.run(64, 0)).isEqualTo(FULL);
        for (int key = 0; key < 64; key += 3) {
            assertThat(delete.run(key, 0)).isZero();
        }
        for (int key = 0; key < 64; key++) {
            assertThat(lookup.run(key, 0)).isEqualTo(key % 3 == 0 ? -1 : key * 10L);
        }
    }

    @Test
    void shouldKeepTheKeysOfThreadsApart() {
        codelets.codelet("thread_update", 0).run(7, 70);
        var others = codelets.codelet("thread_lookup", 1);
        assertThat(others.run(7, 0)).as("not with zeros").isEqualTo(-1);
        codelets.codelet("thread_update", 1).run(7, 71);
        assertThat(codelets.codelet("thread_delete", 0).run(7, 0)).isZero();
        assertThat(others.run(7, 0)).isEqualTo(71);
        assertThat(codelets.codelet("thread_clear", 2).run(0, 0)).isZero();
        assertThat(others.run(7, 0)).isEqualTo(71);
        assertThat(codelets.codelet("thread_clear", 1).run(0, 0)).isZero();
        assertThat(others.run(7, 0)).isEqualTo(-1);
    }

    @Test
    void shouldDumpKeysAndValues() {
        codelets.codelet("thread_update", 1).run(9, 90);
        Codelet update = codelets.codelet("thread_update", 2);
        for (int key = 1; key <= 5; key++) {
            update.run(key, key * 10L);
        }
        var entries = JbpfCodelets.payload(8 * 12);
        assertThat(codelets.codelet("thread_dump", 2).run(0, entries)).isEqualTo(5);
        var found = new HashMap<Integer, Long>();
        for (int i = 0; i < 5; i++) {
            found.put(entries.getInt(12 * i), entries.getLong(12 * i + 4));
        }
        assertThat(found).isEqualTo(Map.of(1, 10L, 2, 20L, 3, 30L, 4, 40L, 5, 50L));
    }
}
