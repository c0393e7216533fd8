package io.vertebra.vm.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.vertebra.vm.btf.BtfExtension.CoreRelocation;
import io.vertebra.vm.btf.BtfType;
import io.vertebra.vm.format.ObjectFormatException;
import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.object.ObjectFile.MapSlot;
import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import io.vertebra.vm.program.Program;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectFileTest {

    private static MapSpec map(ObjectFile object, String name) {
        return object.maps().stream()
                .filter(m -> m.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Program program(ObjectFile object, String name) {
        return object.programs().stream()
                .filter(p -> p.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> functions(Program program) {
        return program.functions().stream().map(Program.Function::name).toList();
    }

    @Test
    void shouldReadMapsWithTheirTypes() {
        var object = TestObjects.read("maps");
        var flows = map(object, "flows");
        assertThat(flows.type()).isEqualTo(MapType.LRU_HASH);
        assertThat(flows.keySize()).isEqualTo(8);
        assertThat(flows.valueSize()).isEqualTo(16);
        assertThat(flows.maxEntries()).isEqualTo(1024);
        assertThat(flows.btf().resolved(flows.keyType()).name()).isEqualTo("flow");
        assertThat(flows.btf().resolved(flows.valueType()).name()).isEqualTo("counters");
        var perCore = map(object, "per_core");
        assertThat(List.of(perCore.keySize(), perCore.valueSize(), perCore.valueType()))
                .containsExactly(4, 24, 0);
    }

    @Test
    void shouldReadTheRecordTypeOfARingBuffer() {
        var records = map(TestObjects.read("maps"), "records");
        assertThat(records.type()).isEqualTo(MapType.RINGBUF);
        assertThat(List.of(records.keySize(), records.valueSize())).containsExactly(0, 0);
        assertThat(records.btf().sizeOf(records.valueType())).isEqualTo(32);
        var type = (BtfType.Struct) records.btf().resolved(records.valueType());
        assertThat(type.members())
                .extracting(BtfType.Member::name)
                .containsExactly("flow", "bytes", "urgent", "length", "name");
    }

    @Test
    void shouldNoteMapsAndProgramsInMaps() {
        var object = TestObjects.read("maps");
        assertThat(object.slots())
                .containsExactly(
                        new MapSlot("by_number", 0, "first_inner"),
                        new MapSlot("by_number", 2, "second_inner"),
                        new MapSlot("jumps", 1, "jumped"));
        assertThat(object.maps())
                .filteredOn(spec -> spec.inner().isPresent())
                .extracting(MapSpec::name)
                .containsExactly("by_number");
        assertThat(map(object, "by_number").inner().orElseThrow().valueSize()).isEqualTo(8);
        assertThat(map(object, "jumps").valueSize()).isEqualTo(4);
    }

    @Test
    void shouldReferToMapsByIndex() {
        var object = TestObjects.read("maps");
        var loaded = program(object, "counted").instructions().stream()
                .filter(Instruction.LoadMap.class::isInstance)
                .map(i -> object.maps().get(((Instruction.LoadMap) i).map()).name())
                .toList();
        assertThat(loaded).containsExactly("flows", "records", "per_core", "by_number", "jumps");
        assertThat(program(object, "counted").maps()).isEqualTo(object.maps());
    }

    @Test
    void shouldReadLegacyMapsOfTwoSizes() {
        var object = TestObjects.read("plain");
        assertThat(object.maps().subList(0, 2))
                .usingRecursiveComparison()
                .ignoringFields("btf")
                .isEqualTo(List.of(
                        new MapSpec("table", MapType.HASH, 4, 16, 100, 1, false, new byte[0], null, 0, 0),
                        MapSpec.of("list", MapType.ARRAY, 4, 8, 10)));
        assertThat(object.license()).isEmpty();
        assertThat(object.programs().getFirst().lines()).isEmpty();
    }

    @Test
    void shouldReadJbpfMaps() {
        var object = TestObjects.read("jbpf");
        assertThat(object.maps())
                .usingRecursiveComparison()
                .isEqualTo(List.of(
                        MapSpec.of("array", MapType.ARRAY, 8, 12, 3),
                        MapSpec.of("hash", MapType.HASH, 4, 8, 100),
                        MapSpec.of("ring", MapType.JBPF_RINGBUF, 0, 108, 100),
                        MapSpec.of("input", MapType.JBPF_CONTROL_INPUT, 0, 16, 100),
                        MapSpec.of("thread_array", MapType.PERCPU_ARRAY, 4, 8, 1),
                        MapSpec.of("thread_hash", MapType.JBPF_PER_THREAD_HASHMAP, 4, 8, 64),
                        MapSpec.of("output", MapType.JBPF_OUTPUT, 0, 71696, 10)));
        assertThat(object.maps())
                .allSatisfy(map -> assertThat(BpfMap.create(map, 2).spec()).isEqualTo(map));
    }

    /** A definition's word: its map begins at the first byte of the section with 32-byte definitions. */
    private static byte[] jbpfWith(int map, int word, int value) {
        var bytes = TestObjects.bytes("jbpf");
        var maps = ElfFile.read(bytes).section("maps").orElseThrow().content().toByteArray();
        int start = indexOf(bytes, maps);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(start + 32 * map + 4 * word, value);
        return bytes;
    }

    private static int indexOf(byte[] bytes, byte[] part) {
        int at = 0;
        while (!Arrays.equals(bytes, at, at + part.length, part, 0, part.length)) {
            at++;
        }
        return at;
    }

    @Test
    void shouldTellTheAbi() {
        for (var name : TestObjects.ALL) {
            assertThat(TestObjects.read(name).abi())
                    .as(name)
                    .isEqualTo(name.startsWith("jbpf") ? ObjectFile.Abi.JBPF : ObjectFile.Abi.NATIVE);
        }
    }

    @Test
    void shouldReadRegisteredTypesOfMaps() {
        var bytes = jbpfWith(1, 0, 16);
        assertThatThrownBy(() -> ObjectFile.read(bytes, "o"))
                .hasMessage("o: map `hash`: jbpf map type 16, known are 1 to 7");
        assertThat(ObjectFile.read(bytes, "o", Map.of(16, MapType.ARRAY)).maps().get(1))
                .usingRecursiveComparison()
                .isEqualTo(MapSpec.of("hash", MapType.ARRAY, 4, 8, 100));
    }

    @Test
    void shouldReadRegisteredMapsOfMaps() {
        var types = Map.of(17, MapType.ARRAY_OF_MAPS);
        var outer = ObjectFile.read(jbpfWith(1, 0, 17), "o", types).maps().get(1);
        assertThat(outer.valueSize()).isEqualTo(4);
        assertThat(outer.inner().map(MapSpec::name)).as("inner_map_idx=0").contains("array");
        var bytes = jbpfWith(1, 0, 17);
        var maps = ElfFile.read(bytes).section("maps").orElseThrow().content().toByteArray();
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(indexOf(bytes, maps) + 32 + 20, 7);
        assertThatThrownBy(() -> ObjectFile.read(bytes, "o", types))
                .hasMessage("o: map `hash`: inner_map_idx=7, the section has 7 maps");
    }

    @Test
    void shouldMakeOneMapPerDataSection() {
        var object = TestObjects.read("globals");
        assertThat(object.maps())
                .extracting(MapSpec::name, MapSpec::frozen, MapSpec::valueSize)
                .containsExactlyInAnyOrder(
                        tuple(".rodata", true, 80),
                        tuple(".rodata.custom", true, 8),
                        tuple(".data", false, 8),
                        tuple(".bss", false, 4),
                        tuple(".rodata.str1.1", true, 7));
        assertThat(object.license()).contains("Dual MIT/GPL");
    }

    @Test
    void shouldReadInitialValuesOfVariables() {
        var object = TestObjects.read("globals");
        assertThat(object.variable("small")).isEqualTo(1L);
        assertThat(object.variable("negative")).isEqualTo(-2L);
        assertThat(object.variable("large")).isEqualTo(new BigInteger("18446744073709551615"));
        assertThat(object.variable("enabled")).isEqualTo(true);
        assertThat(object.variable("mode")).isEqualTo("MODE_SAMPLE");
        assertThat(object.variable("wide")).isEqualTo("WIDE_LARGE");
        assertThat(object.variable("label")).isEqualTo("default");
        assertThat(object.variable("table")).isEqualTo(List.of(10L, 20L, 30L));
        assertThat(object.variable("limits")).isEqualTo(Map.of("low", 1L, "high", 2L, "level", 5L, "strict", 1L));
        assertThat(object.variable("ratio")).isEqualTo(0.5);
        assertThat(object.variable("custom")).isEqualTo(9L);
        assertThat(object.variable("total")).isEqualTo(42L);
        assertThat(object.variable("hits")).isEqualTo(0L);
    }

    @Test
    void shouldSetVariablesInACopy() {
        var before = TestObjects.read("globals");
        var after = before.withVariable("small", 255)
                .withVariable("large", BigInteger.ONE.shiftLeft(63))
                .withVariable("enabled", false)
                .withVariable("mode", "MODE_ALL")
                .withVariable("label", "fifteen letters")
                .withVariable("table", List.of(1, 2, 3))
                .withVariable("limits", Map.of("level", 7, "high", 9))
                .withVariable("hits", 5);
        assertThat(after.variable("small")).isEqualTo(255L);
        assertThat(after.variable("large")).isEqualTo(BigInteger.ONE.shiftLeft(63));
        assertThat(after.variable("enabled")).isEqualTo(false);
        assertThat(after.variable("mode")).isEqualTo("MODE_ALL");
        assertThat(after.variable("label")).isEqualTo("fifteen letters");
        assertThat(after.variable("table")).isEqualTo(List.of(1L, 2L, 3L));
        assertThat(after.variable("limits")).isEqualTo(Map.of("low", 1L, "high", 9L, "level", 7L, "strict", 1L));
        assertThat(after.variable("hits")).isEqualTo(5L);
        assertThat(after.programs().getFirst().maps()).isEqualTo(after.maps());
        assertThat(before.variable("small")).isEqualTo(1L);
        assertThat(map(before, ".bss").initial()).isEmpty();
    }

    @Test
    void shouldExplainWhyAVariableCannotBeSet() {
        rejection("small", 256).hasMessage("variable `small`: value 256: `unsigned char` takes 0 to 255");
        rejection("negative", -32_769).hasMessageContaining("takes -32768 to 32767");
        rejection("medium", 1.5).hasMessageContaining("value 1.5: `unsigned int` takes an integer");
        rejection("medium", "7").hasMessageContaining("takes an integer");
        rejection("enabled", 1).hasMessageContaining("a bool takes true or false");
        rejection("mode", "MODE_NONE").hasMessageContaining("takes one of [MODE_OFF, MODE_SAMPLE, MODE_ALL]");
        rejection("label", "sixteen letters!").hasMessageContaining("at most 15 bytes");
        rejection("table", List.of(1, 2)).hasMessageContaining("a list of 3 elements");
        rejection("table", List.of(1, 2, -3)).hasMessageContaining("variable `table[2]`: value -3");
        rejection("limits", Map.of("level", 8)).hasMessageContaining("variable `limits.level`: value 8");
        rejection("limits", Map.of("depth", 8)).hasMessageContaining("has the members [low, high, level, strict]");
        rejection("ratio", 0.25).hasMessageContaining("floating-point");
        rejection("medium", null).hasMessageContaining("value null");
        rejection("missing", 1)
                .hasMessageContaining("no such variable, it has [")
                .hasMessageContaining("small");
    }

    private static AbstractThrowableAssert<?, ?> rejection(String variable, Object value) {
        var object = TestObjects.read("globals");
        return assertThatThrownBy(() -> object.withVariable(variable, value))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldNotSetAVariableOfUnknownType() {
        var object = TestObjects.read("plain");
        assertThat(object.variables()).containsExactly(new GlobalVariable("step", ".rodata", 0, 4, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> object.withVariable("step", 3))
                .withMessageContaining("compile with -g");
    }

    @Test
    void shouldRejectVariablesThatHoldAddresses() {
        assertThatThrownBy(() -> TestObjects.read("addresses"))
                .isInstanceOf(ObjectFormatException.class)
                .hasMessage("addresses.bpf.o: section `.data`: byte 8 is initialised with the address of `number`,"
                        + " which is known only at run time");
    }

    @Test
    void shouldRejectVariablesOfTheKernel() {
        assertThatThrownBy(() -> TestObjects.read("kernel"))
                .isInstanceOf(ObjectFormatException.class)
                .hasMessageEndingWith("refers to `runqueues`, a variable of the kernel (__ksym): there is no kernel"
                        + " here, use a map of a per-CPU type");
    }

    @Test
    void shouldTakeTextForProgramsWhenThereIsNoOtherCode() {
        var object = TestObjects.read("text");
        assertThat(object.programs()).extracting(Program::name).containsExactly("plain");
        assertThat(object.programs().getFirst().section()).isEqualTo(".text");
        assertThat(functions(object.programs().getFirst())).containsExactly("plain", "half");
    }

    @Test
    void shouldLinkReachedFunctionsBehindTheirProgram() {
        var object = TestObjects.read("functions");
        assertThat(object.programs()).extracting(Program::name).containsExactly("first", "second", "alone");
        assertThat(object.programs())
                .extracting(Program::section)
                .containsExactly("hook/test/shared", "hook/test/shared", "control/test/alone");
        assertThat(functions(program(object, "first"))).containsExactly("first", "middle", "beside", "leaf");
        assertThat(functions(program(object, "second"))).containsExactly("second", "add", "leaf", "beside");
        assertThat(functions(program(object, "alone"))).containsExactly("alone");
    }

    @ParameterizedTest
    @ValueSource(strings = {"first", "second", "alone"})
    void shouldAimCallsAtFunctions(String name) {
        var program = program(TestObjects.read("functions"), name);
        var starts = program.functions().stream().map(Program.Function::start).toList();
        for (int slot = 0; slot < program.instructions().size(); slot++) {
            switch (program.instructions().get(slot)) {
                case Instruction.CallLocal call -> assertThat(starts).contains(slot + 1 + call.offset());
                case Instruction.LoadFunction load -> assertThat(starts).contains(slot + 1 + load.offset());
                default -> {}
            }
        }
        var last = program.functions().getLast();
        assertThat(last.end()).isEqualTo(program.instructions().size());
    }

    @Test
    void shouldGiveCallbacksTheirFunction() {
        var program = program(TestObjects.read("functions"), "second");
        int slot = 0;
        while (!(program.instructions().get(slot) instanceof Instruction.LoadFunction)) {
            slot++;
        }
        var load = (Instruction.LoadFunction) program.instructions().get(slot);
        assertThat(program.functionAt(slot + 1 + load.offset()).name()).isEqualTo("add");
    }

    @Test
    void shouldMoveSourceLinesWithTheirFunction() {
        var program = program(TestObjects.read("functions"), "first");
        var leaf = program.functions().getLast();
        var line = program.sourceOf(leaf.end() - 1).orElseThrow();
        assertThat(line.text().strip()).isEqualTo("return value % 13;");
        assertThat(line).hasToString("functions.bpf.c:8");
        assertThat(program.sourceOf(0).orElseThrow().line()).isEqualTo(30);
    }

    @Test
    void shouldKeepRelocationsForTheTarget() {
        var object = TestObjects.read("relocatable");
        var records = object.coreRelocations().get("relocatable");
        var program = object.programs().getFirst();
        assertThat(records.values())
                .extracting(CoreRelocation::kind)
                .containsExactlyInAnyOrder(
                        CoreRelocation.Kind.FIELD_EXISTS,
                        CoreRelocation.Kind.FIELD_BYTE_OFFSET,
                        CoreRelocation.Kind.FIELD_BYTE_OFFSET);
        int port = records.lastKey();
        assertThat(records.get(port).access()).containsExactly(0, 2, 1, 1);
        assertThat(object.btf().type(records.get(port).type()).name()).isEqualTo("event");
        assertThat(program.functionAt(port).name()).isEqualTo("port_of");
        assertThat(program.instructions().get(port)).isInstanceOf(Instruction.Load.class);
    }

    @Test
    void shouldReadTheSameValueFromTheSameBytes() {
        for (var name : TestObjects.ALL) {
            assertThat(TestObjects.read(name)).usingRecursiveComparison().isEqualTo(TestObjects.read(name));
        }
    }
}
