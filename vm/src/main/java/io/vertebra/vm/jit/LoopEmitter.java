package io.vertebra.vm.jit;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.Instruction.Width;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.MethodTypeDesc;
import java.util.function.BiConsumer;

/**
 * Writes the fast form of a {@link CountedLoop}, to stand before the loop itself: it does the iterations that surely run to
 * the jump back, and the loop itself, unchanged, does what is left and takes the real exit.
 *
 * <pre>
 *   limit = least of the bounds                // any limit that is too low is right
 *   for (int i = (int) r; i &lt; limit; i += step) { body without exits, r read as (long) i }
 *   r = i
 * </pre>
 */
final class LoopEmitter {

    private static final long LOW = 0xffff_ffffL;

    private final Unit unit;
    private final FunctionCode function;
    private final Locals locals;
    private final CodeBuilder code;
    private final BiConsumer<Integer, Instruction> body;

    LoopEmitter(
            Unit unit, FunctionCode function, Locals locals, CodeBuilder code, BiConsumer<Integer, Instruction> body) {
        this.unit = unit;
        this.function = function;
        this.locals = locals;
        this.code = code;
        this.body = body;
    }

    void emit(CountedLoop loop) {
        int register = locals.register(loop.register());
        Label skip = code.newLabel();
        Label done = code.newLabel();
        limit(loop, register);
        code.lload(locals.scratch).lload(register).lcmp().ifle(skip);
        code.lload(locals.scratch).l2i().istore(locals.limit);
        code.lload(register).l2i().istore(locals.counter);
        Label top = code.newBoundLabel();
        code.iload(locals.counter).iload(locals.limit).if_icmpge(done);
        body(loop);
        code.iinc(locals.counter, loop.step()).goto_(top);
        code.labelBinding(done).iload(locals.counter).i2l().lstore(register);
        code.labelBinding(skip);
    }

    /** Leaves the first value that the counter must not have in the scratch local. */
    private void limit(CountedLoop loop, int register) {
        code.lload(register)
                .loadConstant(loop.step())
                .invokestatic(Constants.SUPPORT, "firstLimit", MethodTypeDesc.of(CD_long, CD_long, CD_int));
        for (var bound : loop.bounds()) {
            code.lload(register);
            push(new Affine(bound.value().constant(), bound.value().invariant(), false));
            push(bound.end());
            if (bound.width() == Width.W32) {
                if (bound.signed()) {
                    code.l2i().i2l();
                } else {
                    code.loadConstant(LOW).land();
                }
            }
            if (bound.inclusive()) {
                code.lconst_1().ladd();
            }
            code.invokestatic(
                    Constants.SUPPORT, "limit", MethodTypeDesc.of(CD_long, CD_long, CD_long, CD_long, CD_long));
        }
        code.lstore(locals.scratch);
    }

    private void push(Affine value) {
        locals.push(code, value);
    }

    private void body(CountedLoop loop) {
        var instructions = unit.program().instructions();
        var values = new LoopValues(loop.register(), loop.written());
        locals.substitute(values);
        for (int slot = loop.header(); slot < loop.last(); slot += Instruction.size(instructions.get(slot))) {
            var instruction = instructions.get(slot);
            if (!(instruction instanceof Instruction.JumpIf) && values.result(instruction) == null) {
                body.accept(slot, instruction);
            }
            values.pass(instruction);
        }
        locals.substitute(null);
        int needed = function.liveAt(loop.header()) & loop.written();
        for (int r = 0; r < 10; r++) {
            if (r != loop.register() && (needed & 1 << r) != 0 && values.of(r) != null) {
                push(values.of(r));
                code.lstore(locals.register(r));
            }
        }
    }
}
