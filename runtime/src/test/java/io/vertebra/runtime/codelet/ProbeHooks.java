package io.vertebra.runtime.codelet;

import io.vertebra.runtime.hook.Bounded;
import io.vertebra.runtime.hook.Control;
import io.vertebra.runtime.hook.HookGroup;
import io.vertebra.runtime.hook.Hooks;
import io.vertebra.runtime.hook.Key;
import io.vertebra.runtime.hook.Payload;
import java.lang.invoke.MethodHandles;

/** The hooks that the tests' codelets are made for; probe.h is their C side. */
@HookGroup("probe")
interface ProbeHooks {
    ProbeHooks HOOKS = Hooks.of(MethodHandles.lookup(), ProbeHooks.class);

    void seen(@Key long id, int route, long bytes);

    void frame(@Payload(writable = true) byte[] bytes, int kind);

    void named(@Bounded(8) CharSequence text);

    @Control(whenDetached = -1)
    int choose(int a, int b);
}
