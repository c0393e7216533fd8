package io.vertebra.vm.exec;

import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.map.BpfProgramArray;
import io.vertebra.vm.map.BpfTimer;
import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.OpaqueMembers;
import io.vertebra.vm.program.Program;
import io.vertebra.vm.program.ProgramFault;
import java.util.List;
import java.util.Optional;

/**
 * A program bound to its maps and helpers, ready to run. Immutable; any number of threads may run it at once, each with
 * its own {@link RunContext}.
 */
public abstract sealed class Executable implements BpfProgramArray.Target permits InterpretedProgram, CompiledProgram {

    private final Program program;
    private final List<BpfMap> maps;
    private final Region[] regions;
    private final boolean reclaims;
    private final long maxSteps;

    /**
     * Binds a program.
     *
     * @throws IllegalArgumentException when the maps are not those that the program names
     */
    Executable(Program program, List<BpfMap> maps, long maxSteps) {
        this.program = program;
        this.maps = List.copyOf(maps);
        this.maxSteps = maxSteps;
        this.reclaims = maps.stream().anyMatch(BpfMap::reclaims);
        if (maps.size() != program.maps().size()) {
            throw new IllegalArgumentException("program `" + program.name() + "`: " + maps.size() + " maps were given, "
                    + program.maps().size() + " are needed");
        }
        this.regions = new Region[2 * maps.size()];
        for (int i = 0; i < maps.size(); i++) {
            var wanted = program.maps().get(i);
            var given = maps.get(i).spec();
            if (given.type() != wanted.type()
                    || given.keySize() != wanted.keySize()
                    || given.valueSize() != wanted.valueSize()
                    || !maps.get(i).opaque().equals(OpaqueMembers.of(wanted))) {
                throw new IllegalArgumentException("program `" + program.name() + "`: map `" + wanted.name() + "` is "
                        + described(given) + ", needed is " + described(wanted));
            }
            regions[2 * i] = Region.object(maps.get(i));
            regions[2 * i + 1] = Region.values(maps.get(i));
        }
    }

    private static String described(MapSpec map) {
        return map.type() + " with key_size=" + map.keySize() + ", value_size=" + map.valueSize()
                + OpaqueMembers.of(map).described();
    }

    /**
     * Runs the program once, on the calling thread. Records that it reserved and did not submit are discarded, whether it
     * returns or throws.
     *
     * @return r0, or what a control run has set as its result
     * @throws ProgramFault when the program does what is illegal, or exhausts its step budget
     * @throws IllegalStateException when the execution slot is inside another run
     */
    public final long run(RunContext context) {
        context.enter(this);
        try {
            return context.result(execute(context, 0));
        } finally {
            context.leave();
        }
    }

    /** Runs the callback of a timer once, unless the arming does not stand any more; see {@link TimerTask#run}. */
    final boolean runTimer(RunContext context, TimerTask.Callback callback, BpfTimer timer, long arming) {
        context.enter(this);
        try {
            // Inside an epoch reader only: from here on the value stays that key's, whoever deletes it.
            if (!timer.expire(arming)) {
                return false;
            }
            context.enterCallback(timer);
            execute(context, callback.function());
            return true;
        } finally {
            context.leave();
        }
    }

    /** The code that takes the context as parameters; none of an interpreted program, and where that is not possible. */
    public Optional<DirectCode> direct() {
        return Optional.empty();
    }

    /** What is executed. */
    public final Program program() {
        return program;
    }

    /** The live maps, in the order of the program's. */
    public final List<BpfMap> maps() {
        return maps;
    }

    /** The most instructions that one run may execute, callbacks included; a tail call begins anew. */
    public final long maxSteps() {
        return maxSteps;
    }

    final Region[] regions() {
        return regions;
    }

    final boolean reclaims() {
        return reclaims;
    }

    /** Executes from a slot to the exit of its function, in the run's current frame; gives r0. */
    abstract long execute(RunContext run, int slot);

    /** The slot behind a subprogram's address. */
    final int functionSlot(long address, int callSlot) {
        for (var function : program.functions()) {
            if (address == Addresses.function(function.start())) {
                return function.start();
            }
        }
        throw new ProgramFault(
                callSlot,
                "insn " + callSlot + ": callback 0x" + Long.toHexString(address)
                        + " is not a subprogram's address, allowed is what a wide load of a function gives");
    }
}
