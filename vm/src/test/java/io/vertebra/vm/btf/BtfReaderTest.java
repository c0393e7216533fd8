package io.vertebra.vm.btf;

import static io.vertebra.vm.btf.BtfBytes.ARRAY;
import static io.vertebra.vm.btf.BtfBytes.CONST;
import static io.vertebra.vm.btf.BtfBytes.DATA_SECTION;
import static io.vertebra.vm.btf.BtfBytes.FUNCTION;
import static io.vertebra.vm.btf.BtfBytes.INT;
import static io.vertebra.vm.btf.BtfBytes.POINTER;
import static io.vertebra.vm.btf.BtfBytes.STRUCT;
import static io.vertebra.vm.btf.BtfBytes.TYPEDEF;
import static io.vertebra.vm.btf.BtfBytes.UNION;
import static io.vertebra.vm.btf.BtfBytes.VARIABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertebra.vm.format.ObjectFormatException;
import java.util.Arrays;
import java.util.Optional;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;

class BtfReaderTest {

    private static AbstractThrowableAssert<?, ?> rejected(BtfBytes btf) {
        return rejected(btf.build());
    }

    private static AbstractThrowableAssert<?, ?> rejected(byte[] btf) {
        return assertThatThrownBy(() -> BtfReader.read(btf)).isInstanceOf(ObjectFormatException.class);
    }

    @Test
    void shouldReadALinkedList() {
        var btf = new BtfBytes()
                .unsigned("u32", 4)
                .type("node", STRUCT, 2, 16, 0, 3, 0, 0, 1, 64)
                .type("", POINTER, 0, 2)
                .read();
        assertThat(btf.find(BtfType.Struct.class, "node")).isEqualTo(Optional.of(2));
        assertThat(btf.sizeOf(2)).isEqualTo(16);
        assertThat(((BtfType.Struct) btf.type(2)).members())
                .extracting(BtfType.Member::bitOffset)
                .containsExactly(0, 64);
    }

    @Test
    void shouldReadTheEmptyTable() {
        assertThat(new BtfBytes().read().types()).containsExactly(new BtfType.Void());
    }

    @Test
    void shouldRejectForeignHeaders() {
        var swapped = new BtfBytes().build();
        swapped[0] = (byte) 0xeb;
        swapped[1] = (byte) 0x9f;
        rejected(swapped).hasMessage(".BTF: it is big endian, allowed is little endian (compile with -target bpfel)");
        var version = new BtfBytes().build();
        version[2] = 2;
        rejected(version).hasMessageContaining("version=2, allowed are 0xeb9f and 1");
        var header = new BtfBytes().build();
        header[4] = 16;
        rejected(header).hasMessageContaining("header length 16");
    }

    @Test
    void shouldRejectEveryTruncation() {
        var good = new BtfBytes()
                .unsigned("u32", 4)
                .type("s", STRUCT, 1, 4, 0, 1, 0)
                .build();
        for (int length = 0; length < good.length; length++) {
            rejected(Arrays.copyOf(good, length));
        }
    }

    @Test
    void shouldRejectUnknownKinds() {
        rejected(new BtfBytes().type("x", 20, 0, 0)).hasMessage("BTF type 1: kind=20, allowed are 1 to 19");
        rejected(new BtfBytes().type("x", 0, 0, 0)).hasMessageContaining("kind=0");
    }

    @Test
    void shouldRejectDanglingReferences() {
        rejected(new BtfBytes().type("t", TYPEDEF, 0, 2))
                .hasMessage("BTF type 1 (typedef `t`): refers to type 2, ids are 0 to 1");
        rejected(new BtfBytes().type("t", POINTER, 0, -1)).hasMessageContaining("refers to type 4294967295");
        rejected(new BtfBytes().unsigned("u8", 1).type("f", FUNCTION, 1, 1))
                .hasMessageContaining("must be a Prototype");
        rejected(new BtfBytes().unsigned("u8", 1).type("d", DATA_SECTION, 1, 0, 1, 0, 1))
                .hasMessageContaining("must be a Variable");
        rejected(new BtfBytes().type("v", VARIABLE, 0, 2, 0).type("d", DATA_SECTION, 1, 4, 1, 0, 4))
                .hasMessage("BTF type 1 (variable `v`): refers to BTF type 2 (datasection `d`), which has no values");
        rejected(new BtfBytes().unsigned("u8", 1).type("v", VARIABLE, 0, 1, 0).type("p", POINTER, 0, 2))
                .hasMessageContaining("which has no values");
    }

    @Test
    void shouldRejectTypesThatContainThemselves() {
        rejected(new BtfBytes().type("t", TYPEDEF, 0, 1))
                .hasMessage("BTF type 1 (typedef `t`): contains itself by value");
        rejected(new BtfBytes().type("a", TYPEDEF, 0, 2).type("", CONST, 0, 1)).hasMessageContaining("contains itself");
        rejected(new BtfBytes().type("s", STRUCT, 1, 4, 0, 2, 0).type("", ARRAY, 0, 0, 1, 1, 1))
                .hasMessageContaining("contains itself");
    }

    @Test
    void shouldRejectDeepNesting() {
        var typedefs = new BtfBytes().unsigned("u8", 1);
        for (int id = 1; id <= BtfCheck.MAX_DEPTH; id++) {
            typedefs.type("t" + id, TYPEDEF, 0, id);
        }
        rejected(typedefs).hasMessageContaining("nested deeper than 64 types");
        var backwards = new BtfBytes();
        for (int id = 1; id <= 100_000; id++) {
            backwards.type("", TYPEDEF, 0, id + 1);
        }
        rejected(backwards.unsigned("u8", 1)).hasMessageContaining("nested deeper than 64 types");
    }

    @Test
    void shouldRejectHugeTypes() {
        rejected(new BtfBytes().unsigned("u32", 4).type("", ARRAY, 0, 0, 1, 1, Integer.MAX_VALUE))
                .hasMessageContaining("8589934588 bytes, allowed are at most 2147483647");
        rejected(new BtfBytes().unsigned("u32", 4).type("", ARRAY, 0, 0, 1, 1, -1))
                .hasMessageContaining("elements=4294967295");
    }

    /** Unions of unions: 8 levels of 64 members would be 2^48 values in one byte. */
    @Test
    void shouldRejectTypesWithMoreScalarsThanBytes() {
        var unions = new BtfBytes().unsigned("u8", 1);
        for (int level = 1; level <= 8; level++) {
            var members = new int[64 * 3];
            for (int m = 0; m < 64; m++) {
                members[m * 3 + 1] = level;
            }
            unions.type("u" + level, UNION, 64, 1, members);
        }
        rejected(unions).hasMessageContaining("scalars in 1 bytes");
    }

    @Test
    void shouldRejectMembersThatDoNotFit() {
        rejected(new BtfBytes().unsigned("u32", 4).type("s", STRUCT, 1, 4, 0, 1, 8))
                .hasMessageContaining("32 bits at bit 8 exceed 4 bytes");
        rejected(new BtfBytes().type("p", POINTER, 0, 0).type("s", STRUCT, 1, 16, 0, 1, 4))
                .hasMessageContaining("bit field of 0 bits at bit 4");
        rejected(new BtfBytes().type("s", STRUCT, 1, 16, 0, 0, 0))
                .hasMessageContaining("holds BTF type 0 (void `void`)");
        rejected(new BtfBytes().type("v", VARIABLE, 0, 0, 0).type("", ARRAY, 0, 0, 1, 1, 1))
                .hasMessageContaining("which has no values");
    }

    @Test
    void shouldRejectOddIntegers() {
        rejected(new BtfBytes().type("i", INT, 0, 3, 24)).hasMessageContaining("24 bits at bit 0 in 3 bytes");
        rejected(new BtfBytes().type("i", INT, 0, 4, 33)).hasMessageContaining("33 bits");
    }

    @Test
    void shouldRejectStringsThatMultiply() {
        var btf = new BtfBytes();
        int offset = btf.string("x".repeat(20_000));
        var bytes = btf.build();
        assertThat(offset).isEqualTo(1);
        var typed = new BtfBytes();
        typed.string("x".repeat(20_000));
        for (int i = 0; i < 100; i++) {
            typed.type("", TYPEDEF, 0, 0);
        }
        var overlapping = typed.build();
        for (int i = 0; i < 100; i++) {
            overlapping[24 + i * 12] = (byte) (1 + i);
            overlapping[24 + i * 12 + 1] = 0;
        }
        assertThat(BtfReader.read(bytes).types()).hasSize(1);
        rejected(overlapping).hasMessageContaining("overlap to more than 16 times");
    }
}
