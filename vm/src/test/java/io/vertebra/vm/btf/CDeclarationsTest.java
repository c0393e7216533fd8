package io.vertebra.vm.btf;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.vm.btf.BtfType.Array;
import io.vertebra.vm.btf.BtfType.Enum;
import io.vertebra.vm.btf.BtfType.Enumerator;
import io.vertebra.vm.btf.BtfType.Forward;
import io.vertebra.vm.btf.BtfType.Function;
import io.vertebra.vm.btf.BtfType.Int;
import io.vertebra.vm.btf.BtfType.Member;
import io.vertebra.vm.btf.BtfType.Modifier;
import io.vertebra.vm.btf.BtfType.Parameter;
import io.vertebra.vm.btf.BtfType.Pointer;
import io.vertebra.vm.btf.BtfType.Prototype;
import io.vertebra.vm.btf.BtfType.Struct;
import io.vertebra.vm.btf.BtfType.Typedef;
import io.vertebra.vm.btf.BtfType.Void;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CDeclarationsTest {

    private static final Btf TYPES = new Btf(List.of(
            new Void(),
            new Int("int", 4, 32, 0, true, false, false), // 1
            new Array(1, 1, 4), // 2
            new Pointer(1), // 3
            new Pointer(2), // 4
            new Modifier("", Modifier.Kind.CONST, 1), // 5
            new Pointer(5), // 6
            new Modifier("", Modifier.Kind.CONST, 3), // 7
            new Prototype(1, List.of(new Parameter("a", 1), new Parameter("", 0))), // 8
            new Pointer(8), // 9
            new Function("f", 8, 1), // 10
            new Typedef("__u32", 1), // 11
            new Struct("", 4, true, List.of(new Member("x", 1, 0, 0), new Member("bits", 1, 0, 3))), // 12
            new Struct("s", 24, false, List.of(new Member("", 12, 0, 0), new Member("next", 14, 64, 0))), // 13
            new Pointer(13), // 14
            new Enum("colour", 4, true, List.of(new Enumerator("RED", 0), new Enumerator("BLUE", -1))), // 15
            new Array(13, 1, 2), // 16
            new Forward("later", false), // 17
            new Pointer(18), // 18, to itself
            new Array(3, 1, 3), // 19
            new Modifier("rcu", Modifier.Kind.TYPE_TAG, 13), // 20
            new Struct("outer", 52, false, List.of(new Member("e", 15, 0, 0), new Member("a", 16, 32, 0))))); // 21

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1 | int v",
                "2 | int v[4]",
                "3 | int *v",
                "4 | int (*v)[4]",
                "6 | const int *v",
                "7 | int *const v",
                "9 | int (*v)(int a, ...)",
                "10 | int f(int a, ...)",
                "11 | __u32 v",
                "14 | struct s *v",
                "15 | enum colour v",
                "17 | struct later v",
                "19 | int *v[3]",
                "20 | __attribute__((btf_type_tag(\"rcu\"))) struct s v",
            })
    void shouldDeclareAsC(int type, String expected) {
        assertThat(CDeclarations.declaration(TYPES, type, "v")).isEqualTo(expected);
    }

    @Test
    void shouldDefineStructsWithAnonymousMembers() {
        assertThat(CDeclarations.definition(TYPES, 13)).isEqualTo("""
            struct s {
                union {
                    int x;
                    int bits : 3;
                };
                struct s *next;
            };\
            """);
        assertThat(CDeclarations.definition(TYPES, 15)).isEqualTo("""
            enum colour {
                RED = 0,
                BLUE = -1,
            };\
            """);
    }

    @Test
    void shouldListWhatValuesContain() {
        assertThat(CDeclarations.definedIn(TYPES, List.of(1, 21, 14))).containsExactly(15, 13, 21);
    }

    @Test
    void shouldEndOnTypesThatReferToThemselves() {
        assertThat(CDeclarations.type(TYPES, 18)).startsWith("... **");
    }
}
