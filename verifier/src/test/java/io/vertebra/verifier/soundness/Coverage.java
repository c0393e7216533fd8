package io.vertebra.verifier.soundness;

import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.Instruction.AccessSize;
import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.AtomicOp;
import io.vertebra.vm.isa.Instruction.Condition;
import io.vertebra.vm.isa.Instruction.Immediate;
import io.vertebra.vm.isa.Instruction.Operand;
import io.vertebra.vm.isa.Instruction.Order;
import io.vertebra.vm.isa.Instruction.Width;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.map.BpfRingBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** How often runs of one program came by each transfer function. */
final class Coverage {

    private static final int REGIONS = 7;
    private static final List<String> REGION_NAMES =
            List.of("stack", "context", "payload", "map value", "record", "constants", "key");

    private final List<Instruction> code;
    private final List<BpfMap> maps;
    private final long[] hits;
    private final long[] taken;
    private final long[][] accesses;
    private final long[] fills = new long[4];
    private final long[] pointers = new long[4];
    private long backs;
    private long mapAccesses;

    Coverage(List<Instruction> code, List<BpfMap> maps) {
        this.code = code;
        this.maps = maps;
        hits = new long[code.size()];
        taken = new long[code.size()];
        accesses = new long[code.size()][];
    }

    void hit(int slot) {
        hits[slot]++;
    }

    void taken(int slot) {
        taken[slot]++;
    }

    /** A loop goes round. */
    void back() {
        backs++;
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
    void access(int slot, long bit, AccessSize size, int kind) {
        if (accesses[slot] == null) {
            accesses[slot] = new long[REGIONS];
        }
        int number = Long.numberOfTrailingZeros(bit);
        int region = number < 3
                ? number
                : number == 3 ? 6 : maps.get((number - 8) % 28) instanceof BpfRingBuffer ? 4 : frozen(number) ? 5 : 3;
        accesses[slot][region]++;
        mapAccesses += region == 3 ? 1 : 0;
    }

    private boolean frozen(int number) {
        return maps.get((number - 8) % 28).spec().frozen();
    }

    /** Whether runs of the program went round a loop, accessed a map's value, and read what they had spilled. */
    boolean isRich() {
        return backs > 0 && mapAccesses > 0 && fills[0] + fills[1] + fills[2] + fills[3] > 0;
    }

    /** Every name with 0, so that what never happened shows. */
    static Map<String, Long> names() {
        var names = new TreeMap<String, Long>();
        for (var width : Width.values()) {
            for (String source : new String[] {"register", "constant"}) {
                for (var op : AluOp.values()) {
                    names.put(name(op, width, source), 0L);
                }
                for (var condition : Condition.values()) {
                    names.put(name(condition, width, source) + " taken", 0L);
                    names.put(name(condition, width, source) + " not taken", 0L);
                }
            }
            names.put("negate " + width, 0L);
        }
        for (var order : Order.values()) {
            for (int bits = 16; bits <= 64; bits *= 2) {
                names.put("byte order " + order + " " + bits, 0L);
            }
        }
        for (var region : REGION_NAMES) {
            for (var size : AccessSize.values()) {
                names.put("load " + size + " from " + region, 0L);
                if (size != AccessSize.DOUBLE) {
                    names.put("signed load " + size + " from " + region, 0L);
                }
            }
        }
        for (var region : new String[] {"stack", "map value", "record"}) {
            for (var size : AccessSize.values()) {
                names.put("store register " + size + " to " + region, 0L);
                names.put("store constant " + size + " to " + region, 0L);
            }
            for (var op : AtomicOp.values()) {
                for (var size : new AccessSize[] {AccessSize.WORD, AccessSize.DOUBLE}) {
                    names.put("atomic " + op + " " + size + " in " + region, 0L);
                }
            }
        }
        return names;
    }

    private static String source(Operand operand) {
        return operand instanceof Immediate ? "constant" : "register";
    }

    private static String name(AluOp op, Width width, String source) {
        return op + " " + width + " " + source;
    }

    private static String name(Condition condition, Width width, String source) {
        return "jump " + condition + " " + width + " " + source;
    }

    /** Adds the counts to those of other programs. */
    void addTo(Map<String, Long> total) {
        for (int slot = 0; slot < hits.length; slot++) {
            if (hits[slot] > 0) {
                add(total, slot);
            }
        }
        String[] fillNames = {
            "fill of a number", "fill of a pointer", "read of a caller's number", "of a caller's pointer"
        };
        String[] pointerNames = {"pointer + number", "number + pointer", "pointer - number", "pointer - pointer"};
        for (int i = 0; i < fills.length; i++) {
            total.merge(fillNames[i], fills[i], Long::sum);
            total.merge(pointerNames[i], pointers[i], Long::sum);
        }
        total.merge("back edge", backs, Long::sum);
    }

    private void add(Map<String, Long> total, int slot) {
        switch (code.get(slot)) {
            case Instruction.Alu i -> total.merge(name(i.op(), i.width(), source(i.src())), hits[slot], Long::sum);
            case Instruction.MoveSignExtended i ->
                total.merge("sign extension " + i.bits() + " " + i.width(), hits[slot], Long::sum);
            case Instruction.Negate i -> total.merge("negate " + i.width(), hits[slot], Long::sum);
            case Instruction.ByteSwap i ->
                total.merge("byte order " + i.order() + " " + i.bits(), hits[slot], Long::sum);
            case Instruction.Load i ->
                accesses(total, slot, (i.signed() ? "signed load " : "load ") + i.size() + " from ");
            case Instruction.Store i -> accesses(total, slot, "store " + source(i.src()) + " " + i.size() + " to ");
            case Instruction.Atomic i -> accesses(total, slot, "atomic " + i.op() + " " + i.size() + " in ");
            case Instruction.JumpIf i -> {
                var name = name(i.condition(), i.width(), source(i.right()));
                total.merge(name + " taken", taken[slot], Long::sum);
                total.merge(name + " not taken", hits[slot] - taken[slot], Long::sum);
            }
            case Instruction.Call i -> total.merge("helper %3d".formatted(i.helper()), hits[slot], Long::sum);
            default ->
                total.merge(code.get(slot).getClass().getSimpleName().toLowerCase(Locale.ROOT), hits[slot], Long::sum);
        }
    }

    private void accesses(Map<String, Long> total, int slot, String name) {
        for (int region = 0; accesses[slot] != null && region < REGIONS; region++) {
            if (accesses[slot][region] > 0) {
                total.merge(name + REGION_NAMES.get(region), accesses[slot][region], Long::sum);
            }
        }
    }
}
