package io.vertebra.vm.jit;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import io.vertebra.vm.exec.RunContext;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * Writes the methods of functions. HotSpot never compiles a method of more than {@link #HUGE} bytes, so what comes out too
 * long is divided, by what was measured, until every method is short enough.
 */
final class MethodWriter {

    /** {@code HugeMethodLimit}: longer methods stay in the JVM's interpreter for ever. */
    static final int HUGE = 8000;

    /** Instructions that hardly fit one method; more are not even tried as one. */
    private static final int MOST_IN_ONE = 4000;

    private static final int FIRST_TRY = 600;

    /** Shorter parts would be more than one method can pass control to. */
    private static final int FEWEST = 16;

    private static final int FLAGS = ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC;

    private final Unit unit;

    MethodWriter(Unit unit) {
        this.unit = unit;
    }

    /** The functions that start at some slots, each divided as much as it needs. */
    NavigableMap<Integer, CompiledFunction> fitting(Set<Integer> starts) {
        var functions = new TreeMap<Integer, CompiledFunction>();
        for (int start : starts) {
            functions.put(start, fitting(CompiledFunction.whole(unit, start)));
        }
        return functions;
    }

    private CompiledFunction fitting(CompiledFunction function) {
        int instructions = function.code().slots().cardinality();
        if (instructions <= MOST_IN_ONE && longest(function) <= HUGE) {
            return function;
        }
        for (int most = Math.min(FIRST_TRY, instructions - 1); most > FEWEST; most /= 2) {
            var divided = function.divided(most);
            if (longest(divided) <= HUGE) {
                return divided;
            }
        }
        throw new TooLongException(instructions + " instructions in one function", null);
    }

    /** Bytes of the longest method of a function. */
    private int longest(CompiledFunction function) {
        var trial = new MethodWriter(unit.trial());
        byte[] bytes = ClassFile.of().build(unit.owner(), builder -> trial.methods(builder, function));
        return ClassFile.of().parse(bytes).methods().stream()
                .flatMap(m -> m.code().stream())
                .mapToInt(c -> ((CodeAttribute) c).codeLength())
                .max()
                .orElse(0);
    }

    /** Writes the methods of a function. */
    void methods(ClassBuilder builder, CompiledFunction function) {
        int start = function.code().start();
        var type = unit.function(start).type();
        if (function.isWhole()) {
            builder.withMethodBody(
                    unit.functionName(start),
                    type,
                    FLAGS,
                    code -> new MethodEmitter(unit, function, function.chunks().getFirst(), code).emit());
            return;
        }
        builder.withMethodBody(unit.functionName(start), type, FLAGS, code -> {
            if (function.isLinked()) {
                callFirst(code, function);
            } else {
                passOn(code, function);
            }
        });
        for (var chunk : function.chunks()) {
            builder.withMethodBody(
                    unit.chunkName(start, chunk.from()),
                    function.signature(chunk).type(),
                    FLAGS,
                    code -> new MethodEmitter(unit, function, chunk, code).emit());
        }
    }

    /** Calls the first chunk, which calls those after it. */
    private void callFirst(CodeBuilder code, CompiledFunction function) {
        int start = function.code().start();
        var signature = unit.function(start);
        var first = function.signature(function.chunks().getFirst());
        code.aload(Locals.RUN).loadConstant(start);
        for (int r = 0; r < Signature.ALL; r++) {
            if (signature.passes(r)) {
                code.lload(signature.register(r));
            } else {
                MethodEmitter.initial(unit, signature, r, code);
            }
        }
        signature.forward(code);
        first.parts().forEach(_ -> code.lconst_0());
        code.invokestatic(
                        unit.owner(),
                        unit.chunkName(start, function.chunkOf(start).from()),
                        first.type())
                .lreturn();
    }

    /** Calls chunk after chunk until one says that the function has ended. */
    private void passOn(CodeBuilder code, CompiledFunction function) {
        ClassDesc run = Descriptors.of(RunContext.class);
        int start = function.code().start();
        var signature = unit.function(start);
        for (int r = 1; r <= Signature.ARGUMENTS; r++) {
            code.aload(Locals.RUN).loadConstant(r);
            if (signature.passes(r)) {
                code.lload(signature.register(r));
            } else {
                MethodEmitter.initial(unit, signature, r, code);
            }
            code.invokestatic(Constants.SUPPORT, "register", MethodTypeDesc.of(CD_void, run, CD_int, CD_long));
        }
        int slot = code.allocateLocal(TypeKind.INT);
        code.loadConstant(start).istore(slot);
        Label next = code.newBoundLabel();
        Label end = code.newLabel();
        var cases = new ArrayList<SwitchCase>();
        for (var chunk : function.chunks()) {
            for (int entry : function.entries(chunk)) {
                cases.add(SwitchCase.of(entry, code.newLabel()));
            }
        }
        cases.sort((a, b) -> Integer.compare(a.caseValue(), b.caseValue()));
        code.iload(slot).lookupswitch(end, cases);
        for (var chunk : function.chunks()) {
            cases.stream().filter(c -> chunk.contains(c.caseValue())).forEach(c -> code.labelBinding(c.target()));
            code.aload(Locals.RUN).iload(slot);
            signature.forward(code);
            code.invokestatic(
                            unit.owner(),
                            unit.chunkName(start, chunk.from()),
                            Signature.chunk(unit.direct()).type())
                    .istore(slot)
                    .goto_(next);
        }
        code.labelBinding(end)
                .aload(Locals.RUN)
                .iconst_0()
                .invokestatic(Constants.SUPPORT, "register", MethodTypeDesc.of(CD_long, run, CD_int))
                .lreturn();
    }
}
