package io.vertebra.verifier.soundness;

import io.vertebra.verifier.cfg.InnerMaps;
import io.vertebra.vm.exec.Addresses;
import io.vertebra.vm.exec.RunView;
import io.vertebra.vm.helper.Helper;
import io.vertebra.vm.helper.HelperContext;
import io.vertebra.vm.helper.HelperPrototype;
import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.program.AccessPlan;
import io.vertebra.vm.program.Program;
import java.util.List;

/**
 * The probe: before each instruction of a run it compares what is with what the verifier promised. A run is in one of the
 * states that were explored, within the plan's steps, regions and stack, and within the {@link Rules}.
 */
final class Monitor implements Helper.Body {

    private static final int SAMPLE_REGION = 6;
    private static final int SAMPLE_BIT = 4;

    private final Instrumented instrumented;
    private final List<Instruction> code;
    private final AccessPlan plan;
    private final Explored explored;
    private final Machine machine;
    private final Rules rules;
    private final Coverage coverage;
    private final RunView view;
    /** By slot, a bit for each region that the plan has. */
    private final long[] regions;

    private final boolean passesSize;
    private long steps;
    private int pending;

    Monitor(
            Program program,
            Instrumented instrumented,
            AccessPlan plan,
            Explored explored,
            Machine machine,
            Rules rules,
            Coverage coverage) {
        code = program.instructions();
        passesSize = Setting.of(program).platform().passesContextSize();
        this.instrumented = instrumented;
        this.plan = plan;
        this.explored = explored;
        this.machine = machine;
        this.rules = rules;
        this.coverage = coverage;
        view = machine.view;
        regions = new long[code.size()];
        plan.accesses().forEach((slot, planned) -> {
            for (var region : planned) {
                regions[slot] |= bit(region);
            }
        });
    }

    /** A helper to be called as the probe. */
    Helper helper() {
        return new Helper(
                new HelperPrototype(Instrumented.PROBE, "probe", List.of(), HelperPrototype.Result.SCALAR), this);
    }

    private long bit(AccessPlan.Region region) {
        return switch (region) {
            case AccessPlan.Stack _ -> 1;
            case AccessPlan.Context _ -> 1 << 1;
            case AccessPlan.Payload _ -> 1 << 2;
            case AccessPlan.CallbackKey _ -> 1 << 3;
            case AccessPlan.Sample _ -> 1 << SAMPLE_BIT;
            case AccessPlan.MapValue m -> 1L << (Coverage.MAP_BIT + m.map());
            case AccessPlan.RingRecord r -> 1L << (Coverage.MAP_BIT + r.map());
            case AccessPlan.InnerMapValue m ->
                1L
                        << (Coverage.MAP_BIT
                                + InnerMaps.innerOf(machine.specs, m.outer()).orElseThrow());
        };
    }

    private long bit(long address) {
        int region = (int) (address >>> Addresses.OFFSET_BITS);
        if (region >= 1 && region <= 4) {
            return 1L << (region - 1);
        }
        if (region == SAMPLE_REGION) {
            return 1 << SAMPLE_BIT;
        }
        int map = machine.mapNumber(address);
        return map < 0 ? 0 : 1L << (Coverage.MAP_BIT + map);
    }

    /** A run of the program begins. */
    void begin(long payload, long length) {
        machine.later = false;
        begin(payload, length, Machine.POINTER, passesSize ? Machine.NUMBER : Machine.UNSET);
    }

    /** The callback of a timer begins: map, key and value. */
    void beginLater(long payload, long length) {
        machine.later = true;
        coverage.later();
        begin(payload, length, Machine.POINTER, Machine.POINTER, Machine.POINTER);
    }

    private void begin(long payload, long length, byte... arguments) {
        machine.begin(payload, length, arguments);
        coverage.begin();
        steps = 0;
        pending = -1;
    }

    @Override
    public long call(HelperContext run, long a, long b, long c, long d, long e) {
        long[] registers = view.registers();
        int slot = instrumented.original()[view.slot()];
        if (pending >= 0) {
            int depth = view.depth();
            var before = code.get(pending);
            if (before instanceof Instruction.JumpIf jump && slot == pending + 1 + jump.offset()) {
                coverage.taken(pending);
            }
            if (slot <= pending && !(before instanceof Instruction.Exit)) {
                coverage.back();
            }
            rules.after(pending, before, registers, depth);
        }
        System.arraycopy(registers, 0, machine.registers[machine.depth], 0, Machine.REGISTERS);
        coverage.hit(slot);
        if (++steps > plan.maxSteps()) {
            throw new Counterexample(slot, "step " + steps + ", promised are " + plan.maxSteps());
        }
        if (!explored.describes(slot, machine)) {
            throw new Counterexample(slot, "the run is in no state that was explored: " + differences(slot));
        }
        var instruction = code.get(slot);
        rules.before(slot, instruction);
        switch (instruction) {
            case Instruction.Load i -> access(slot, i.base(), i.offset());
            case Instruction.Store i -> access(slot, i.base(), i.offset());
            case Instruction.Atomic i -> access(slot, i.base(), i.offset());
            case Instruction.Call i -> {
                if (!plan.helpers().contains(i.helper())) {
                    throw new Counterexample(slot, "helper " + i.helper() + " is not in the plan");
                }
            }
            default -> {}
        }
        if (machine.stackInUse() > plan.stackBytes()) {
            throw new Counterexample(
                    slot, machine.stackInUse() + " bytes of stack in use, promised are " + plan.stackBytes());
        }
        pending = slot;
        return registers[0];
    }

    private void access(int slot, int base, int offset) {
        long address = machine.registers[machine.depth][base] + offset;
        long bit = bit(address);
        if ((regions[slot] & bit) == 0) {
            throw new Counterexample(
                    slot,
                    "an access at 0x" + Long.toHexString(address) + ", planned is "
                            + plan.accesses().get(slot));
        }
        coverage.access(slot, bit);
    }

    private String differences(int slot) {
        var text = new StringBuilder("depth " + (machine.depth + 1));
        for (int r = 0; r < Machine.REGISTERS; r++) {
            if (machine.kinds[machine.depth][r] != Machine.UNSET) {
                text.append(", r%d=0x%x".formatted(r, machine.registers[machine.depth][r]));
            }
        }
        for (int f = 0; f <= machine.depth; f++) {
            for (int at = 0; at < Addresses.FRAME_BYTES; at += Long.BYTES) {
                if (machine.kind(f, at, Long.BYTES) != Machine.UNSET) {
                    text.append(", frame %d%+d=0x%x".formatted(f, at - Addresses.FRAME_BYTES, machine.word(f, at)));
                }
            }
        }
        var states = explored.texts(slot);
        text.append("\n    ").append(states.size()).append(" states were explored there");
        states.stream().limit(4).forEach(s -> text.append("\n    - ").append(s));
        return text.toString();
    }
}
