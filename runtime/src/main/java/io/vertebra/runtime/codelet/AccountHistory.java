package io.vertebra.runtime.codelet;

import io.vertebra.runtime.account.AttachmentAccount;
import io.vertebra.runtime.account.DropCause;
import io.vertebra.runtime.account.OutputAccount;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Accounts of sets that are gone, added up by name, so that totals never go back when a set is loaded again. Not
 * thread-safe.
 */
final class AccountHistory {

    private final Map<List<String>, AttachmentAccount> attachments = new LinkedHashMap<>();
    private final Map<List<String>, OutputAccount> outputs = new LinkedHashMap<>();

    AccountHistory() {}

    AccountHistory(AccountHistory other) {
        attachments.putAll(other.attachments);
        outputs.putAll(other.outputs);
    }

    void add(AttachmentAccount account) {
        attachments.merge(
                List.of(account.codeletSet(), account.codelet(), account.hook(), account.execution()),
                account,
                (a, b) -> new AttachmentAccount(
                        a.codeletSet(),
                        a.codelet(),
                        a.hook(),
                        a.execution(),
                        a.offered() + b.offered(),
                        a.ok() + b.ok(),
                        a.failed() + b.failed(),
                        sum(a.dropped(), b.dropped()),
                        a.waiting() + b.waiting()));
    }

    void add(OutputAccount account) {
        outputs.merge(
                List.of(account.stream(), account.connector()),
                account,
                (a, b) -> new OutputAccount(
                        a.stream(),
                        a.connector(),
                        a.emitted() + b.emitted(),
                        a.delivered() + b.delivered(),
                        sum(a.dropped(), b.dropped()),
                        a.waiting() + b.waiting()));
    }

    List<AttachmentAccount> attachments() {
        return new ArrayList<>(attachments.values());
    }

    List<OutputAccount> outputs() {
        return new ArrayList<>(outputs.values());
    }

    private static Map<DropCause, Long> sum(Map<DropCause, Long> a, Map<DropCause, Long> b) {
        var sum = new EnumMap<DropCause, Long>(DropCause.class);
        sum.putAll(a);
        b.forEach((cause, count) -> sum.merge(cause, count, Long::sum));
        return sum;
    }
}
