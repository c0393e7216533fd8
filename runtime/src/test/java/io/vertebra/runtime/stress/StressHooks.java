package io.vertebra.runtime.stress;

import io.vertebra.runtime.hook.Control;
import io.vertebra.runtime.hook.HookGroup;
import io.vertebra.runtime.hook.Hooks;
import io.vertebra.runtime.hook.Key;
import java.lang.invoke.MethodHandles;

/** The hooks that the stress's codelets are made for; stress.h is their C side. */
@HookGroup("stress")
interface StressHooks {
    StressHooks HOOKS = Hooks.of(MethodHandles.lookup(), StressHooks.class);

    void published(@Key long producer, long sequence);

    void called(long producer, long sequence);

    @Control(whenDetached = -1)
    int choose(int number);

    @Control(whenDetached = -1)
    int decide(int number);
}
