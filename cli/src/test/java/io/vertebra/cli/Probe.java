package io.vertebra.cli;

import io.vertebra.runtime.hook.Control;
import io.vertebra.runtime.hook.HookGroup;
import io.vertebra.runtime.hook.Hooks;
import io.vertebra.runtime.hook.Key;
import java.lang.invoke.MethodHandles;

/** The hooks of the runtime's test objects. */
@HookGroup("probe")
interface Probe {
    Probe HOOKS = Hooks.of(MethodHandles.lookup(), Probe.class);

    void seen(@Key long id, int route, long bytes);

    @Control(whenDetached = -1)
    int choose(int a, int b);
}
