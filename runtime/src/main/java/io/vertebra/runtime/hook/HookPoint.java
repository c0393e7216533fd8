package io.vertebra.runtime.hook;

import io.vertebra.runtime.firing.EventSink;
import io.vertebra.runtime.firing.InlineSink;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MutableCallSite;
import java.lang.invoke.VarHandle;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One hook method of one interface instance: where codelets are attached. Two class loaders may each have a point of
 * the same name. Thread-safe.
 *
 * <p>The method's call site leads to nothing at all while nothing is attached (architecture decision 6).
 */
public final class HookPoint {

    private final HookDescriptor descriptor;
    private final MethodHandle detached;
    private final MutableCallSite site;
    private final MutableCallSite guard;
    private final Map<Object, MethodHandle> targets = new LinkedHashMap<>();
    private MethodHandle publish;
    private MethodHandle run;

    HookPoint(HookDescriptor descriptor, MethodHandle detached) {
        this.descriptor = descriptor;
        this.detached = detached;
        this.site = new Site(detached, this);
        this.guard = new Site(MethodHandles.constant(boolean.class, false), this);
    }

    /** Completes the point with the generated methods; {@code publish} is null for a control hook. */
    void complete(MethodHandle publisher, MethodHandle runner) {
        publish = publisher;
        run = runner;
    }

    MethodHandle invoker() {
        return site.dynamicInvoker();
    }

    MethodHandle guardInvoker() {
        return guard.dynamicInvoker();
    }

    /** The hook. */
    public HookDescriptor descriptor() {
        return descriptor;
    }

    /**
     * Makes the hook lead to what an owner has attached; replaces what the same owner attached before. When it returns,
     * every later firing sees it.
     *
     * @param owner who attaches, for example a runtime
     * @param queued where its queued events go, null for none; must be null for a control hook
     * @param inline what runs in the firing thread, null for none
     * @throws IllegalStateException when another owner has attached to a control hook
     */
    public synchronized void attach(Object owner, EventSink queued, InlineSink inline) {
        if (descriptor.control() && queued != null) {
            throw new IllegalArgumentException("hook `" + descriptor.name() + "`: a control hook runs inline");
        }
        if (queued == null && inline == null) {
            targets.remove(owner);
        } else if (isTakenFor(owner)) {
            throw new IllegalStateException("hook `" + descriptor.name() + "`: another runtime controls it");
        } else {
            targets.put(owner, target(queued, inline));
        }
        var target =
                targets.values().stream().reduce(MethodHandles::foldArguments).orElse(detached);
        site.setTarget(target);
        guard.setTarget(MethodHandles.constant(boolean.class, !targets.isEmpty()));
        VarHandle.fullFence();
        MutableCallSite.syncAll(new MutableCallSite[] {site, guard});
    }

    /** Whether the hook is a control hook that another owner has attached to. */
    public synchronized boolean isTakenFor(Object owner) {
        return descriptor.control() && targets.keySet().stream().anyMatch(other -> !other.equals(owner));
    }

    /** Ends what an owner has attached. */
    public void detach(Object owner) {
        attach(owner, null, null);
    }

    /** A call site that keeps its point alive as long as the generated class lives. */
    private static final class Site extends MutableCallSite {

        @SuppressWarnings({"unused", "UnusedVariable"})
        private final HookPoint point;

        Site(MethodHandle target, HookPoint point) {
            super(target);
            this.point = point;
        }
    }

    private MethodHandle target(EventSink queued, InlineSink inline) {
        if (queued == null) {
            return run.bindTo(inline);
        }
        var publishing = publish.bindTo(queued);
        return inline == null ? publishing : MethodHandles.foldArguments(publishing, run.bindTo(inline));
    }
}
