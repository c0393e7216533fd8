package io.vertebra.runtime.dispatch;

import io.vertebra.config.CodeletSetDescriptor.Execution;
import io.vertebra.runtime.hook.HookDescriptor;
import io.vertebra.runtime.hook.HookPoint;
import io.vertebra.runtime.hook.HookRegistry;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All that is attached to one hook, and the tables that its points lead to. Guarded by the dispatcher's lock. */
final class HookSwitch {

    private final HookDescriptor hook;
    private final Object owner;
    private List<Attachment> attachments = List.of();
    private volatile QueuedTable queued; // also read by the timer
    private InlineTable inline;

    HookSwitch(HookDescriptor hook, Object owner) {
        this.hook = hook;
        this.owner = owner;
    }

    HookDescriptor hook() {
        return hook;
    }

    boolean isEmpty() {
        return attachments.isEmpty();
    }

    /** The attachments after adding and removing some, in the order in which they run. */
    List<Attachment> with(Collection<Attachment> added, Collection<Attachment> removed) {
        var next = new ArrayList<>(attachments);
        next.removeAll(removed);
        next.addAll(added);
        next.sort(Comparator.comparingInt(Attachment::priority).reversed());
        return next;
    }

    static List<Attachment> of(Execution execution, List<Attachment> attachments) {
        return attachments.stream().filter(a -> a.execution() == execution).toList();
    }

    /**
     * Leads all points to new tables (null for none); the old ones are to be closed once the points are in step.
     *
     * @return the points that were led
     */
    List<HookPoint> lead(List<Attachment> next, QueuedTable nextQueued, InlineTable nextInline) {
        attachments = List.copyOf(next);
        queued = nextQueued;
        inline = nextInline;
        Map<HookPoint, MethodHandle> ready = new LinkedHashMap<>();
        for (var point : HookRegistry.points(hook.name())) {
            if (fits(point)) {
                ready.put(point, code(point));
            }
        }
        if (inline != null) {
            inline.open();
        }
        ready.forEach((point, code) -> point.lead(owner, queued, inline, code));
        return List.copyOf(ready.keySet());
    }

    /** Leads a point that has appeared after the others. */
    void lead(HookPoint point) {
        if (fits(point)) {
            point.attach(owner, queued, inline);
        }
    }

    private MethodHandle code(HookPoint point) {
        return inline == null ? null : point.code(owner, inline);
    }

    /** One with another context is left alone. */
    private boolean fits(HookPoint point) {
        return point.descriptor().context().equals(hook.context())
                && point.descriptor().control() == hook.control()
                && !point.isTakenFor(owner);
    }

    QueuedTable queued() {
        return queued;
    }

    InlineTable inline() {
        return inline;
    }
}
