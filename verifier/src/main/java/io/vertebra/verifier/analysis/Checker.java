package io.vertebra.verifier.analysis;

import io.vertebra.verifier.assertion.Assertion;
import io.vertebra.verifier.domain.Region;
import io.vertebra.verifier.domain.State;
import io.vertebra.verifier.domain.Value;
import io.vertebra.verifier.domain.Value.MapReference;
import io.vertebra.verifier.domain.Value.Number;
import io.vertebra.verifier.domain.Value.Pointer;
import io.vertebra.verifier.platform.Platform;
import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.Immediate;
import io.vertebra.vm.isa.Instruction.Operand;
import io.vertebra.vm.isa.Instruction.Register;
import io.vertebra.vm.isa.Instruction.Width;
import java.util.Locale;
import java.util.Optional;

/** Whether a state entails an assertion. Changes nothing. */
final class Checker {

    /** Constant distances that a pointer may have from its region, either way. */
    private static final long MAX_OFFSET = 1L << 29;

    private final Platform platform;
    private final Text text;
    private final MemoryChecker memory;
    private final OpaqueChecker opaque;
    private final ArgumentChecker arguments;
    private final FrameChecker frames;

    Checker(Subject subject) {
        platform = subject.platform;
        var program = subject.program;
        text = new Text(program, platform);
        memory = new MemoryChecker(subject, text);
        opaque = new OpaqueChecker(subject, text);
        arguments = new ArgumentChecker(program, memory, opaque, text);
        frames = new FrameChecker(program, opaque, text);
    }

    /** Why the state does not entail the assertion, if it does not. */
    Optional<Violation> check(State state, Assertion assertion) {
        return switch (assertion) {
            case Assertion.Initialised a -> initialised(a.register(), state.register(a.register()));
            case Assertion.IsNumber a -> number(a, state.register(a.register()));
            case Assertion.Access a -> memory.access(state, a.base(), a.offset(), a.bytes(), a.kind());
            case Assertion.Storable a -> storable(state, a);
            case Assertion.Arithmetic a -> arithmetic(state, a);
            case Assertion.Divisor a -> divisor(state, a);
            case Assertion.IsContext a ->
                ArgumentChecker.isContext(state.register(a.register()))
                        ? none()
                        : violation(
                                a.operation() + " without the context",
                                text.is(a.register(), state.register(a.register())),
                                "the context pointer, unchanged, in " + Text.register(a.register()),
                                "");
            case Assertion.Comparable a -> comparable(state, a);
            case Assertion.HelperExists a ->
                violation(
                        "helper " + a.helper()
                                + platform.unavailable(a.helper())
                                        .map(name -> " (`" + name + "`)")
                                        .orElse("") + " is not available here",
                        "",
                        "a helper that there is where the codelet will run",
                        "leave the call out, or let the application offer a helper of its own");
            case Assertion.HelperKnown a ->
                state.register(a.register()) instanceof Number n && n.scalar().isConstant()
                        ? none()
                        : violation(
                                "the helper to call is not known",
                                text.is(a.register(), state.register(a.register())),
                                "a constant id",
                                "");
            case Assertion.Argument a -> arguments.check(state, a.prototype(), a.index());
            case Assertion.MayLeave a -> opaque.mayEnd(state, a.by()).or(() -> frames.mayLeave(state, a.by()));
            case Assertion.MayCall a -> opaque.mayCall(state, a.prototype());
            case Assertion.MayCallBack a -> frames.mayCallBack(state, a.prototype(), a.index());
            case Assertion.MayEnter a -> frames.mayEnter(state, a.entry());
            case Assertion.MayReturn _ -> frames.mayReturn(state);
            case Assertion.Never a -> violation(a.problem(), "", a.needed(), a.hint());
        };
    }

    private Optional<Violation> initialised(int register, Value value) {
        return value instanceof Value.Uninitialised
                ? violation(
                        Text.register(register) + " is not initialised",
                        "",
                        "a value on every path that leads here",
                        Text.SET_EVERYWHERE)
                : none();
    }

    private Optional<Violation> number(Assertion.IsNumber assertion, Value value) {
        if (value instanceof Value.Uninitialised) {
            return initialised(assertion.register(), value);
        }
        return value instanceof Number
                ? none()
                : violation(
                        assertion.operation() + " of a pointer", text.is(assertion.register(), value), "a number", "");
    }

    private Optional<Violation> storable(State state, Assertion.Storable a) {
        var value = state.register(a.register());
        if (value instanceof Number || !(state.register(a.base()) instanceof Pointer base)) {
            return none();
        }
        if (!(base.region() instanceof Region.Stack stack)) {
            return violation(
                    "a pointer would be stored in " + text.region(base.region()),
                    text.is(a.register(), value),
                    "a number: pointers must not leave the stack",
                    "store the number behind the pointer");
        }
        var extent = Extent.of(base, a.offset());
        if (!extent.isExact()) {
            return violation(
                    "a pointer would be stored at an unknown place",
                    extent + ", " + a.bytes() + " bytes",
                    "a constant offset",
                    "");
        }
        if (value instanceof Pointer p && p.region() instanceof Region.Stack target && target.frame() > stack.frame()) {
            return violation(
                    "the address of a local variable would outlive its function",
                    text.is(a.register(), value),
                    "an address of the same function or a caller",
                    "declare the variable in the caller, and pass its address");
        }
        return none();
    }

    private Optional<Violation> arithmetic(State state, Assertion.Arithmetic a) {
        var left = state.register(a.dst());
        var right = operand(state, a.src());
        if (a.op() == AluOp.MOV) {
            return a.width() == Width.W64 || right instanceof Number
                    ? none()
                    : violation(
                            "a 32-bit copy of a pointer",
                            text.kind(right),
                            "a 64-bit copy",
                            "keep pointers in 64 bits");
        }
        if (left instanceof Number && right instanceof Number) {
            return none();
        }
        boolean allowed = a.width() == Width.W64
                && switch (a.op()) {
                    case ADD -> movable(left, right) || movable(right, left);
                    case SUB -> movable(left, right) || subtractable(left, right);
                    case MUL, DIV, SDIV, MOD, SMOD, OR, AND, XOR, LSH, RSH, ARSH, MOV -> false;
                };
        return allowed
                ? none()
                : violation(
                        a.op().name().toLowerCase(Locale.ROOT) + (a.width() == Width.W32 ? " (32 bits)" : "")
                                + " is not possible on these operands",
                        "left is " + text.kind(left) + ", right is " + text.kind(right),
                        "numbers, or a 64-bit addition of a number to a pointer that is not null",
                        left instanceof Pointer p && p.nullable() ? "check the result for NULL before use" : "");
    }

    private static boolean movable(Value pointer, Value distance) {
        if (!(pointer instanceof Pointer p)
                || p.nullable()
                || p.region() instanceof Region.MapObject
                || !(distance instanceof Number n)) {
            return false;
        }
        if (n.scalar().isConstant()) {
            long by = n.scalar().value();
            return isNear(by) && isNear(p.offset());
        }
        return !(p.region() instanceof Region.PayloadEnd || p.region() instanceof Region.Context);
    }

    private static boolean isNear(long distance) {
        return distance >= -MAX_OFFSET && distance <= MAX_OFFSET;
    }

    private static boolean subtractable(Value left, Value right) {
        if (!(left instanceof Pointer a) || !(right instanceof Pointer b) || a.nullable() || b.nullable()) {
            return false;
        }
        boolean sameObject =
                a.region().equals(b.region()) && a.id() == b.id() && !(a.region() instanceof Region.MapObject);
        return sameObject || (isPayload(a) && isPayload(b));
    }

    private static boolean isPayload(Pointer pointer) {
        return pointer.region() instanceof Region.Payload || pointer.region() instanceof Region.PayloadEnd;
    }

    private Optional<Violation> divisor(State state, Assertion.Divisor a) {
        if (!(operand(state, a.operand()) instanceof Number number)) {
            return none();
        }
        boolean zero = number.scalar().range(a.width()).contains(0)
                && number.scalar().bits(a.width()).contains(0);
        return zero
                ? violation(
                        "a division by zero",
                        "the divisor is " + number.scalar(),
                        "a divisor that is not 0 in the bits that divide",
                        "compare it with 0 first")
                : none();
    }

    private Optional<Violation> comparable(State state, Assertion.Comparable a) {
        var left = state.register(a.left());
        var right = operand(state, a.right());
        if (left instanceof Number && right instanceof Number) {
            return none();
        }
        boolean allowed = a.width() == Width.W64
                && switch (a.condition()) {
                    case EQ, NE ->
                        nullCheck(left, right)
                                || nullCheck(right, left)
                                || subtractable(left, right)
                                || (left instanceof MapReference && right instanceof MapReference);
                    case GT, GE, LT, LE ->
                        nullCheck(left, right)
                                || nullCheck(right, left)
                                || (left instanceof Pointer p
                                        && right instanceof Pointer q
                                        && isPayload(p)
                                        && isPayload(q));
                    case SGT, SGE, SLT, SLE, SET -> false;
                };
        return allowed
                ? none()
                : violation(
                        "these operands cannot be compared",
                        "left is " + text.kind(left) + ", right is " + text.kind(right),
                        "two numbers, a pointer and NULL, or two pointers to the payload",
                        "");
    }

    private static boolean nullCheck(Value pointer, Value zero) {
        return pointer instanceof Pointer
                && zero instanceof Number n
                && n.scalar().isConstant()
                && n.scalar().value() == 0;
    }

    private static Value operand(State state, Operand operand) {
        return switch (operand) {
            case Register r -> state.register(r.number());
            case Immediate i -> Transformer.constant(i.value());
        };
    }

    private static Optional<Violation> none() {
        return Optional.empty();
    }

    private static Optional<Violation> violation(String problem, String known, String needed, String hint) {
        return Optional.of(new Violation(problem, known, needed, hint));
    }
}
