package io.vertebra.vm.jit;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import io.vertebra.vm.exec.PayloadType;
import io.vertebra.vm.exec.RunContext;
import io.vertebra.vm.jit.StackSlots.Part;
import io.vertebra.vm.program.ContextLayout.Field;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The parameters of a generated static method: the run; the slot to begin at if it is a chunk; r1 to r5 of a function that
 * is called with them, r0 to r9 of a link; the context's fields and the payload in the direct form; the stack's parts that
 * are locals of a link.
 *
 * @param chunk whether it is a part of a function
 * @param registers which registers it gets
 * @param parts what a link gets of the stack
 */
record Signature(boolean chunk, Registers registers, Optional<DirectForm> direct, List<Part> parts) {

    /** Which registers are parameters. */
    enum Registers {
        NONE,
        ARGUMENTS,
        ALL
    }

    static final int ARGUMENTS = 5;
    /** r0 to r9. */
    static final int ALL = 10;
    /** The JVM's limit, 255, less what a call by {@code invokedynamic} may take. */
    private static final int MOST_WORDS = 251;

    /** A function, as others call it. */
    static Signature function(Optional<DirectForm> direct) {
        return new Signature(false, Registers.ARGUMENTS, direct, List.of());
    }

    /** A part of a function that finds its registers in the run, and gives the slot to go on at. */
    static Signature chunk(Optional<DirectForm> direct) {
        return new Signature(true, Registers.NONE, direct, List.of());
    }

    /** A part of a function that is called by those before it, and gives r0. */
    static Signature link(Optional<DirectForm> direct, List<Part> parts) {
        return new Signature(true, Registers.ALL, direct, parts);
    }

    /** What the outside calls in the direct form: r1 is the context. */
    static Signature entry(DirectForm form) {
        return new Signature(false, Registers.NONE, Optional.of(form), List.of());
    }

    /** Whether the outside calls it, in the direct form. */
    boolean isEntry() {
        return !chunk && registers == Registers.NONE;
    }

    /** Whether it is a part of a function that is called by those before it. */
    boolean isLink() {
        return chunk && registers == Registers.ALL;
    }

    /** Whether a method can have so many parameters. */
    boolean fits() {
        return words() <= MOST_WORDS;
    }

    /** Whether it gets a register from its caller. */
    boolean passes(int register) {
        return switch (registers) {
            case NONE -> false;
            case ARGUMENTS -> register >= 1 && register <= ARGUMENTS;
            case ALL -> register < ALL;
        };
    }

    /** The local of a register that it gets. */
    int register(int number) {
        return registers == Registers.ALL ? 2 + 2 * number : 2 * number - 1;
    }

    private int count() {
        return switch (registers) {
            case NONE -> 0;
            case ARGUMENTS -> ARGUMENTS;
            case ALL -> ALL;
        };
    }

    /** The method's type; a chunk gives the slot to go on at, a function or a link r0. */
    MethodTypeDesc type() {
        var parameters = new ArrayList<ClassDesc>();
        parameters.add(Descriptors.of(RunContext.class));
        if (chunk) {
            parameters.add(CD_int);
        }
        for (int r = 0; r < count(); r++) {
            parameters.add(CD_long);
        }
        direct.ifPresent(form -> {
            form.fields().forEach(_ -> parameters.add(CD_long));
            form.payload().ifPresent(payload -> parameters.add(Descriptors.of(payload.type())));
        });
        parts.forEach(_ -> parameters.add(CD_long));
        return MethodTypeDesc.of(chunk && !isLink() ? CD_int : CD_long, parameters);
    }

    private int firstField() {
        return 1 + (chunk ? 1 : 0) + 2 * count();
    }

    /** The local of a field of the context. */
    int field(Field field) {
        return firstField() + 2 * direct.orElseThrow().fields().indexOf(field);
    }

    /** The local of the payload. */
    int payload() {
        return firstField() + 2 * direct.orElseThrow().fields().size();
    }

    /** What the payload is that it gets, if it gets one. */
    Optional<PayloadType> payloadType() {
        return direct.flatMap(DirectForm::payload);
    }

    private int firstPart() {
        return firstField()
                + direct.map(form -> 2 * form.fields().size() + (form.payload().isPresent() ? 1 : 0))
                        .orElse(0);
    }

    /** The local of a part of the stack that it gets, or -1. */
    int part(Part part) {
        int index = parts.indexOf(part);
        return index < 0 ? -1 : firstPart() + 2 * index;
    }

    /** Locals that parameters take. */
    int words() {
        return firstPart() + 2 * parts.size();
    }

    /** Pushes the fields and the payload, for a method of the same form. */
    void forward(CodeBuilder code) {
        direct.ifPresent(form -> {
            form.fields().forEach(field -> code.lload(field(field)));
            if (form.payload().isPresent()) {
                code.aload(payload());
            }
        });
    }
}
