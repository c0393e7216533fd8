package io.vertebra.verticles;

import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/** Traffic on {@link GatewayHooks}, and the example's descriptor. */
final class Gateway {

    /** The example's codelet set. */
    static final Path DESCRIPTOR = Path.of("../examples/gateway/gateway.yaml");

    private Gateway() {}

    /** A request on a route and its answer after a time. */
    static void exchange(long connection, int route, long delayNanos) {
        GatewayHooks.HOOKS.requestReceived(connection, route, 100);
        GatewayHooks.HOOKS.requestQueued(route, 1);
        LockSupport.parkNanos(delayNanos);
        GatewayHooks.HOOKS.responseSent(connection, route, 0, 200, 1_000);
    }

    /** Many exchanges, each on a connection of its own, routes in turn. */
    static void exchanges(long firstConnection, int count) {
        for (int i = 0; i < count; i++) {
            exchange(firstConnection + i, i % 4, 0);
        }
    }

    /** Waits until no event and no record is on its way. */
    static void settle(Vertebra vertebra) {
        while (vertebra.accounts().stream().anyMatch(account -> account.waiting() > 0)
                || vertebra.outputAccounts().stream().anyMatch(account -> account.waiting() > 0)) {
            LockSupport.parkNanos(1_000_000);
        }
    }
}
