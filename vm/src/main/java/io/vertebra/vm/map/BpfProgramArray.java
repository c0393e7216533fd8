package io.vertebra.vm.map;

import io.vertebra.vm.program.MapSpec;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * PROG_ARRAY: the programs that a codelet may continue in (helper 12); the host fills it from any thread, codelets read
 * it without locks. Codelets cannot look into it.
 */
public final class BpfProgramArray extends BpfMap {

    /** A program that can be continued in: what an executor prepares. */
    public interface Target {}

    private final AtomicReferenceArray<Target> targets;

    BpfProgramArray(MapSpec spec) {
        super(spec);
        Sizes.entries(spec);
        if (spec.keySize() != 4 || spec.valueSize() != 4) {
            throw Sizes.wrong(spec, "key_size=" + spec.keySize() + ", value_size=" + spec.valueSize(), "4 and 4");
        }
        targets = new AtomicReferenceArray<>(spec.maxEntries());
    }

    /** Puts a program into a place. The caller sees to it that it takes the same context type. */
    public void put(int index, Target target) {
        targets.set(index, target);
    }

    /** Empties a place. */
    public void remove(int index) {
        targets.set(index, null);
    }

    /** The program in a place; empty when there is none or no such place. */
    public Optional<Target> target(long index) {
        return Optional.ofNullable(targetOrNull(index));
    }

    /** As {@link #target}, without allocation: null when there is none. */
    public Target targetOrNull(long index) {
        return index >= 0 && index < targets.length() ? targets.get((int) index) : null;
    }

    /** How many places hold a program. */
    @Override
    public long size() {
        long used = 0;
        for (int i = 0; i < targets.length(); i++) {
            used += targets.get(i) == null ? 0 : 1;
        }
        return used;
    }
}
