package io.vertebra.runtime.codelet;

import io.vertebra.config.CodeletSetDescriptor;
import io.vertebra.runtime.limit.DetachReason;
import io.vertebra.vm.map.BpfMap;
import java.util.function.Function;

/**
 * Who is asked before a codelet set is attached, and told of what happened to it. Called by the thread that makes the
 * change, one change of a runtime at a time; must not change sets itself.
 */
public interface SetListener {

    /** What happened to a set. */
    enum Change {
        LOADED,
        REPLACED,
        DISABLED,
        ENABLED,
        UNLOADED
    }

    /**
     * A set, or a new version of one, is verified and ready.
     *
     * @param descriptor what it was made from
     * @param map its maps by the names that the descriptor uses
     * @throws LoadException to refuse it; nothing has changed then
     */
    default void ready(CodeletSetDescriptor descriptor, Function<String, BpfMap> map) throws LoadException {}

    /** A set has changed. What is thrown is logged. */
    default void changed(CodeletSet set, Change change) {}

    /**
     * A limit has detached a codelet; the rest of its set goes on. Called by the runtime's timer, at any time; must not
     * block. What is thrown is logged.
     */
    default void detached(String codeletSet, String codelet, DetachReason reason) {}
}
