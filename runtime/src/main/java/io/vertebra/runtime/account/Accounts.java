package io.vertebra.runtime.account;

import java.util.Map;

/** Arithmetic that the accounts share. */
final class Accounts {
    private Accounts() {}

    static long total(Map<DropCause, Long> dropped) {
        return dropped.values().stream().mapToLong(Long::longValue).sum();
    }
}
