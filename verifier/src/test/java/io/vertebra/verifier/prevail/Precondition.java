package io.vertebra.verifier.prevail;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the constraints before the code of a case say of each variable: {@code r1.type=packet}, {@code r1.svalue=[0, 9]},
 * {@code r2.packet_offset=packet_size}, {@code s[504...511].type=number}.
 *
 * <p>Differences of two variables are not used: the states that are left out of account by them are allowed in addition,
 * so that what is accepted is accepted without them too.
 */
final class Precondition {

    private static final String VARIABLE = "\\s*(r\\d+\\.\\w+|s\\[[-\\d.\\s]+\\]\\.\\w+|packet_size|meta_offset)\\s*";
    private static final String NUMBER = "\\s*([-+]?(?:0x)?[0-9a-f]+)\\s*";
    private static final Pattern VALUE = Pattern.compile(VARIABLE + "=" + NUMBER);
    private static final Pattern INTERVAL = Pattern.compile(VARIABLE + "=\\s*\\[" + NUMBER + "," + NUMBER + "\\]\\s*");
    private static final Pattern EQUALITY = Pattern.compile(VARIABLE + "=" + VARIABLE);
    private static final Pattern TYPE = Pattern.compile("\\s*(r\\d+|s\\[.*\\])\\s*\\.type\\s*=\\s*([a-z_]+)\\s*");
    private static final Pattern TYPES = Pattern.compile("\\s*(r\\d+)\\s*\\.type\\s*in\\s*\\{(.*)\\}\\s*");
    private static final Pattern SAME_TYPE = Pattern.compile("\\s*(r\\d+)\\.type\\s*=\\s*(r\\d+)\\.type\\s*");
    private static final Pattern DIFFERENCE = Pattern.compile(VARIABLE + "-" + VARIABLE + "<=" + NUMBER);
    private static final Pattern CELL = Pattern.compile("s\\[\\s*(-?\\d+)(?:\\.\\.\\.\\s*(-?\\d+))?\\s*\\]");

    private final Map<String, Interval> intervals = new HashMap<>();
    private final Map<String, Set<String>> types = new TreeMap<>();
    private final Map<String, Set<String>> equals = new HashMap<>();
    private final List<List<String>> sameTypes = new ArrayList<>();

    /** Bytes of the stack, counted as PREVAIL does: from its far end, both ends inside. */
    record Cell(String name, long from, long to) {
        int size() {
            return (int) (to - from + 1);
        }
    }

    Precondition(List<String> constraints) {
        constraints.forEach(this::read);
        for (boolean changed = true; changed; ) {
            changed = false;
            for (var variable : equals.keySet()) {
                for (var other : equals.get(variable)) {
                    changed |= restrict(variable, interval(other));
                }
            }
        }
    }

    private void read(String constraint) {
        Matcher m;
        if ((m = TYPES.matcher(constraint)).matches()) {
            types.put(m.group(1), new TreeSet<>(List.of(m.group(2).strip().split("\\s*,\\s*"))));
        } else if ((m = SAME_TYPE.matcher(constraint)).matches()) {
            sameTypes.add(List.of(m.group(1), m.group(2)));
        } else if ((m = TYPE.matcher(constraint)).matches()) {
            types.put(m.group(1), Set.of(m.group(2)));
        } else if ((m = VALUE.matcher(constraint)).matches()) {
            var value = LineParser.value(m.group(2));
            restrict(m.group(1), new Interval(value, value));
        } else if ((m = INTERVAL.matcher(constraint)).matches()) {
            restrict(m.group(1), new Interval(LineParser.value(m.group(2)), LineParser.value(m.group(3))));
        } else if ((m = EQUALITY.matcher(constraint)).matches()) {
            equals.computeIfAbsent(m.group(1), _ -> new TreeSet<>()).add(m.group(2));
            equals.computeIfAbsent(m.group(2), _ -> new TreeSet<>()).add(m.group(1));
        } else if (!DIFFERENCE.matcher(constraint).matches()) {
            throw new NotStatedException("no constraint of ours: `" + constraint + "`");
        }
    }

    private boolean restrict(String variable, Interval by) {
        var old = interval(variable);
        var restricted = old.intersect(by);
        intervals.put(variable, restricted);
        return !restricted.equals(old);
    }

    /** What a variable may be; without a constraint what its kind can be. */
    Interval interval(String variable) {
        var known = intervals.get(variable);
        return known != null
                ? known
                : variable.endsWith(".svalue")
                        ? Interval.SIGNED
                        : variable.endsWith(".uvalue") ? Interval.UNSIGNED : Interval.ANY;
    }

    /** Whether two variables are the same number, by any chain of equations. */
    boolean areEqual(String a, String b) {
        var known = new HashSet<>(Set.of(a));
        var waiting = new ArrayList<>(known);
        while (!waiting.isEmpty()) {
            for (var next : equals.getOrDefault(waiting.removeLast(), Set.of())) {
                if (known.add(next)) {
                    waiting.add(next);
                }
            }
        }
        return known.contains(b);
    }

    /** The numeric cells of the stack; those with a known value have an interval that is one number. */
    List<Cell> numericCells() {
        var cells = new ArrayList<Cell>();
        types.forEach((name, type) -> {
            var m = CELL.matcher(name);
            if (type.equals(Set.of("number")) && m.matches()) {
                long from = Long.parseLong(m.group(1));
                cells.add(new Cell(name, from, m.group(2) == null ? from : Long.parseLong(m.group(2))));
            }
        });
        return cells;
    }

    /** Every way to give each register one of its types; a register without a type is in none. */
    List<Map<String, String>> typings() {
        List<Map<String, String>> typings = List.of(Map.of());
        for (var entry : types.entrySet()) {
            if (entry.getKey().startsWith("s")) {
                continue;
            }
            var more = new ArrayList<Map<String, String>>();
            for (var typing : typings) {
                for (var type : entry.getValue()) {
                    var extended = new TreeMap<>(typing);
                    extended.put(entry.getKey(), type);
                    more.add(extended);
                }
            }
            typings = more;
        }
        return typings.stream().filter(this::keepsSameTypes).toList();
    }

    private boolean keepsSameTypes(Map<String, String> typing) {
        return sameTypes.stream().allMatch(pair -> {
            var a = typing.get(pair.getFirst());
            var b = typing.get(pair.getLast());
            return a == null || b == null || a.equals(b);
        });
    }

    /** The integers from {@code least} to {@code most}. */
    record Interval(BigInteger least, BigInteger most) {

        private static final BigInteger WORD = BigInteger.TWO.pow(Long.SIZE);
        static final Interval ANY = new Interval(WORD.negate(), WORD);
        static final Interval SIGNED =
                new Interval(BigInteger.valueOf(Long.MIN_VALUE), BigInteger.valueOf(Long.MAX_VALUE));
        static final Interval UNSIGNED = new Interval(BigInteger.ZERO, WORD.subtract(BigInteger.ONE));

        private Interval intersect(Interval other) {
            return new Interval(least.max(other.least), most.min(other.most));
        }

        boolean isConstant() {
            return least.equals(most);
        }

        boolean isEmpty() {
            return least.compareTo(most) > 0;
        }

        /** Whether it has two ends that are offsets. */
        boolean isBounded() {
            return least.bitLength() < Integer.SIZE && most.bitLength() < Integer.SIZE;
        }
    }
}
