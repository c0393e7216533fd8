package io.vertebra.verifier.prevail;

import io.vertebra.verifier.analysis.ExplorationListener;
import io.vertebra.verifier.domain.Region;
import io.vertebra.verifier.domain.State;
import io.vertebra.verifier.domain.Value;
import io.vertebra.vm.exec.Addresses;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The states in which our verifier saw paths end: every run must end in one of them. */
final class ExitStates implements ExplorationListener {

    private final List<State> states = new ArrayList<>();

    @Override
    public void begins(Set<Integer> exact, Set<Integer> split) {
        states.clear();
    }

    @Override
    public void ends(int slot, State state) {
        states.add(state.copy());
    }

    /** Whether some state describes the registers r0 to r9 of a run that ended. */
    boolean describe(long[] registers) {
        return states.stream()
                .anyMatch(state ->
                        IntStream.range(0, registers.length).allMatch(r -> describes(state.register(r), registers[r])));
    }

    /** Numbers, and addresses on the stack; of others nothing is asked. */
    private static boolean describes(Value value, long content) {
        return switch (value) {
            case Value.Number n -> n.scalar().contains(content);
            case Value.Pointer p
            when p.region() instanceof Region.Stack ->
                p.variable().contains(content - Addresses.framePointer(0) - p.offset());
            case Value.Pointer _,
                    Value.MapReference _,
                    Value.FunctionReference _,
                    Value.Dynptr _,
                    Value.Uninitialised _ -> true;
        };
    }

    @Override
    public String toString() {
        return states.stream()
                .map(state -> IntStream.range(0, 10)
                        .mapToObj(r -> "r" + r + "=" + state.register(r))
                        .collect(Collectors.joining(", ")))
                .collect(Collectors.joining("\n"));
    }
}
