package io.vertebra.cli;

import io.vertebra.runtime.account.AttachmentAccount;
import io.vertebra.runtime.account.DropCause;
import io.vertebra.runtime.account.OutputAccount;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The account of everything that was offered: one line per attachment and per place of a stream, and a verdict.
 *
 * @param lines the accounts, then the line that begins with {@code account:}
 * @param balanced whether every offered event and record is explained
 */
record AccountReport(List<String> lines, boolean balanced) {

    static AccountReport of(List<AttachmentAccount> attachments, List<OutputAccount> outputs) {
        var lines = new ArrayList<String>();
        var missing = new ArrayList<String>();
        for (var account : attachments) {
            var name = account.codeletSet() + "/" + account.codelet();
            lines.add("%-24s %-34s offered %d = ok %d + failed %d + dropped %s + waiting %d"
                    .formatted(
                            name,
                            account.hook() + " " + account.execution(),
                            account.offered(),
                            account.ok(),
                            account.failed(),
                            dropped(account.dropped()),
                            account.waiting()));
            note(missing, name, account.missing());
        }
        for (var account : outputs) {
            var name = account.stream() + " -> " + account.connector();
            lines.add("%-24s %-34s emitted %d = delivered %d + dropped %s + waiting %d"
                    .formatted(
                            account.stream(),
                            "-> " + account.connector(),
                            account.emitted(),
                            account.delivered(),
                            dropped(account.dropped()),
                            account.waiting()));
            note(missing, name, account.missing());
        }
        lines.add("account: " + (missing.isEmpty() ? "balanced" : "missing " + String.join(", ", missing)));
        return new AccountReport(List.copyOf(lines), missing.isEmpty());
    }

    private static void note(List<String> missing, String name, long number) {
        if (number != 0) {
            missing.add(number + " of " + name);
        }
    }

    private static String dropped(Map<DropCause, Long> causes) {
        return causes.isEmpty()
                ? "0"
                : causes.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(cause -> cause.getValue() + " " + cause.getKey().label())
                        .collect(Collectors.joining(", ", "(", ")"));
    }
}
