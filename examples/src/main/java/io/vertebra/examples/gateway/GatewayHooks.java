package io.vertebra.examples.gateway;

import io.vertebra.runtime.hook.Control;
import io.vertebra.runtime.hook.HookGroup;
import io.vertebra.runtime.hook.Hooks;
import io.vertebra.runtime.hook.Key;
import java.lang.invoke.MethodHandles;

/**
 * What the gateway lets codelets see and decide. A connection carries one request at a time, so its id pairs a request
 * with its response.
 */
@HookGroup("gateway")
interface GatewayHooks {
    GatewayHooks HOOKS = Hooks.of(MethodHandles.lookup(), GatewayHooks.class);

    /** A request's head and body have arrived. */
    void requestReceived(@Key long connection, int route, long bytes);

    /** A request was put into a route's queue, which now holds {@code depth} requests. */
    void requestQueued(@Key int route, int depth);

    /** A response was written back to the client. */
    void responseSent(@Key long connection, int route, int backend, int status, long bytes);

    /**
     * Which backend shall serve a request.
     *
     * @return 0 or 1; anything else leaves the choice to the gateway
     */
    @Control(whenDetached = -1)
    int chooseBackend(int route, int queued);
}
