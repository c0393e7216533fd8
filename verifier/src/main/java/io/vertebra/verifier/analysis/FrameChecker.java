package io.vertebra.verifier.analysis;

import io.vertebra.verifier.domain.Frame;
import io.vertebra.verifier.domain.Region;
import io.vertebra.verifier.domain.State;
import io.vertebra.verifier.domain.State.Reservation;
import io.vertebra.verifier.domain.Value;
import io.vertebra.verifier.domain.Value.FunctionReference;
import io.vertebra.verifier.domain.Value.Number;
import io.vertebra.verifier.domain.Value.Pointer;
import io.vertebra.vm.helper.Callback;
import io.vertebra.vm.helper.HelperPrototype;
import io.vertebra.vm.program.Program;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Whether functions may be entered and left: nesting, recursion, results, and what is held. */
final class FrameChecker {

    private final Program program;
    private final OpaqueChecker opaque;
    private final Text text;

    FrameChecker(Program program, OpaqueChecker opaque, Text text) {
        this.opaque = opaque;
        this.program = program;
        this.text = text;
    }

    Optional<Violation> mayEnter(State state, int entry) {
        var name = program.functionAt(entry).name();
        var locked = opaque.mayEnter(state, name);
        if (locked.isPresent()) {
            return locked;
        }
        if (state.depth() == State.MAX_FRAMES) {
            return violation(
                    "the call of `" + name + "` nests too deep",
                    active(state),
                    "at most " + State.MAX_FRAMES + " functions at once",
                    "let the compiler inline some of them (__always_inline)");
        }
        for (int i = 0; i < state.depth(); i++) {
            if (state.frame(i).entry() == entry) {
                return violation(
                        "`" + name + "` calls itself", active(state), "no recursion", "write it as a bounded loop");
            }
        }
        return none();
    }

    private String active(State state) {
        return IntStream.range(0, state.depth())
                .mapToObj(i -> "`" + program.functionAt(state.frame(i).entry()).name() + "`")
                .collect(Collectors.joining(", ", "active are ", ""));
    }

    Optional<Violation> mayCallBack(State state, HelperPrototype prototype, int index) {
        var callback = prototype.callback().orElseThrow();
        if (!(state.register(index + 1) instanceof FunctionReference function)
                || callback.times() instanceof Callback.Later) {
            return none();
        }
        var map = Arguments.map(state, prototype, prototype.arguments().size()).map(program.maps()::get);
        return map.filter(m -> callback.parameters().contains(Callback.Parameter.MAP_KEY)
                                && m.keySize() > Frame.STACK_SIZE)
                        .isPresent()
                ? violation(
                        "the keys of map `" + map.get().name() + "` are too long for a callback",
                        map.get().keySize() + " bytes",
                        "at most " + Frame.STACK_SIZE,
                        "use shorter keys")
                : mayEnter(state, function.slot());
    }

    /**
     * Whether the run may go on in another program. Only the entry function's frame may be given up: what a subprogram's
     * caller would find in r0 is not known, nor how many frames the other program adds to those that are active.
     */
    Optional<Violation> mayLeave(State state, String by) {
        if (state.depth() > 1 || state.current().duty().isPresent()) {
            return violation(
                    by + " in `" + program.functionAt(state.current().entry()).name() + "`",
                    "only the entry function may end the run or go on in another program",
                    "a call in `" + program.functionAt(0).name() + "` itself",
                    "let the compiler inline the function (__always_inline), or return and call there");
        }
        return nothingHeld(state, by);
    }

    private Optional<Violation> nothingHeld(State state, String where) {
        return state.reservations().isEmpty()
                ? none()
                : lost(state.reservations().getFirst(), state.reservations().size(), where);
    }

    Optional<Violation> mayReturn(State state) {
        var locked = opaque.mayReturn(
                state, program.functionAt(state.current().entry()).name());
        if (locked.isPresent()) {
            return locked;
        }
        var duty = state.current().duty();
        if (duty.isPresent()) {
            return mayReturnToHelper(state, duty.get());
        }
        var result = state.register(0);
        if (state.depth() > 1) {
            return result instanceof Pointer p
                            && p.region() instanceof Region.Stack stack
                            && stack.frame() == state.depth() - 1
                    ? violation("the function returns the address of a local variable", "", "a value that lives on", "")
                    : none();
        }
        var lost = nothingHeld(state, "the program's end");
        if (lost.isPresent()) {
            return lost;
        }
        return result instanceof Number
                ? none()
                : violation(
                        result instanceof Value.Uninitialised
                                ? "r0 is not initialised at the program's end"
                                : "the program would return a pointer",
                        text.is(0, result),
                        "a number in r0",
                        "return a number on every path");
    }

    private Optional<Violation> mayReturnToHelper(State state, Frame.Duty duty) {
        var name = program.functionAt(state.current().entry()).name();
        var extra = minus(state.reservations(), duty.held());
        if (!extra.isEmpty()) {
            return lost(extra.getFirst(), extra.size(), "the end of callback `" + name + "`");
        }
        var gone = minus(duty.held(), state.reservations());
        if (!gone.isEmpty()) {
            return violation(
                    "callback `" + name + "` releases a record of its caller",
                    "a record of " + text.map(gone.getFirst().map()) + " is gone, the next call would find it again",
                    "what the caller has reserved is still reserved",
                    "submit or discard it after the call of the helper");
        }
        if (!(state.register(0) instanceof Number n)
                || Long.compareUnsigned(n.scalar().wide().umax(), duty.greatestResult()) > 0) {
            return violation(
                    "the result of callback `" + name + "` is wrong",
                    text.is(0, state.register(0)),
                    duty.greatestResult() == 0 ? "0" : "0 to go on, or 1 to stop",
                    "return " + (duty.greatestResult() == 0 ? "0" : "0 or 1") + " on every path");
        }
        return none();
    }

    private static List<Reservation> minus(List<Reservation> some, List<Reservation> others) {
        return some.stream().filter(r -> !others.contains(r)).toList();
    }

    private Optional<Violation> lost(Reservation reservation, int held, String where) {
        return violation(
                "a reserved record of " + text.map(reservation.map()) + " is lost at " + where,
                held == 1 ? "it is still reserved" : held + " records are still reserved",
                "one submit or discard for each reservation on every path",
                reservation.dynptr()
                        ? "call bpf_ringbuf_submit_dynptr or bpf_ringbuf_discard_dynptr, also when the reserve failed"
                        : "call bpf_ringbuf_submit or bpf_ringbuf_discard before this return");
    }

    private static Optional<Violation> none() {
        return Optional.empty();
    }

    private static Optional<Violation> violation(String problem, String known, String needed, String hint) {
        return Optional.of(new Violation(problem, known, needed, hint));
    }
}
