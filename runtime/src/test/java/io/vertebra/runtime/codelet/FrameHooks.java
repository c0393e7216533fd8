package io.vertebra.runtime.codelet;

import io.vertebra.runtime.hook.HookGroup;
import io.vertebra.runtime.hook.Hooks;
import io.vertebra.runtime.hook.Payload;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.nio.ByteBuffer;

/** Hooks with each type of payload; frames.bpf.c is their C side. */
@HookGroup("frames")
interface FrameHooks {
    FrameHooks FRAMES = Hooks.of(MethodHandles.lookup(), FrameHooks.class);

    void bytes(@Payload byte[] frame);

    void buffer(@Payload ByteBuffer frame);

    void segment(@Payload MemorySegment frame);
}
