package io.vertebra.runtime.codelet;

import static io.vertebra.runtime.codelet.ProbeHooks.HOOKS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.vertebra.config.RuntimeSettings;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Records that are sent into a set from outside. */
class InputTest {

    private static final String SET = "codelets: [{object: input.bpf.o}]\ninputs: {limit: {map: limits}}\n";

    private final CodeletRuntime runtime = CodeletRuntime.start(RuntimeSettings.ofCores(1));

    @AfterEach
    void close() {
        runtime.close(Duration.ofSeconds(5));
    }

    @Test
    void shouldSteerACodelet() throws Exception {
        Sets.load(runtime, "set", SET);
        assertThat(HOOKS.choose(50, 0)).isZero();
        assertThat(runtime.input("limit").send(Map.of("most", 10, "route", 7, "strict", true)))
                .isTrue();
        assertThat(runtime.input("limit").waiting()).isEqualTo(1);
        assertThat(HOOKS.choose(5, 0)).isEqualTo(7);
        assertThat(HOOKS.choose(50, 0)).isEqualTo(-2);
        assertThat(runtime.input("limit").send(new byte[] {60, 0, 0, 0, 3, 0, 0, 0}))
                .isTrue();
        assertThat(HOOKS.choose(50, 0)).isEqualTo(3);
        assertThat(runtime.input("limit").waiting()).isZero();
    }

    @Test
    void shouldRefuseAndCountWhatFindsNoRoom() throws Exception {
        Sets.load(runtime, "set", SET);
        var input = runtime.input("limit");
        for (int i = 0; i < 5; i++) {
            assertThat(input.send(Map.of("most", i))).isEqualTo(i < 3);
        }
        assertThat(input.accepted()).isEqualTo(3);
        assertThat(input.refused()).isEqualTo(2);
        assertThat(input.waiting()).isEqualTo(3);
    }

    @Test
    void shouldSayWhatDoesNotFit() throws Exception {
        Sets.load(runtime, "set", SET);
        var input = runtime.input("limit");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> input.send(new byte[3]))
                .withMessage("input `limit`: a record of 3 bytes, allowed is 8");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> input.send(Map.of("least", 3)))
                .withMessageContaining("least");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> input.send(Map.of("route", 70_000)))
                .withMessageContaining("70000");
        assertThat(input.accepted() + input.refused()).isZero();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> runtime.input("nothing"))
                .withMessage("input `nothing`: unknown, known are [limit]");
    }

    @Test
    void shouldRefuseInputsThatCannotBe() throws Exception {
        Sets.load(runtime, "set", SET);
        for (var refused : Map.of(
                        "inputs: {a: {map: nothing}}", "input `a`: no map `nothing`, the set has",
                        "inputs: {a: {map: totals}}",
                                "input `a`: map `totals` is a ARRAY, needed is a QUEUE, a STACK or a USER_RINGBUF")
                .entrySet()) {
            assertThatExceptionOfType(LoadException.class)
                    .isThrownBy(
                            () -> Sets.load(runtime, "other", "codelets: [{object: count.bpf.o}]\n" + refused.getKey()))
                    .withMessageStartingWith(refused.getValue());
        }
        var second = Sets.open(
                runtime,
                "second",
                "codelets: [{object: input.bpf.o, program: choose}]\ninputs: {limit: {map: limits}}");
        assertThatExceptionOfType(LoadException.class)
                .isThrownBy(second::load)
                .withMessage("input `limit`: the name is taken by another input, give it one of its own");
    }

    @Test
    void shouldStayOverAReplacement() throws Exception {
        var set = Sets.load(runtime, "set", SET);
        var input = runtime.input("limit");
        input.send(Map.of("most", 10, "route", 9));
        set.replace(Sets.open(runtime, "set", SET));
        assertThat(runtime.input("limit")).isSameAs(input);
        assertThat(HOOKS.choose(5, 0)).isEqualTo(9);
    }
}
