package io.vertebra.runtime.codelet;

import io.vertebra.runtime.hook.Control;
import io.vertebra.runtime.hook.Hook;
import io.vertebra.runtime.hook.HookGroup;
import io.vertebra.runtime.hook.Hooks;
import io.vertebra.runtime.hook.JbpfContext;
import io.vertebra.runtime.hook.Payload;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;

/** Hooks as an application of jbpf's has them. */
@HookGroup("")
interface JbpfHooks {
    JbpfHooks HOOKS = Hooks.of(MethodHandles.lookup(), JbpfHooks.class);

    @Hook("test1")
    @JbpfContext
    void test1(@Payload(writable = true) MemorySegment data, int ctxId);

    @Hook("test1111")
    @JbpfContext
    void test1111(@Payload(writable = true) MemorySegment data, int ctxId);

    @Hook("ctrl_test0")
    @JbpfContext
    @Control(whenDetached = 0)
    long control(@Payload MemorySegment data, int ctxId);
}
