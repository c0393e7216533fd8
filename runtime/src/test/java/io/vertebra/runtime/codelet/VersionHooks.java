package io.vertebra.runtime.codelet;

import io.vertebra.runtime.hook.Bounded;
import io.vertebra.runtime.hook.Control;
import io.vertebra.runtime.hook.HookGroup;
import io.vertebra.runtime.hook.Hooks;
import io.vertebra.runtime.hook.WasNamed;
import java.lang.invoke.MethodHandles;

/** The present version of a hook; version.h is an older one. */
@HookGroup("version")
interface VersionHooks {
    VersionHooks HOOKS = Hooks.of(MethodHandles.lookup(), VersionHooks.class);

    @Control(whenDetached = -1)
    long asked(
            boolean added,
            @WasNamed({"route", "path_id"}) int routeId,
            char letter,
            long bytes,
            double share,
            int narrow,
            @Bounded(20) @WasNamed("name") String text,
            short last);
}
