package io.vertebra.verifier.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertebra.vm.btf.Btf;
import io.vertebra.vm.btf.BtfType;
import io.vertebra.vm.btf.BtfType.Array;
import io.vertebra.vm.btf.BtfType.Int;
import io.vertebra.vm.btf.BtfType.Member;
import io.vertebra.vm.btf.BtfType.Modifier;
import io.vertebra.vm.btf.BtfType.Pointer;
import io.vertebra.vm.btf.BtfType.Struct;
import io.vertebra.vm.btf.BtfType.Typedef;
import io.vertebra.vm.btf.BtfType.Void;
import io.vertebra.vm.program.ContextLayout;
import io.vertebra.vm.program.ContextLayout.Encoding;
import io.vertebra.vm.program.ContextLayout.Field;
import io.vertebra.vm.program.ContextLayout.Kind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CompiledContextTest {

    private static final int U16 = 1;
    private static final int CHAR = 2;
    private static final int TEXT = 5;
    private static final int BYTES = 8;
    private static final int CONST_BYTES = 9;

    private static Btf types(Struct context) {
        var types = new ArrayList<BtfType>(List.of(
                new Void(),
                new Int("__u16", 2, 16, 0, false, false, false),
                new Int("char", 1, 8, 0, true, false, false),
                new Array(CHAR, U16, 5),
                new Typedef("__u16", U16),
                new Struct("", 8, false, List.of(new Member("len", 4, 0, 0), new Member("s", 3, 16, 0))),
                new Modifier("", Modifier.Kind.CONST, 7),
                new Typedef("__u8", CHAR),
                new Pointer(7),
                new Pointer(6)));
        types.add(context);
        return new Btf(types);
    }

    private static Struct struct(int payload, Member... more) {
        var members = new ArrayList<>(List.of(
                new Member("name", TEXT, 0, 0),
                new Member("data", payload, 64, 0),
                new Member("data_end", payload, 128, 0)));
        members.addAll(List.of(more));
        return new Struct("group_hook", 32, false, members);
    }

    @Test
    void shouldReadWhatHooksPass() {
        var context = CompiledContext.read(types(struct(CONST_BYTES, new Member("n", CHAR, 192, 0))), "group_hook");
        assertThat(context)
                .contains(new CompiledContext(
                        new ContextLayout(
                                "group_hook",
                                32,
                                List.of(
                                        new Field("name", 0, 7, Kind.STRING),
                                        new Field("data", 8, 8, Kind.PAYLOAD),
                                        new Field("data_end", 16, 8, Kind.PAYLOAD_END),
                                        new Field("n", 24, 1, Kind.SCALAR, Encoding.SIGNED, List.of()))),
                        true));
    }

    @Test
    void shouldTellWhetherThePayloadMayChange() {
        assertThat(CompiledContext.read(types(struct(BYTES)), "group_hook")
                        .orElseThrow()
                        .payloadConst())
                .isFalse();
    }

    @Test
    void shouldFindNothingInOtherObjects() {
        assertThat(CompiledContext.read(Btf.EMPTY, "group_hook")).isEmpty();
    }

    @Test
    void shouldNameMembersThatNoHookPasses() {
        var pointer = types(struct(BYTES, new Member("next", BYTES, 192, 0)));
        assertThatThrownBy(() -> CompiledContext.read(pointer, "group_hook"))
                .hasMessageStartingWith("struct group_hook: member `__u8 *next`, allowed are integers, ");
        var bits = types(struct(BYTES, new Member("bits", U16, 192, 3)));
        assertThatThrownBy(() -> CompiledContext.read(bits, "group_hook")).hasMessageContaining("`__u16 bits`");
    }
}
