package io.vertebra.vm.helper;

import io.vertebra.vm.helper.HelperPrototype.Argument;
import io.vertebra.vm.helper.HelperPrototype.Result;
import java.util.ArrayList;
import java.util.List;

/**
 * The helpers of Linux that Vertebra has, with their numbers, names and semantics ({@code include/uapi/linux/bpf.h}),
 * one file per family, each body beside its prototype. Stateless.
 */
public final class StandardHelpers {

    /** The helper that ends what {@code spin_lock} began: the only one that may be called while a lock is held. */
    public static final int SPIN_UNLOCK = 94;

    private StandardHelpers() {}

    /** All of them; {@code trace} gets what codelets print. */
    public static List<Helper> all(TraceSink trace) {
        var all = new ArrayList<Helper>();
        all.addAll(MapHelpers.all());
        all.addAll(RingHelpers.all());
        all.addAll(LockHelpers.all());
        all.addAll(DynptrHelpers.all());
        all.addAll(SampleHelpers.all());
        all.addAll(TimerHelpers.all());
        all.addAll(PerCpuHelpers.all());
        all.addAll(MomentHelpers.all());
        all.addAll(MemoryHelpers.all());
        all.addAll(TextHelpers.all(trace));
        all.addAll(FlowHelpers.all());
        all.addAll(HookHelpers.all());
        all.addAll(StackHelpers.all());
        all.add(Checksum.difference());
        return List.copyOf(all);
    }

    /** A helper with a body; the arguments are in the order of the registers. */
    static Helper helper(int id, String name, Result result, Helper.Body body, Argument... arguments) {
        return new Helper(new HelperPrototype(id, name, List.of(arguments), result), body);
    }
}
