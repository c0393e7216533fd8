package io.vertebra.verticles;

import io.vertebra.runtime.codelet.CodeletSet;
import io.vertebra.runtime.codelet.LoadException;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/** Traffic on {@link GatewayHooks}, and the example's descriptor. */
final class Gateway {

    /** The example's codelet set. */
    static final Path DESCRIPTOR = Path.of("../examples/gateway/gateway.yaml");

    private static final GatewayHooks HOOKS = GatewayHooks.HOOKS;

    private Gateway() {}

    /** Loads the example so that every response becomes a record. */
    static CodeletSet load(Vertebra vertebra) throws LoadException {
        return vertebra.open(DESCRIPTOR).set("slow_us", 0).load();
    }

    /** A request on a route and its answer after a time. */
    static void exchange(long connection, int route, long delayNanos) {
        HOOKS.requestReceived(connection, route, 100);
        HOOKS.requestQueued(route, 1);
        LockSupport.parkNanos(delayNanos);
        HOOKS.responseSent(connection, route, 0, 200, 1_000);
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
