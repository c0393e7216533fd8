package io.vertebra.vm.jit;

import io.vertebra.vm.isa.AssemblyText;
import io.vertebra.vm.program.Program;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeModel;
import java.lang.classfile.Instruction;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.IncrementInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LineNumber;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.constant.ClassDesc;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Writes generated code as text: each eBPF instruction, and below it the JVM instructions that do it. */
final class ClassText {

    private static final String INDENT = "        ";

    private final Program program;
    private final StringBuilder text = new StringBuilder();
    private final Map<Label, Integer> labels = new HashMap<>();

    private ClassText(Program program) {
        this.program = program;
    }

    /** The methods of a class file that carry out instructions of a program. */
    static String of(Program program, byte[] bytes) {
        var writer = new ClassText(program);
        for (var method : ClassFile.of().parse(bytes).methods()) {
            if (method.code().stream().anyMatch(ClassText::hasLines)) {
                writer.method(method);
            }
        }
        return writer.text.toString();
    }

    private static boolean hasLines(CodeModel code) {
        return code.elementStream().anyMatch(LineNumber.class::isInstance);
    }

    private void method(MethodModel method) {
        text.append(method.methodName().stringValue())
                .append(method.methodTypeSymbol().displayDescriptor())
                .append('\n');
        labels.clear();
        var used = targets(method);
        for (var element : method.code().orElseThrow()) {
            switch (element) {
                case LineNumber line -> instruction(line.line() - 1);
                case LabelTarget target
                when used.contains(target.label()) ->
                    text.append("    ").append(name(target.label())).append(":\n");
                case Instruction i -> text.append(INDENT).append(described(i)).append('\n');
                default -> {}
            }
        }
        text.append('\n');
    }

    private void instruction(int slot) {
        text.append("  %4d: %s%n"
                .formatted(slot, AssemblyText.print(program.instructions().get(slot))));
    }

    private static Set<Label> targets(MethodModel method) {
        var targets = new HashSet<Label>();
        for (var element : method.code().orElseThrow()) {
            switch (element) {
                case BranchInstruction i -> targets.add(i.target());
                case LookupSwitchInstruction i -> {
                    targets.add(i.defaultTarget());
                    i.cases().forEach(c -> targets.add(c.target()));
                }
                default -> {}
            }
        }
        return targets;
    }

    private String name(Label label) {
        return "L" + labels.computeIfAbsent(label, _ -> labels.size());
    }

    private String described(Instruction instruction) {
        var operation = instruction.opcode().name().toLowerCase(Locale.ROOT);
        return switch (instruction) {
            case LoadInstruction i -> operation(i.typeKind().name(), "load") + i.slot();
            case StoreInstruction i -> operation(i.typeKind().name(), "store") + i.slot();
            case IncrementInstruction i -> operation + " " + i.slot() + " " + i.constant();
            case ConstantInstruction i -> "push " + i.constantValue();
            case BranchInstruction i -> operation + " " + name(i.target());
            case FieldInstruction i -> operation + " " + i.name().stringValue();
            case InvokeInstruction i ->
                operation + " " + owner(i.owner().asSymbol()) + "." + i.name().stringValue()
                        + i.typeSymbol().displayDescriptor();
            case LookupSwitchInstruction i -> {
                var cases = new StringBuilder(operation);
                i.cases().forEach(c -> cases.append(" %d:%s".formatted(c.caseValue(), name(c.target()))));
                yield cases.append(" default:").append(name(i.defaultTarget())).toString();
            }
            default -> operation;
        };
    }

    private static String operation(String type, String what) {
        return type.toLowerCase(Locale.ROOT) + " " + what + " ";
    }

    private static String owner(ClassDesc type) {
        return type.displayName();
    }
}
