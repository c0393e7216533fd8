package io.vertebra.verifier.soundness;

import io.vertebra.vm.helper.Callback;
import io.vertebra.vm.helper.HelperPrototype;
import io.vertebra.vm.helper.HelperPrototype.Argument;
import io.vertebra.vm.helper.HelperPrototype.Result;
import io.vertebra.vm.isa.Instruction.AccessSize;
import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.AtomicOp;
import io.vertebra.vm.isa.Instruction.Condition;
import io.vertebra.vm.isa.Instruction.Order;
import io.vertebra.vm.isa.Instruction.Width;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What {@link Coverage} counts, by name. */
final class CoverageNames {

    static final List<String> FILLS =
            List.of("fill of a number", "fill of a pointer", "read of a caller's number", "read of a caller's pointer");
    static final List<String> POINTERS =
            List.of("pointer + number", "number + pointer", "pointer - number", "pointer - pointer");
    static final String BACK = "back edge";
    static final String LONG_LOOP = "run with a long loop";
    static final String TIMER = "callback of a timer";

    /** Results that may be null. */
    static final List<Result> MAYBE =
            List.of(Result.MAP_VALUE_OR_NULL, Result.RESERVATION_OR_NULL, Result.SLICE_OR_NULL);

    private static final List<String> SOURCES = List.of("register", "constant");

    private CoverageNames() {}

    /** Every name with 0, so that what never happened shows. */
    static Map<String, Long> all() {
        var names = new TreeMap<String, Long>();
        for (var width : Width.values()) {
            SOURCES.forEach(source -> addOperators(names, width, source));
            names.put("negate " + width, 0L);
            for (int bits = 8; bits < (width == Width.W64 ? Long.SIZE : Integer.SIZE); bits *= 2) {
                names.put(signExtension(bits, width), 0L);
            }
        }
        for (var order : Order.values()) {
            for (int bits = 16; bits <= 64; bits *= 2) {
                names.put("byte order " + order + " " + bits, 0L);
            }
        }
        Coverage.REGIONS.forEach(region -> addLoads(names, region));
        for (var region : List.of("stack", "payload", "map value", "record", "inner map's value")) {
            addStores(names, region);
            addAtomics(names, region);
        }
        addStores(names, "sample");
        for (var setting : Setting.values()) {
            names.put(runs(setting), 0L);
            setting.prototypes().values().forEach(helper -> addHelper(names, helper));
        }
        FILLS.forEach(name -> names.put(name, 0L));
        POINTERS.forEach(name -> names.put(name, 0L));
        for (var result : MAYBE) {
            names.put(found(result), 0L);
            names.put(missed(result), 0L);
        }
        for (var name : List.of(BACK, LONG_LOOP, TIMER, "calllocal", "callregister", "exit", "jump")) {
            names.put(name, 0L);
        }
        for (var name : List.of("loadimmediate", "loadmap", "loadmapvalue", "loadfunction")) {
            names.put(name, 0L);
        }
        return names;
    }

    private static void addOperators(Map<String, Long> names, Width width, String source) {
        for (var op : AluOp.values()) {
            names.put(alu(op, width, source), 0L);
        }
        for (var condition : Condition.values()) {
            names.put(jump(condition, width, source) + " taken", 0L);
            names.put(jump(condition, width, source) + " not taken", 0L);
        }
    }

    private static void addLoads(Map<String, Long> names, String region) {
        for (var size : AccessSize.values()) {
            names.put(load(false, size) + region, 0L);
            if (size != AccessSize.DOUBLE) {
                names.put(load(true, size) + region, 0L);
            }
        }
    }

    private static void addStores(Map<String, Long> names, String region) {
        for (var size : AccessSize.values()) {
            SOURCES.forEach(source -> names.put(store(source, size) + region, 0L));
        }
    }

    private static void addAtomics(Map<String, Long> names, String region) {
        for (var op : AtomicOp.values()) {
            names.put(atomic(op, AccessSize.WORD) + region, 0L);
            names.put(atomic(op, AccessSize.DOUBLE) + region, 0L);
        }
    }

    /** What nothing can be passed to is not counted. */
    private static void addHelper(Map<String, Long> names, HelperPrototype helper) {
        if (helper.arguments().contains(Argument.PER_CPU_VARIABLE)) {
            return;
        }
        names.put(helper(helper), 0L);
        if (callsBack(helper)) {
            names.put(callback(helper), 0L);
        }
    }

    /** Whether it calls a function in the run that calls it. */
    static boolean callsBack(HelperPrototype helper) {
        return helper.callback()
                .filter(c -> !(c.times() instanceof Callback.Later))
                .isPresent();
    }

    static String alu(AluOp op, Width width, String source) {
        return op + " " + width + " " + source;
    }

    static String jump(Condition condition, Width width, String source) {
        return "jump " + condition + " " + width + " " + source;
    }

    static String signExtension(int bits, Width width) {
        return "sign extension " + bits + " " + width;
    }

    static String load(boolean signed, AccessSize size) {
        return (signed ? "signed load " : "load ") + size + " from ";
    }

    static String store(String source, AccessSize size) {
        return "store " + source + " " + size + " to ";
    }

    static String atomic(AtomicOp op, AccessSize size) {
        return "atomic " + op + " " + size + " in ";
    }

    static String helper(HelperPrototype helper) {
        return "helper %3d %s".formatted(helper.id(), helper.name());
    }

    static String callback(HelperPrototype helper) {
        return "callback of helper " + helper.name();
    }

    static String runs(Setting setting) {
        return "run of a program for " + setting;
    }

    static String found(Result result) {
        return result + ": found";
    }

    static String missed(Result result) {
        return result + ": null";
    }
}
