package io.vertebra.connectors.spool;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Fills a spool until no more can be written, in a process whose files may not grow; then delivers everything. */
final class FullSpool {

    private static final int BYTES = 1_000;

    private FullSpool() {}

    public static void main(String[] arguments) throws IOException {
        try (var store = SpoolStore.open(Path.of(arguments[0]))) {
            store.begin(1);
            int written = 0;
            try {
                while (written < 1_000) {
                    store.write(List.of(SpoolStoreTest.append("s", written, BYTES)), false);
                    written++;
                }
            } catch (IOException e) {
                System.out.println("after " + written + ": " + e.getMessage());
            }
            require(written > 5 && written < 1_000, "the limit was not met: " + written);
            require(SpoolStoreTest.numbers(store, "s").size() == written, "not all can be read");
            for (int i = 0; i < written; i++) {
                require(Arrays.equals(store.read("s", i), SpoolStoreTest.bytes(i, BYTES)), "entry " + i + " differs");
            }
            List<Change> changes = new ArrayList<>();
            for (int i = 0; i < written; i++) {
                changes.add(SpoolStoreTest.remove("s", i, BYTES));
            }
            changes.add(SpoolStoreTest.append("s", written, BYTES));
            store.write(changes, false);
            require(store.totals("s").equals(new Totals(written + 1L, 1, BYTES, written + 1L)), "" + store.totals("s"));
            require(store.run() == 1, "run " + store.run());
            System.out.println("reads all, then writes again");
        }
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
