package io.vertebra.vm.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertebra.vm.format.ObjectFormatException;
import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.program.Program;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.Consumer;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;

/** One wrong field at a time in a good object: what uBPF's suite of malformed files describes, and more. */
class MalformedElfTest {

    /** The object {@code functions}, whose fields can be found by name and changed. */
    private static final class Elf {
        private static final int SECTION_HEADER = 64;
        private static final int SYMBOL = 24;

        private final ByteBuffer bytes =
                ByteBuffer.wrap(TestObjects.bytes("functions")).order(ByteOrder.LITTLE_ENDIAN);

        /** Byte of the header of a section. */
        int section(String name) {
            int table = (int) bytes.getLong(40);
            int names = content(table + bytes.getShort(62) * SECTION_HEADER);
            for (int i = 0; i < bytes.getShort(60); i++) {
                int header = table + i * SECTION_HEADER;
                if (text(names + bytes.getInt(header)).equals(name)) {
                    return header;
                }
            }
            throw new AssertionError("no section " + name);
        }

        int content(int sectionHeader) {
            return (int) bytes.getLong(sectionHeader + 24);
        }

        /** Byte of a symbol. */
        int symbol(String name) {
            int table = section(".symtab");
            int names = content((int) bytes.getLong(40) + bytes.getInt(table + 40) * SECTION_HEADER);
            for (int i = 0; i < bytes.getLong(table + 32) / SYMBOL; i++) {
                int symbol = content(table) + i * SYMBOL;
                if (text(names + bytes.getInt(symbol)).equals(name)) {
                    return symbol;
                }
            }
            throw new AssertionError("no symbol " + name);
        }

        /** Byte of the first relocation of a section. */
        int relocation(String name) {
            return content(section(".rel" + name));
        }

        private String text(int at) {
            int end = at;
            while (bytes.get(end) != 0) {
                end++;
            }
            return new String(bytes.array(), at, end - at, java.nio.charset.StandardCharsets.UTF_8);
        }
    }

    private static AbstractThrowableAssert<?, ?> rejected(Consumer<Elf> change) {
        var elf = new Elf();
        change.accept(elf);
        return assertThatThrownBy(() -> ObjectFile.read(elf.bytes.array(), "bad.o"))
                .isInstanceOf(ObjectFormatException.class)
                .hasMessageStartingWith("bad.o: ");
    }

    @Test
    void shouldReadTheUnchangedObject() {
        assertThat(ObjectFile.read(new Elf().bytes.array(), "good.o").programs())
                .hasSize(3);
    }

    @Test
    void shouldRejectAShortHeader() {
        var bytes = Arrays.copyOf(TestObjects.bytes("functions"), 20);
        assertThatThrownBy(() -> ObjectFile.read(bytes, "bad.o"))
                .hasMessage("bad.o: ELF file: 20 bytes, its header alone has 64");
    }

    @Test
    void shouldRejectForeignHeaders() {
        rejected(e -> e.bytes.put(0, (byte) 'X')).hasMessageContaining("magic is 0x464c4558");
        rejected(e -> e.bytes.put(4, (byte) 1)).hasMessageContaining("class is 0x1, allowed is 0x2");
        rejected(e -> e.bytes.put(5, (byte) 2)).hasMessageContaining("byte order is 0x2, allowed is 0x1");
        rejected(e -> e.bytes.put(7, (byte) 3)).hasMessageContaining("OS ABI is 0x3");
        rejected(e -> e.bytes.putShort(16, (short) 2)).hasMessageContaining("type is 0x2");
        rejected(e -> e.bytes.putShort(18, (short) 62)).hasMessageContaining("machine is 0x3e, allowed is 0xf7 or 0x0");
        rejected(e -> e.bytes.putShort(58, (short) 1024)).hasMessageContaining("section header size is 0x400");
    }

    @Test
    void shouldAcceptTheMachineOfOldCompilers() {
        var elf = new Elf();
        elf.bytes.putShort(18, (short) 0);
        assertThat(ObjectFile.read(elf.bytes.array(), "old.o").programs()).hasSize(3);
    }

    @Test
    void shouldRejectBadSections() {
        rejected(e -> e.bytes.putLong(40, -1))
                .hasMessageContaining("section header table: offset=18446744073709551615");
        rejected(e -> e.bytes.putShort(60, (short) 0xfeff)).hasMessageContaining("does not fit into ELF file");
        rejected(e -> e.bytes.putShort(62, (short) 999)).hasMessageContaining("section name table index 999");
        rejected(e -> e.bytes.putInt(e.section(".text"), 1 << 30)).hasMessageContaining("string offset 1073741824");
        rejected(e -> e.bytes.putLong(e.section(".text") + 24, 1 << 20))
                .hasMessageContaining("section `.text`: offset=1048576");
        rejected(e -> e.bytes.putLong(e.section(".text") + 32, Long.MAX_VALUE))
                .hasMessageContaining("section `.text`: offset=");
        rejected(e -> e.bytes.putLong(e.section(".text") + 32, 12)).hasMessageContaining("12 bytes of code");
    }

    @Test
    void shouldRejectBadSymbols() {
        rejected(e -> e.bytes.putInt(e.section(".symtab") + 40, 99))
                .hasMessageContaining("string table of section `.symtab`: section index 99");
        rejected(e -> e.bytes.putInt(e.section(".symtab") + 40, 2)).hasMessageContaining("has type 1, allowed are [3]");
        rejected(e -> e.bytes.putLong(e.section(".symtab") + 32, 25))
                .hasMessageContaining("multiple of the symbol size");
        rejected(e -> e.bytes.putInt(e.symbol("leaf"), 1 << 20)).hasMessageContaining("string offset 1048576");
        rejected(e -> e.bytes.putShort(e.symbol("leaf") + 6, (short) 500)).hasMessageContaining("section index 500");
        rejected(e -> e.bytes.putLong(e.symbol("leaf") + 8, 4))
                .hasMessageContaining("function `leaf`: 24 bytes at offset 4");
        rejected(e -> e.bytes.putLong(e.symbol("leaf") + 16, 1 << 20))
                .hasMessageContaining("function `leaf`: 1048576 bytes");
        rejected(e -> e.bytes.putLong(e.symbol("leaf") + 16, 32)).hasMessageContaining("overlaps function `leaf`");
        rejected(e -> e.bytes.putInt(e.symbol("second"), e.bytes.getInt(e.symbol("first"))))
                .hasMessageContaining(
                        "function `first` in section `hook/test/shared`: another program of the object has this"
                                + " name");
    }

    @Test
    void shouldRejectBadRelocations() {
        rejected(e -> e.bytes.putLong(e.relocation(".text"), 500)).hasMessageContaining("relocation 0 at offset 500");
        rejected(e -> e.bytes.putLong(e.relocation(".text"), 52)).hasMessageContaining("must be the start of a slot");
        rejected(e -> e.bytes.putInt(e.relocation(".text") + 12, 1000)).hasMessageContaining("has symbol 1000");
        rejected(e -> e.bytes.putInt(e.relocation(".text") + 8, 3))
                .hasMessageContaining("relocation type 3, allowed are 1");
        rejected(e -> e.bytes.putInt(e.relocation(".text") + 8, 1)).hasMessageContaining("must be at a wide load");
        rejected(e -> e.bytes.putLong(e.relocation(".text"), 56)).hasMessageContaining("must be at a local call");
        rejected(e -> e.bytes.putInt(e.section(".rel.text") + 40, 30))
                .hasMessageContaining("symbol table of section `.rel.text`");
        rejected(e -> e.bytes.putLong(e.section(".rel.text") + 32, 15))
                .hasMessageContaining("multiple of the relocation size 16");
    }

    @Test
    void shouldRejectWhatCannotBeLinked() {
        rejected(e -> e.bytes.putInt(e.content(e.section("hook/test/shared")) + 2 * 8 + 4, 6))
                .hasMessageContaining("byte 56 of its section, which is not the start of a function");
        rejected(e -> e.bytes.putInt(e.content(e.section("hook/test/shared")) + 5 * 8 + 4, 0))
                .hasMessageContaining("insn 5: leads to slot 6 of its section, which is not the start of a function");
        rejected(e -> e.bytes.put(e.content(e.section("control/test/alone")), (byte) 0xff))
                .hasMessageContaining("function `alone` in section `control/test/alone`: insn 0 (opcode 0xff)");
    }

    @Test
    void shouldKeepCallsOfFunctionsThatAreNotThere() {
        var elf = new Elf();
        elf.bytes.putShort(elf.symbol("leaf") + 6, (short) 0);
        var calling = ObjectFile.read(elf.bytes.array(), "partial.o").programs().stream()
                .filter(program -> !program.externals().isEmpty())
                .toList();

        assertThat(calling)
                .isNotEmpty()
                .allSatisfy(program -> program.externals().forEach((slot, symbol) -> {
                    assertThat(symbol).isEqualTo("leaf");
                    assertThat(program.instructions().get(slot)).isEqualTo(new Instruction.Call(Program.EXTERNAL));
                    assertThat(program.sourceOf(slot).orElseThrow().text()).contains("leaf(");
                }));
    }
}
