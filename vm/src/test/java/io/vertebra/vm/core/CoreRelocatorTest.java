package io.vertebra.vm.core;

import static io.vertebra.vm.core.Types.bits;
import static io.vertebra.vm.core.Types.member;
import static io.vertebra.vm.core.Types.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertebra.vm.btf.BtfExtension.CoreRelocation;
import io.vertebra.vm.btf.BtfExtension.CoreRelocation.Kind;
import io.vertebra.vm.btf.BtfType;
import io.vertebra.vm.exec.Interpreter;
import io.vertebra.vm.exec.RunContext;
import io.vertebra.vm.format.ObjectFormatException;
import io.vertebra.vm.helper.Helpers;
import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.Instruction.AccessSize;
import io.vertebra.vm.object.ObjectFile;
import io.vertebra.vm.object.TestObjects;
import io.vertebra.vm.program.Program;
import io.vertebra.vm.program.ProgramFault;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each program of core.bpf.c, relocated and run over memory that is laid out as the target says. */
class CoreRelocatorTest {

    private static final ObjectFile OBJECT = TestObjects.read("core");

    private final Types types = new Types();
    private final int u8 = types.unsigned("unsigned char", 1);
    private final int u16 = types.unsigned("unsigned short", 2);
    private final int u32 = types.unsigned("unsigned int", 4);
    private final int u64 = types.unsigned("unsigned long long", 8);
    private final int s8 = types.signed("signed char", 1);
    private final int s32 = types.signed("int", 4);
    private final int s64 = types.signed("long long", 8);
    private final ByteBuffer memory = ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN);

    private static Program program(String name) {
        return OBJECT.programs().stream()
                .filter(p -> p.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Program relocated(String name, CoreTarget target) {
        return OBJECT.relocated(program(name), target);
    }

    private long run(String name) {
        return run(relocated(name, types.target()));
    }

    private long run(Program program) {
        return Interpreter.prepare(program, List.of(), Helpers.standard(), 1000)
                .run(new RunContext(0, 0).context(MemorySegment.ofArray(memory.array()), 0, memory.capacity()));
    }

    private int event(BtfType.Member... members) {
        return types.struct("event", 128, members);
    }

    @Test
    void shouldFollowMovedFields() {
        event(member("length", u32, 0), member("time", u64, 40));
        memory.putLong(40, 0x1234_5678_9abc_def0L).putInt(0, -2);
        assertThat(run("read_time")).isEqualTo(0x1234_5678_9abc_def0L);
        assertThat(run("read_length")).isEqualTo(0xffff_fffeL);
    }

    @Test
    void shouldLoadUnsignedFieldsWithTheirSize() {
        event(member("length", u64, 8), member("time", u16, 3));
        memory.putLong(8, 0x1_0000_0002L).putInt(3, 0xffff_8001);
        assertThat(run("read_length")).isEqualTo(0x1_0000_0002L);
        assertThat(run("read_time")).isEqualTo(0x8001);
    }

    @Test
    void shouldKeepTheSignOfFieldsThatChangedSize() {
        event(member("balance", s64, 8), member("total", s32, 20));
        memory.putLong(8, -7).putInt(20, -9).putInt(24, 5);
        assertThat(run("read_balance")).isEqualTo(-7);
        assertThat(run("read_total")).isEqualTo(-9);
    }

    @ParameterizedTest
    @CsvSource({
        "read_length, length, s64, 8 bytes",
        "read_balance, balance, s8, 1 bytes",
        "read_total, total, u32, 4 bytes",
        "write_length, length, s64, 8 bytes",
    })
    void shouldPoisonLoadsThatWouldGiveOtherNumbers(String program, String field, String type, String size) {
        int id = switch (type) {
            case "s64" -> s64;
            case "s8" -> s8;
            default -> u32;
        };
        event(member(field, id, 8));
        assertThatThrownBy(() -> run(program))
                .isInstanceOf(ProgramFault.class)
                .hasMessageMatching(
                        "insn \\d+: field `%s` of struct event: hook `test/event` has it with %s, the object with ., which this access cannot follow"
                                .formatted(field, size));
    }

    @Test
    void shouldFindFieldsInAnonymousMembers() {
        int inner = types.struct("", 8, member("unused", u32, 0), member("high", u16, 6));
        int both = types.union("", 8, member("", inner, 0), member("both", u64, 0));
        event(member("time", u64, 0), member("", both, 16));
        memory.putShort(22, (short) 0xbeef);
        assertThat(run("read_high")).isEqualTo(0xbeef);
    }

    @Test
    void shouldFollowArrays() {
        int point = types.struct("point", 12, member("z", s32, 0), member("y", s32, 4), member("x", s32, 8));
        event(member("points", types.array(point, 2), 10), member("name", types.array(u8, 16), 100));
        memory.putInt(10 + 12 + 4, -4);
        for (int i = 0; i < 8; i++) {
            memory.put(100 + i, (byte) (i + 1));
        }
        assertThat(run("read_point")).isEqualTo(-4);
        assertThat(run("sum_name")).isEqualTo(12345678);
        assertThat(run("exists_point")).as("points[2] of 2").isZero();
        assertThat(run("size_of_name")).isEqualTo(16);
        assertThat(run("size_of_points_1")).isEqualTo(12);
    }

    @Test
    void shouldStepOverWholeStructs() {
        event(member("length", u32, 8));
        memory.putInt(128 + 8, 99);
        assertThat(run("read_second_event")).isEqualTo(99);
    }

    @Test
    void shouldFollowTypedefsAndModifiers() {
        int constant = types.add(new BtfType.Modifier("", BtfType.Modifier.Kind.CONST, u64));
        event(member("time", types.add(new BtfType.Typedef("nanos_t", constant)), 24));
        memory.putLong(24, 5);
        assertThat(run("read_time")).isEqualTo(5);
    }

    @Test
    void shouldReadBitFieldsWhereverTheyAre() {
        event(bits("second", u32, 60, 7), bits("third", s8, 7, 3));
        // 60..66 needs a load of 8 bytes that covers both words: none is aligned, so it lies in one word elsewhere
        assertThatThrownBy(() -> run("read_second"))
                .isInstanceOf(ObjectFormatException.class)
                .hasMessageContaining("bit field `second`: no load of 8 bytes has all its bits");
    }

    @Test
    void shouldShiftBitFields() {
        event(bits("second", u32, 37, 7), bits("third", s32, 13, 3));
        memory.putLong(0, 0b1010_011L << 37 | 0b110L << 13);
        assertThat(run("read_second")).isEqualTo(0b1010_011);
        assertThat(run("read_third")).isEqualTo(-2);
    }

    @Test
    void shouldReadWholeFieldsAsBitFields() {
        event(member("second", u8, 5), member("third", s64, 16));
        memory.put(5, (byte) 200).putLong(16, -1L << 40);
        assertThat(run("read_second")).isEqualTo(200);
        assertThat(run("read_third")).isEqualTo(-1L << 40);
    }

    @Test
    void shouldTellSignsAndShifts() {
        event(member("balance", u32, 0), member("length", u16, 4));
        assertThat(run("signed_balance")).isZero();
        assertThat(run("shifts_of_length")).isEqualTo(48 * 100 + 48);
    }

    @Test
    void shouldTellWhatExists() {
        event(
                member("gone", u32, 8),
                member("points", types.array(types.struct("point", 4, member("x", s8, 0)), 3), 0));
        assertThat(run("exists_gone")).isEqualTo(1);
        assertThat(run("exists_point")).isEqualTo(1);
        memory.putInt(8, 6);
        assertThat(run("guard_gone")).isEqualTo(6);
    }

    @Test
    void shouldAllowPoisonThatIsNotReached() {
        event(member("time", u64, 0));
        assertThat(run("exists_gone")).isZero();
        assertThat(run("guard_gone")).isEqualTo(77);
        assertThat(run("prefer_old")).isEqualTo(78);
        var poisoned = relocated("guard_gone", types.target());
        assertThat(poisoned.poisoned().values())
                .containsExactly("field `gone` of struct event: hook `test/event` has no field `gone`, it has time");
        assertThat(poisoned.instructions()).contains(new Instruction.Call(0xbad2310));
    }

    @Test
    void shouldSayWhatIsMissing() {
        assertThatThrownBy(() -> run("read_gone"))
                .isInstanceOf(ProgramFault.class)
                .hasMessage("insn 0: struct event: hook `test/event` has no such struct");
        event(member("gone", types.array(u8, 8), 0), member("points", types.array(u8, 3), 8));
        assertThatThrownBy(() -> run("read_gone"))
                .hasMessage("insn 0: field `gone` of struct event: hook `test/event` has field `gone` as"
                        + " `unsigned char[8]`, the object as `__u64`");
        assertThatThrownBy(() -> run("read_point"))
                .hasMessageContaining("field `points[1].y` of struct event: hook `test/event` has field `points` as");
        assertThatThrownBy(() -> run("value_of_huge"))
                .hasMessage("insn 0: enumerator `HUGE_ONE` of enum size: hook `test/event` has no such enumerator");
    }

    @Test
    void shouldTakeFlavorsForTheSameType() {
        types.struct("event___v2", 64, member("gone", u16, 32));
        memory.putShort(32, (short) 40);
        assertThat(run("read_gone")).isEqualTo(40);
        assertThat(run("prefer_old")).isEqualTo(40);
    }

    @Test
    void shouldRefuseTypesThatContradictEachOther() {
        event(member("time", u64, 0));
        types.struct("event___v2", 64, member("time", u64, 8));
        assertThatThrownBy(() -> run("read_time"))
                .isInstanceOf(ObjectFormatException.class)
                .hasMessageEndingWith("struct event::time (0:0): ambiguous, hook `test/event` has it in type 8 `event`"
                        + " and in type 9 `event___v2`");
    }

    @Test
    void shouldStoreWithTheSizeOfTheField() {
        event(member("length", u16, 6), member("time", types.pointer(0), 48), member("total", s64, 80));
        assertThat(relocated("write_length", types.target()).instructions())
                .anyMatch(i -> i instanceof Instruction.Store s && s.offset() == 6 && s.size() == AccessSize.HALF);
        assertThat(relocated("add_total", types.target()).instructions())
                .contains(new Instruction.Alu(
                        Instruction.Width.W64, Instruction.AluOp.MOV, 2, new Instruction.Immediate(80)));
    }

    @Test
    void shouldPassPointersAndEnumsOn() {
        int color = types.enumeration("color___v2", 4, value("RED", 1));
        event(member("pointer", types.pointer(u8), 16), member("color", color, 4));
        memory.putLong(16, 1234).putInt(4, 3);
        assertThat(run("read_pointer")).isEqualTo(1234);
        assertThat(run("read_color")).isEqualTo(3);
    }

    @Test
    void shouldTellTypes() {
        long local = run("local_id");
        assertThat(OBJECT.btf().type((int) local).name()).isEqualTo("point");
        assertThat(run("target_id")).isZero();
        assertThat(run("size_of_point")).isZero();
        assertThat(run("exist_types")).isZero();

        int point = types.struct("point", 20, member("x", s64, 0));
        assertThat(run("target_id")).isEqualTo(point);
        assertThat(run("target_id_absent")).isZero();
        assertThat(run("size_of_point")).isEqualTo(20);
        assertThat(run("exist_types")).isEqualTo(1000);
        assertThat(run("match_types")).as("x has another type, y is missing").isZero();
    }

    @Test
    void shouldTellWhetherTypesMatch() {
        int x = types.add(new BtfType.Typedef("coordinate", s32));
        int point = types.struct("point", 12, member("z", s32, 0), member("y", s32, 4), member("x", x, 8));
        int color = types.enumeration("color", 4, value("BLUE", 9), value("RED", 1), value("GREEN", 2), value("X", 3));
        int prototype = types.add(new BtfType.Prototype(
                s32, List.of(new BtfType.Parameter("", types.pointer(point)), new BtfType.Parameter("", color))));
        types.add(new BtfType.Typedef("callback", types.pointer(prototype)));
        assertThat(run("match_types")).isEqualTo(1011);
        assertThat(run("exist_types")).isEqualTo(1001);
    }

    @Test
    void shouldFollowEnumerators() {
        types.enumeration("color", 8, value("GREEN___v2", -8), value("BLUE", Integer.MIN_VALUE));
        types.enumeration("size", 8, value("HUGE_ONE", Long.MIN_VALUE));
        assertThat(run("exist_enumerators")).isEqualTo(10);
        assertThat(run("value_of_green")).isEqualTo(-8);
        assertThat(run("value_of_blue")).isEqualTo(Integer.MIN_VALUE);
        assertThat(run("value_of_huge")).isEqualTo(Long.MIN_VALUE);
        var poisoned = relocated("value_of_red", types.target());
        assertThat(poisoned.poisoned()).as("both halves of the wide load").containsOnlyKeys(0, 1);
    }

    @Test
    void shouldChangeNothingForTheObjectItself() {
        var bitFields = List.of("read_second", "read_third");
        for (var program : OBJECT.programs()) {
            var same = OBJECT.relocated(program, CoreTarget.itself(OBJECT.btf()));
            if (!bitFields.contains(program.name())) {
                assertThat(same).usingRecursiveComparison().isEqualTo(program);
            }
        }
        for (int i = 0; i < memory.capacity(); i++) {
            memory.put(i, (byte) (31 * i));
        }
        for (var name : bitFields) { // the compiler loads more bytes at once than the rules want
            assertThat(run(relocated(name, CoreTarget.itself(OBJECT.btf())))).isEqualTo(run(program(name)));
        }
    }

    @Test
    void shouldUseEveryKind() {
        assertThat(OBJECT.coreRelocations().values().stream()
                        .flatMap(r -> r.values().stream())
                        .map(CoreRelocation::kind)
                        .collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(Kind.values());
    }

    @Test
    void shouldPrintRecords() {
        assertThat(Arrays.asList("read_point", "exists_gone", "value_of_green", "size_of_point", "read_second_event"))
                .map(name -> CoreText.of(
                                OBJECT.btf(),
                                OBJECT.coreRelocations().get(name).firstEntry().getValue())
                        .replaceAll("\\[\\d+] (?=struct|enum)", ""))
                .containsExactly(
                        "<byte_off> struct event::points[1].y (0:5:1:1)",
                        "<field_exists> struct event::gone (0:12)",
                        "<enumval_value> enum color::GREEN = 5",
                        "<type_size> struct point",
                        "<byte_off> struct event::[1].length (1:1)");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        read_time      | 0:99            | FIELD_BYTE_OFFSET | member 99, there are 13
        read_time      | 0:5:3           | FIELD_BYTE_OFFSET | element 3, there are 3
        read_time      | 0:0:0           | FIELD_BYTE_OFFSET | leads into `unsigned long long`
        read_time      | 0:1             | FIELD_BYTE_OFFSET | has 0 where the relocation expects 8
        read_time      | 0               | FIELD_SIGNED      | signed of an array element
        read_time      | 1:0             | TYPE_SIZE         | access `1:0`, allowed is 0 for a type
        read_time      | 0               | ENUM_VALUE        | its access is no enumerator
        read_time      | 999999999:0     | FIELD_BYTE_OFFSET | its path is too long
        value_of_green | 7               | ENUM_VALUE        | its access is no enumerator
        value_of_green | 1               | ENUM_VALUE_EXISTS | has 5 where the relocation expects 1
        """)
    void shouldRefuseRecordsThatDoNotFit(String program, String access, Kind kind, String message) {
        var good = OBJECT.coreRelocations().get(program).firstEntry();
        var bad = new CoreRelocation(
                good.getValue().type(),
                Arrays.stream(access.split(":")).map(Integer::valueOf).toList(),
                kind);
        event(member("time", u64, 0));
        types.enumeration("color", 4, value("GREEN", 1));
        assertThatThrownBy(() -> CoreRelocator.relocate(
                        program(program),
                        OBJECT.btf(),
                        new TreeMap<>(java.util.Map.of(good.getKey(), bad)),
                        CoreTarget.itself(OBJECT.btf())))
                .isInstanceOf(ObjectFormatException.class)
                .hasMessageStartingWith("program `%s`: insn %d: CO-RE <".formatted(program, good.getKey()))
                .hasMessageContaining(message);
    }
}
