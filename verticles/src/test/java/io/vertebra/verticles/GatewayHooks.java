package io.vertebra.verticles;

import io.vertebra.runtime.hook.Control;
import io.vertebra.runtime.hook.HookGroup;
import io.vertebra.runtime.hook.Hooks;
import io.vertebra.runtime.hook.Key;
import io.vertebra.runtime.hook.Names;
import java.lang.invoke.MethodHandles;

/** The hooks that the gateway example's codelets are for. */
@HookGroup("gateway")
interface GatewayHooks {
    GatewayHooks HOOKS = Hooks.of(MethodHandles.lookup(), GatewayHooks.class);

    void requestReceived(@Key long connection, int route, long bytes);

    void requestQueued(@Key int route, int depth);

    void responseSent(@Key long connection, @Names({"users", "orders"}) int route, int backend, int status, long bytes);

    @Control(whenDetached = -1)
    int chooseBackend(int route, int queued);
}
