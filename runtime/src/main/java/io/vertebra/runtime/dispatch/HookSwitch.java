package io.vertebra.runtime.dispatch;

import io.vertebra.config.CodeletSetDescriptor.Execution;
import io.vertebra.runtime.hook.HookDescriptor;
import io.vertebra.runtime.hook.HookPoint;
import io.vertebra.runtime.hook.HookRegistry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

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

    /** Leads all points to new tables (null for none), then closes the old ones. */
    void lead(List<Attachment> next, QueuedTable nextQueued, InlineTable nextInline) {
        var oldQueued = queued;
        var oldInline = inline;
        attachments = List.copyOf(next);
        queued = nextQueued;
        inline = nextInline;
        HookRegistry.points(hook.name()).forEach(this::lead);
        if (oldQueued != null && oldQueued != nextQueued) {
            oldQueued.close(nextQueued);
        }
        if (oldInline != null && oldInline != nextInline) {
            oldInline.close(nextInline);
        }
    }

    /** Leads one point, which may have appeared after the others; one with another context is left alone. */
    void lead(HookPoint point) {
        if (point.descriptor().context().equals(hook.context())
                && point.descriptor().control() == hook.control()
                && !point.isTakenFor(owner)) {
            point.attach(owner, queued, inline);
        }
    }

    QueuedTable queued() {
        return queued;
    }

    InlineTable inline() {
        return inline;
    }
}
