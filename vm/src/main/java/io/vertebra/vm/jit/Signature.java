package io.vertebra.vm.jit;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import io.vertebra.vm.exec.RunContext;
import io.vertebra.vm.program.ContextLayout.Field;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Optional;

/**
 * The parameters of a generated static method: the run; the slot to begin at if it is a chunk, or r1 to r5 if it is
 * a function that is called with them; the context's fields and the payload in the direct form.
 */
record Signature(boolean chunk, boolean arguments, Optional<DirectForm> direct) {

    static final int ARGUMENTS = 5;
    private static final ClassDesc SEGMENT = Descriptors.of(MemorySegment.class);

    /** A function, as others call it. */
    static Signature function(Optional<DirectForm> direct) {
        return new Signature(false, true, direct);
    }

    /** A part of a function. */
    static Signature chunk(Optional<DirectForm> direct) {
        return new Signature(true, false, direct);
    }

    /** What the outside calls in the direct form: r1 is the context. */
    static Signature entry(DirectForm form) {
        return new Signature(false, false, Optional.of(form));
    }

    /** Whether the outside calls it, in the direct form. */
    boolean isEntry() {
        return !chunk && !arguments;
    }

    /** The method's type; a chunk gives the slot to go on at, a function r0. */
    MethodTypeDesc type() {
        var parameters = new ArrayList<ClassDesc>();
        parameters.add(Descriptors.of(RunContext.class));
        if (chunk) {
            parameters.add(CD_int);
        }
        for (int r = 0; arguments && r < ARGUMENTS; r++) {
            parameters.add(CD_long);
        }
        direct.ifPresent(form -> {
            form.fields().forEach(_ -> parameters.add(CD_long));
            if (form.payload()) {
                parameters.add(SEGMENT);
            }
        });
        return MethodTypeDesc.of(chunk ? CD_int : CD_long, parameters);
    }

    private int firstField() {
        return 1 + (chunk ? 1 : 0) + (arguments ? 2 * ARGUMENTS : 0);
    }

    /** The local of a field of the context. */
    int field(Field field) {
        return firstField() + 2 * direct.orElseThrow().fields().indexOf(field);
    }

    /** The local of the payload. */
    int payload() {
        return firstField() + 2 * direct.orElseThrow().fields().size();
    }

    /** Locals that parameters take. */
    int words() {
        return firstField()
                + direct.map(form -> 2 * form.fields().size() + (form.payload() ? 1 : 0))
                        .orElse(0);
    }

    /** Pushes the fields and the payload, for a method of the same form. */
    void forward(CodeBuilder code) {
        direct.ifPresent(form -> {
            form.fields().forEach(field -> code.lload(field(field)));
            if (form.payload()) {
                code.aload(payload());
            }
        });
    }
}
