package io.vertebra.verifier.soundness;

import io.vertebra.verifier.cfg.InnerMaps;
import io.vertebra.vm.helper.HelperPrototype;
import io.vertebra.vm.helper.HelperPrototype.Result;
import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.Immediate;
import io.vertebra.vm.isa.Instruction.Operand;
import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import io.vertebra.vm.program.Program;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How often runs of one program came by each transfer function. */
final class Coverage {

    /** The monitor's bit for the first map; those below are other regions, in the order of their addresses. */
    static final int MAP_BIT = 8;

    /** A run that goes back so often went through a long loop. */
    private static final int LONG_LOOP = 100;

    private static final int MAP_VALUE = 5;
    private static final int RECORD = 6;
    private static final int CONSTANTS = 7;
    private static final int INNER_VALUE = 8;
    static final List<String> REGIONS = List.of(
            "stack", "context", "payload", "key", "sample", "map value", "record", "constants", "inner map's value");

    private final List<Instruction> code;
    private final Setting setting;
    private final List<MapSpec> specs;
    private final long[] hits;
    private final long[] taken;
    private final long[] callbacks;
    private final long[][] accesses;
    private final long[] fills = new long[4];
    private final long[] pointers = new long[4];
    private final long[] found = new long[Result.values().length];
    private final long[] missed = new long[Result.values().length];
    private long backs;
    private long backsOfRun;
    private long longLoops;
    private long runsOfTimers;
    private long mapAccesses;

    /**
     * Counters of a program.
     *
     * @param specs all maps, by the verifier's numbers
     */
    Coverage(Program program, List<MapSpec> specs) {
        code = program.instructions();
        setting = Setting.of(program);
        this.specs = specs;
        hits = new long[code.size()];
        taken = new long[code.size()];
        callbacks = new long[code.size()];
        accesses = new long[code.size()][];
    }

    void hit(int slot) {
        hits[slot]++;
    }

    void taken(int slot) {
        taken[slot]++;
    }

    /** A run begins. */
    void begin() {
        backsOfRun = 0;
    }

    /** A loop goes round. */
    void back() {
        backs++;
        if (++backsOfRun == LONG_LOOP) {
            longLoops++;
        }
    }

    /** A helper calls a function back. */
    void callback(int slot) {
        callbacks[slot]++;
    }

    /** A timer calls a function. */
    void later() {
        runsOfTimers++;
    }

    /** A helper gives a result. */
    void result(HelperPrototype helper, long result) {
        (result == 0 ? missed : found)[helper.result().ordinal()]++;
    }

    /** A stack read that has one kind of content: the pointer, or the number, that was spilled. */
    void fill(boolean pointer, boolean caller) {
        fills[(pointer ? 1 : 0) + (caller ? 2 : 0)]++;
    }

    void pointerArithmetic(int slot, boolean left, boolean right) {
        boolean minus = code.get(slot) instanceof Instruction.Alu i && i.op() == AluOp.SUB;
        pointers[minus ? right ? 3 : 2 : left ? 0 : 1]++;
    }

    /** An access to the region with a bit of the monitor's. */
    void access(int slot, long bit) {
        if (accesses[slot] == null) {
            accesses[slot] = new long[REGIONS.size()];
        }
        int number = Long.numberOfTrailingZeros(bit);
        int region = number < MAP_BIT ? number : ofMap(number - MAP_BIT);
        accesses[slot][region]++;
        mapAccesses += region == MAP_VALUE ? 1 : 0;
    }

    private int ofMap(int map) {
        if (InnerMaps.outerOf(specs, map).isPresent()) {
            return INNER_VALUE;
        }
        var spec = specs.get(map);
        return spec.type() == MapType.RINGBUF ? RECORD : spec.frozen() ? CONSTANTS : MAP_VALUE;
    }

    /** Whether runs of the program went round a loop, accessed a map's value, and read what they had spilled. */
    boolean isRich() {
        return backs > 0 && mapAccesses > 0 && fills[0] + fills[1] + fills[2] + fills[3] > 0;
    }

    /** Adds the counts to those of other programs. */
    void addTo(Map<String, Long> total) {
        for (int slot = 0; slot < hits.length; slot++) {
            if (hits[slot] > 0) {
                add(total, slot);
            }
        }
        for (int i = 0; i < fills.length; i++) {
            total.merge(CoverageNames.FILLS.get(i), fills[i], Long::sum);
            total.merge(CoverageNames.POINTERS.get(i), pointers[i], Long::sum);
        }
        for (var result : CoverageNames.MAYBE) {
            total.merge(CoverageNames.found(result), found[result.ordinal()], Long::sum);
            total.merge(CoverageNames.missed(result), missed[result.ordinal()], Long::sum);
        }
        total.merge(CoverageNames.BACK, backs, Long::sum);
        total.merge(CoverageNames.LONG_LOOP, longLoops, Long::sum);
        total.merge(CoverageNames.TIMER, runsOfTimers, Long::sum);
        total.merge(CoverageNames.runs(setting), hits[0], Long::sum);
    }

    private static String source(Operand operand) {
        return operand instanceof Immediate ? "constant" : "register";
    }

    private void add(Map<String, Long> total, int slot) {
        switch (code.get(slot)) {
            case Instruction.Alu i ->
                total.merge(CoverageNames.alu(i.op(), i.width(), source(i.src())), hits[slot], Long::sum);
            case Instruction.MoveSignExtended i ->
                total.merge(CoverageNames.signExtension(i.bits(), i.width()), hits[slot], Long::sum);
            case Instruction.Negate i -> total.merge("negate " + i.width(), hits[slot], Long::sum);
            case Instruction.ByteSwap i ->
                total.merge("byte order " + i.order() + " " + i.bits(), hits[slot], Long::sum);
            case Instruction.Load i -> accesses(total, slot, CoverageNames.load(i.signed(), i.size()));
            case Instruction.Store i -> accesses(total, slot, CoverageNames.store(source(i.src()), i.size()));
            case Instruction.Atomic i -> accesses(total, slot, CoverageNames.atomic(i.op(), i.size()));
            case Instruction.JumpIf i -> {
                var name = CoverageNames.jump(i.condition(), i.width(), source(i.right()));
                total.merge(name + " taken", taken[slot], Long::sum);
                total.merge(name + " not taken", hits[slot] - taken[slot], Long::sum);
            }
            case Instruction.Call i -> call(total, slot, setting.prototypes().get(i.helper()));
            default ->
                total.merge(code.get(slot).getClass().getSimpleName().toLowerCase(Locale.ROOT), hits[slot], Long::sum);
        }
    }

    private void call(Map<String, Long> total, int slot, HelperPrototype helper) {
        total.merge(CoverageNames.helper(helper), hits[slot], Long::sum);
        if (CoverageNames.callsBack(helper)) {
            total.merge(CoverageNames.callback(helper), callbacks[slot], Long::sum);
        }
    }

    private void accesses(Map<String, Long> total, int slot, String name) {
        for (int region = 0; accesses[slot] != null && region < REGIONS.size(); region++) {
            if (accesses[slot][region] > 0) {
                total.merge(name + REGIONS.get(region), accesses[slot][region], Long::sum);
            }
        }
    }
}
