package io.vertebra.vm.isa;

import io.vertebra.vm.format.ObjectFormatException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Reads lines: comments, slots in front, labels; what remains is an instruction in one of the two notations. */
final class AssemblyParser {

    private static final Pattern COMMENT = Pattern.compile("(#|;|//).*$");
    private static final Pattern LABEL = Pattern.compile("<?([A-Za-z_.][\\w.]*)>?:");

    /** {@code 12: (b7) ...}, where the opcode in parentheses is what bpftool prints. */
    private static final Pattern SLOT = Pattern.compile("(\\d+):\\s*(?:\\([0-9a-f]{2}\\))?\\s*(.*)");

    /** A label that nobody needs to write: the first exit. */
    private static final String EXIT = "exit";

    private final List<Instruction> instructions = new ArrayList<>();
    private final Map<String, Integer> labels = new HashMap<>();
    private final Map<Integer, Pending> pending = new TreeMap<>();
    private int lineNumber;

    /** An instruction whose distance is known once the label is. */
    private record Pending(String label, int line) {}

    /** An instruction as a line has it; with a label its offset is still open. */
    record Parsed(Instruction instruction, Optional<String> label) {
        static Optional<Parsed> of(Instruction instruction) {
            return Optional.of(new Parsed(instruction, Optional.empty()));
        }
    }

    List<Instruction> parse(String text) {
        for (var line : text.lines().toList()) {
            lineNumber++;
            try {
                line(COMMENT.matcher(line).replaceFirst("").strip());
            } catch (ObjectFormatException e) {
                throw e.in("line " + lineNumber);
            }
        }
        pending.forEach(this::aim);
        return List.copyOf(instructions);
    }

    private void line(String line) {
        if (line.isEmpty()) {
            return;
        }
        var label = LABEL.matcher(line);
        if (label.matches()) {
            if (labels.put(label.group(1), instructions.size()) != null) {
                throw new ObjectFormatException("label `%s` is defined twice".formatted(label.group(1)));
            }
            return;
        }
        var slot = SLOT.matcher(line);
        if (slot.matches()) {
            if (!slot.group(1).equals(Integer.toString(instructions.size()))) {
                throw new ObjectFormatException(
                        "slot %s, but this is slot %d".formatted(slot.group(1), instructions.size()));
            }
            instruction(slot.group(2));
        } else {
            instruction(line);
        }
    }

    private void instruction(String text) {
        var parsed = ExpressionSyntax.parse(text)
                .or(() -> MnemonicSyntax.parse(text))
                .orElseThrow(() -> new ObjectFormatException(
                        "`%s` is not an instruction, written as `r0 = *(u64 *)(r1 + 8)` or `ldxdw %%r0, [%%r1+8]`"
                                .formatted(text)));
        int slot = instructions.size();
        parsed.label().ifPresent(name -> pending.put(slot, new Pending(name, lineNumber)));
        instructions.add(parsed.instruction());
        switch (parsed.instruction()) {
            case Instruction.LoadImmediate _,
                    Instruction.LoadMap _,
                    Instruction.LoadMapValue _,
                    Instruction.LoadFunction _ -> instructions.add(new Instruction.WideTail());
            default -> {}
        }
    }

    private void aim(int slot, Pending at) {
        var target = labels.containsKey(at.label()) ? labels.get(at.label()) : implicit(at);
        int offset = target - (slot + 1);
        instructions.set(
                slot,
                switch (instructions.get(slot)) {
                    case Instruction.Jump _ -> new Instruction.Jump(offset);
                    case Instruction.JumpIf i ->
                        new Instruction.JumpIf(i.width(), i.condition(), i.left(), i.right(), checked(offset, at));
                    case Instruction.CallLocal _ -> new Instruction.CallLocal(offset);
                    case Instruction.LoadFunction i -> new Instruction.LoadFunction(i.dst(), offset);
                    default -> throw new IllegalStateException("a label at " + instructions.get(slot));
                });
    }

    private int implicit(Pending at) {
        int exit = instructions.indexOf(new Instruction.Exit());
        if (!at.label().equals(EXIT) || exit < 0) {
            throw new ObjectFormatException("line %d: label `%s` is not defined, labels are %s"
                    .formatted(
                            at.line(),
                            at.label(),
                            labels.keySet().stream().sorted().toList()));
        }
        return exit;
    }

    private static int checked(int offset, Pending at) {
        if (offset != (short) offset) {
            throw new ObjectFormatException("line %d: label `%s` is %d slots away, allowed are %d to %d"
                    .formatted(at.line(), at.label(), offset, Short.MIN_VALUE, Short.MAX_VALUE));
        }
        return offset;
    }
}
