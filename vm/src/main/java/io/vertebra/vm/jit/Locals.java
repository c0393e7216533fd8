package io.vertebra.vm.jit;

import io.vertebra.vm.jit.StackSlots.Part;
import java.lang.classfile.CodeBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Where a generated method keeps what it uses, behind its parameters; see {@link Signature}. */
final class Locals {

    static final int RUN = 0;
    /** The slot at which a chunk begins. */
    static final int ENTRY = 1;

    private static final int REGISTERS = 11;

    private final Signature signature;
    private int next;
    private LoopValues substitution;
    private final Map<Part, Integer> parts = new HashMap<>();

    final int stack;
    final int context;
    final int contextStart;
    final int contextLength;
    final int payload;
    final int payloadStart;
    final int payloadLength;
    /** Two words of scratch. */
    final int scratch;
    /** An {@code int}: the counter of a fast loop. */
    final int counter;
    /** An {@code int}: the first value that it must not have. */
    final int limit;

    private final int registers;

    Locals(Signature signature, List<Part> promoted) {
        this.signature = signature;
        next = signature.words();
        registers = take(2 * REGISTERS);
        stack = take(1);
        context = take(1);
        contextStart = take(2);
        contextLength = take(2);
        payload = signature.payloadType().isPresent() ? signature.payload() : take(1);
        payloadStart = take(2);
        payloadLength = take(2);
        scratch = take(2);
        counter = take(1);
        limit = take(1);
        for (var part : promoted) {
            int passed = signature.part(part);
            parts.put(part, passed < 0 ? take(2) : passed);
        }
    }

    /** Reads registers as these values from now on, where they are known; with null, from their locals. */
    void substitute(LoopValues loop) {
        substitution = loop;
    }

    /** Pushes a register. */
    CodeBuilder load(CodeBuilder code, int number) {
        var value = substitution == null ? null : substitution.of(number);
        return value == null ? code.lload(register(number)) : push(code, value);
    }

    /** Pushes a value of a loop. */
    CodeBuilder push(CodeBuilder code, Affine value) {
        if (value.counted()) {
            code.iload(counter).i2l();
        }
        if (value.invariant() != Affine.NONE) {
            code.lload(register(value.invariant()));
            if (value.counted()) {
                code.ladd();
            }
        }
        if (value.isConstant()) {
            code.loadConstant(value.constant());
        } else if (value.constant() != 0) {
            code.loadConstant(value.constant()).ladd();
        }
        return code;
    }

    private int take(int words) {
        int at = next;
        next += words;
        return at;
    }

    /** The local of a register. */
    int register(int number) {
        return signature.passes(number) ? signature.register(number) : registers + 2 * number;
    }

    /** The local of a part of the stack. */
    int part(Part part) {
        return parts.get(part);
    }
}
