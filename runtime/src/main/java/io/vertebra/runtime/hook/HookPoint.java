package io.vertebra.runtime.hook;

import io.vertebra.runtime.firing.DirectSink;
import io.vertebra.runtime.firing.EventSink;
import io.vertebra.runtime.firing.InlineSink;
import io.vertebra.vm.exec.DirectCode;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.lang.invoke.MutableCallSite;
import java.lang.invoke.VarHandle;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One hook method of one interface instance: where codelets are attached. Two class loaders may each have a point of
 * the same name. Thread-safe.
 *
 * <p>The method's call site leads to nothing at all while nothing is attached (architecture decision 6).
 */
public final class HookPoint {

    private static final System.Logger LOG = System.getLogger(HookPoint.class.getName());

    private static final MethodHandle FALSE = MethodHandles.constant(boolean.class, false);
    private static final MethodHandle TRUE = MethodHandles.constant(boolean.class, true);

    private final HookMethod hook;
    private final MethodHandle detached;
    private final MutableCallSite site;
    private final MutableCallSite guard;
    private final Map<Object, Target> targets = new LinkedHashMap<>();
    private final Map<DirectClassWriter.Form, byte[]> written = new HashMap<>();
    private MethodHandle publish;
    private MethodHandle run;
    private Lookup generated;

    /** What an owner has attached: the whole of it, and its inline part. */
    private record Target(MethodHandle whole, InlineSink inline, MethodHandle inlineCode) {}

    HookPoint(HookMethod hook, MethodHandle detached) {
        this.hook = hook;
        this.detached = detached;
        this.site = new Site(detached, this);
        this.guard = new Site(FALSE, this);
    }

    /**
     * Completes the point with the generated methods.
     *
     * @param lookup of the generated class
     * @param publisher null for a control hook
     */
    void complete(Lookup lookup, MethodHandle publisher, MethodHandle runner) {
        generated = lookup;
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
        return hook.descriptor();
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
    public void attach(Object owner, EventSink queued, InlineSink inline) {
        lead(owner, queued, inline, inline == null ? null : code(owner, inline));
        sync(List.of(this));
    }

    /**
     * As {@link #attach}, but later firings see it only after {@link #sync}.
     *
     * @param inlineCode what {@link #code} has given for the inline part
     */
    public synchronized void lead(Object owner, EventSink queued, InlineSink inline, MethodHandle inlineCode) {
        if (descriptor().control() && queued != null) {
            throw new IllegalArgumentException("hook `" + descriptor().name() + "`: a control hook runs inline");
        }
        if (queued == null && inline == null) {
            targets.remove(owner);
        } else if (isTakenFor(owner)) {
            throw new IllegalStateException("hook `" + descriptor().name() + "`: another runtime controls it");
        } else {
            targets.put(owner, new Target(whole(queued, inlineCode), inline, inlineCode));
        }
        site.setTarget(targets.values().stream()
                .map(Target::whole)
                .reduce(MethodHandles::foldArguments)
                .orElse(detached));
        var enabled = targets.isEmpty() ? FALSE : TRUE;
        if (!guard.getTarget().equals(enabled)) { // code that asks it would be compiled anew
            guard.setTarget(enabled);
        }
    }

    /** Makes every later firing of some hooks see what they lead to. */
    public static void sync(Collection<HookPoint> points) {
        VarHandle.fullFence();
        MutableCallSite.syncAll(points.stream()
                .flatMap(point -> Stream.of(point.site, point.guard))
                .toArray(MutableCallSite[]::new));
    }

    /**
     * What runs an inline table in this hook: of the hook's own type, and made ready if the table is not open yet. Codelets
     * with code that takes arguments are called by a class of their own: see {@link DirectClassWriter}.
     */
    public synchronized MethodHandle code(Object owner, InlineSink inline) {
        var before = targets.get(owner);
        if (before != null && inline.equals(before.inline())) {
            return before.inlineCode();
        }
        if (inline instanceof DirectSink sink && fits(sink.codes())) {
            try {
                return direct(sink);
            } catch (Throwable e) { // such as a method that would be too large
                LOG.log(
                        System.Logger.Level.WARNING,
                        "hook `" + descriptor().name() + "`: its codelets will get their context in memory",
                        e);
            }
        }
        return run.bindTo(inline);
    }

    /** Whether there is code that takes arguments, of this very hook: one of the same name may have its payload otherwise. */
    private boolean fits(List<Optional<DirectCode>> codes) {
        var present = codes.stream().flatMap(Optional::stream).toList();
        return !present.isEmpty()
                && present.stream()
                        .allMatch(code -> code.payload().equals(descriptor().payload()));
    }

    private MethodHandle direct(DirectSink sink) throws Throwable {
        var code = DirectClassWriter.define(hook, sink, run, generated, written);
        if (!sink.isOpen()) {
            sink.cells().ifPresent(cells -> cells.claim(Thread.currentThread()));
            var warm = code.findStatic(code.lookupClass(), DirectClassWriter.WARM, MethodType.methodType(void.class));
            warm.invokeExact();
        }
        return code.findStatic(
                code.lookupClass(),
                sink.cells().isPresent() ? DirectClassWriter.FIRE : DirectClassWriter.SLOTTED,
                detached.type());
    }

    /** Whether the hook is a control hook that another owner has attached to. */
    public synchronized boolean isTakenFor(Object owner) {
        return descriptor().control() && targets.keySet().stream().anyMatch(other -> !other.equals(owner));
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

    private MethodHandle whole(EventSink queued, MethodHandle inlineCode) {
        if (queued == null) {
            return inlineCode;
        }
        var publishing = publish.bindTo(queued);
        return inlineCode == null ? publishing : MethodHandles.foldArguments(publishing, inlineCode);
    }
}
