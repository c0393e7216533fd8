package io.vertebra.vm.jit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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

    /** A function that was divided as much as it needs, and its methods. */
    record Written(CompiledFunction function, List<GeneratedMethod> methods) {}

    private final Unit unit;

    MethodWriter(Unit unit) {
        this.unit = unit;
    }

    /** The function that starts at a slot. */
    Written function(int start) {
        var whole = CompiledFunction.whole(unit, start);
        int instructions = whole.code().count();
        var written = instructions <= MOST_IN_ONE ? written(whole) : Optional.<Written>empty();
        for (int most = Math.min(FIRST_TRY, instructions - 1); written.isEmpty(); most /= 2) {
            if (most == 0) {
                throw new IllegalStateException("insn " + start + ": an instruction does not fit a method");
            }
            written = written(whole.divided(most));
        }
        return written.get();
    }

    /** The methods of a function, if none is too long. */
    private Optional<Written> written(CompiledFunction function) {
        int start = function.code().start();
        var methods = new ArrayList<GeneratedMethod>();
        for (var chunk : function.chunks()) {
            var method = GeneratedMethod.measured(
                    function.isWhole() ? unit.functionName(start) : unit.chunkName(start, chunk.from()),
                    function.signature(chunk).type(),
                    (home, code) -> new MethodEmitter(unit.in(home), function, chunk, code).emit());
            if (method.bytes() > HUGE) {
                return Optional.empty();
            }
            methods.add(method);
        }
        if (!function.isWhole()) {
            methods.addAll(new Passing(unit, function).methods());
        }
        return Optional.of(new Written(function, methods));
    }
}
