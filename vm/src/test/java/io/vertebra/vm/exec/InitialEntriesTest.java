package io.vertebra.vm.exec;

import static io.vertebra.vm.exec.Code.code;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertebra.vm.format.ObjectFormatException;
import io.vertebra.vm.helper.Helpers;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.map.BpfMapOfMaps;
import io.vertebra.vm.object.Continuations;
import io.vertebra.vm.object.ObjectFile;
import io.vertebra.vm.object.ObjectFile.MapSlot;
import io.vertebra.vm.object.TestObjects;
import io.vertebra.vm.program.Program;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The initial entries of maps.bpf.c: inner maps in places 0 and 2, and the program {@code jumped} in place 1. */
class InitialEntriesTest {

    private final ObjectFile object = TestObjects.read("maps");
    private final List<BpfMap> maps =
            object.maps().stream().map(spec -> BpfMap.create(spec, 1)).toList();

    private Program program(String name) {
        return object.programs().stream()
                .filter(p -> p.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private Executable executable(String program) {
        return Interpreter.prepare(program(program), maps, Helpers.standard(), 1000);
    }

    private BpfMap map(String name) {
        return maps.stream()
                .filter(m -> m.spec().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void shouldContinueInInitialPrograms() {
        var continuations = Continuations.of(object, program("counted"));
        assertThat(continuations.programs()).containsExactly(program("jumped"));
        var jump = code(map("jumps")).map(2, 0).mov(3, 1).call(12).mov(0, -1).exit();
        assertThat(jump.prepare().run(new RunContext(0, 0))).isEqualTo(-1);
        InitialEntries.putPrograms(continuations.slots(), maps, Map.of("jumped", executable("jumped")));
        assertThat(jump.prepare().run(new RunContext(0, 0))).isEqualTo(7);
    }

    @Test
    void shouldPutInnerMaps() {
        InitialEntries.putMaps(object, maps);
        var outer = (BpfMapOfMaps) map("by_number");
        assertThat(outer.inner(new byte[] {0, 0, 0, 0})).containsSame(map("first_inner"));
        assertThat(outer.inner(new byte[] {1, 0, 0, 0})).isEmpty();
        assertThat(outer.inner(new byte[] {2, 0, 0, 0})).containsSame(map("second_inner"));
    }

    @Test
    void shouldFollowOnlyArraysThatAreUsed() {
        assertThat(Continuations.of(object, program("jumped")).slots()).isEmpty();
        assertThat(Continuations.targets(object)).containsExactly("jumped");
    }

    @Test
    void shouldNameEntriesThatDoNotFit() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> InitialEntries.putPrograms(List.of(new MapSlot("jumps", 2, "jumped")), maps, Map.of()))
                .withMessage("map `jumps`: initial entry 2: no room, max_entries=2");
        var wrong = new ObjectFile(
                "o",
                object.programs(),
                object.maps(),
                List.of(new MapSlot("jumps", 0, "flows")),
                object.btf(),
                object.license(),
                object.variables(),
                object.coreRelocations(),
                object.abi());
        assertThatThrownBy(() -> Continuations.of(wrong, program("counted")))
                .isInstanceOf(ObjectFormatException.class)
                .hasMessage("o: map `jumps`: initial entry 0 is `flows`, needed is a program");
    }
}
