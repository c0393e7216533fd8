package io.vertebra.vm.exec;

import static io.vertebra.vm.exec.Code.code;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertebra.vm.helper.HelperBinder;
import io.vertebra.vm.helper.HelperGroup;
import io.vertebra.vm.helper.HelperPrototype.Argument;
import io.vertebra.vm.helper.HelperPrototype.Result;
import io.vertebra.vm.helper.Helpers;
import io.vertebra.vm.isa.Instruction.AccessSize;
import io.vertebra.vm.isa.Instruction.Register;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An application's own helpers. */
class HelperBinderTest {

    @HelperGroup("gateway")
    interface GatewayHelpers {
        @HelperGroup.Helper(id = 65538)
        long setBackend(int route, long backend);

        @HelperGroup.Helper(id = 65537)
        boolean isOpen(boolean a, byte b, short c, int d, long e) throws IOException;

        @HelperGroup.Helper(id = 65539)
        default void reset() {
            throw new UnsupportedOperationException("reset is not possible");
        }

        @HelperGroup.Helper(id = 65540)
        void stop();
    }

    private static final class Gateway implements GatewayHelpers {
        private String seen = "";

        @Override
        public long setBackend(int route, long backend) {
            seen = route + " " + backend;
            return backend + 1;
        }

        @Override
        public boolean isOpen(boolean a, byte b, short c, int d, long e) throws IOException {
            seen = a + " " + b + " " + c + " " + d + " " + e;
            if (e == 0) {
                throw new IOException("closed");
            }
            return a;
        }

        @Override
        public void stop() {
            seen = "stopped";
        }
    }

    private final Gateway gateway = new Gateway();

    private Helpers helpers() {
        return Helpers.standard().with(HelperBinder.bind(MethodHandles.lookup(), GatewayHelpers.class, gateway));
    }

    private long run(Code code) {
        return code.exit().prepare(helpers(), 100).run(new RunContext(0, 0));
    }

    @Test
    void shouldCallTheImplementation() {
        assertThat(run(code().wide(1, 0x1_ffff_fffeL).wide(2, 1L << 40).call(65538)))
                .isEqualTo((1L << 40) + 1);
        assertThat(gateway.seen).isEqualTo("-2 " + (1L << 40));
    }

    @Test
    void shouldTakeTheLowBitsOfRegisters() {
        var call = code().wide(1, 0x101)
                .wide(2, 0x1ff)
                .wide(3, 0x1_8000L)
                .wide(4, 1L << 31)
                .mov(5, 9);
        assertThat(run(call.call(65537))).isEqualTo(1);
        assertThat(gateway.seen).isEqualTo("true -1 -32768 -2147483648 9");
        assertThat(run(code().mov(1, 2).mov(5, 1).call(65537))).isZero();
    }

    @Test
    void shouldEndRunsWhenTheImplementationThrows() {
        assertThatThrownBy(() -> run(code().mov(5, 0).call(65537)))
                .isInstanceOf(IllegalStateException.class)
                .hasRootCauseMessage("closed");
    }

    @Test
    void shouldGiveNothingForVoid() {
        assertThat(run(code().call(65540))).isZero();
        assertThat(gateway.seen).isEqualTo("stopped");
    }

    @Test
    void shouldDescribeHelpersForTheVerifier() {
        var stop = helpers().prototype(65540).orElseThrow();
        assertThat(stop.result()).isEqualTo(Result.VOID);
        var set = helpers().prototype(65538).orElseThrow();
        assertThat(set.name()).isEqualTo("gateway_set_backend");
        assertThat(set.arguments()).containsExactly(Argument.SCALAR, Argument.SCALAR);
        assertThat(set.result()).isEqualTo(Result.SCALAR);
        assertThat(helpers().find(65539)).as("a default method is no helper").isEmpty();
    }

    @Test
    void shouldDeclareHelpersInC() {
        assertThat(HelperBinder.declarations(GatewayHelpers.class)
                        .replaceAll(" (route|backend|arg\\d|[a-e])(?=[,)])", ""))
                .isEqualTo("""
                    static _Bool (*const gateway_is_open)(_Bool, __s8, __s16, __s32, __s64) = (void *)65537;
                    static __s64 (*const gateway_set_backend)(__s32, __s64) = (void *)65538;
                    static void (*const gateway_stop)(void) = (void *)65540;
                    """);
    }

    @HelperGroup("text")
    interface TextHelpers {
        @HelperGroup.Helper(id = 65550)
        long reversed(MemorySegment from, int key, @HelperGroup.Filled MemorySegment to);
    }

    /** Writes all but the last byte. */
    private static long reversed(MemorySegment from, int key, MemorySegment to) {
        assertThat(from.isReadOnly()).isTrue();
        assertThat(to.isReadOnly()).isFalse();
        for (long i = 0; i < to.byteSize() - 1; i++) {
            to.set(ValueLayout.JAVA_BYTE, i, from.get(ValueLayout.JAVA_BYTE, from.byteSize() - 1 - i));
        }
        return key + 100 * from.byteSize() + to.byteSize();
    }

    private static Helpers textHelpers() {
        return Helpers.standard()
                .with(HelperBinder.bind(MethodHandles.lookup(), TextHelpers.class, HelperBinderTest::reversed));
    }

    private static Code reversing() {
        return code().wide(6, 0x8877665544332211L)
                .store(AccessSize.DOUBLE, 10, -8, new Register(6))
                .store(AccessSize.DOUBLE, 10, -16, new Register(6))
                .stack(1, -8)
                .mov(2, 8)
                .mov(3, 7000)
                .stack(4, -16)
                .mov(5, 4)
                .call(65550);
    }

    @Test
    void shouldGiveMemory() {
        assertThat(reversing().exit().prepare(textHelpers(), 100).run(new RunContext(0, 0)))
                .isEqualTo(7804);
        assertThat(reversing()
                        .load(AccessSize.DOUBLE, 0, 10, -16)
                        .exit()
                        .prepare(textHelpers(), 100)
                        .run(new RunContext(0, 0)))
                .as("what the method leaves is 0, what is not its own is as before")
                .isEqualTo(0x8877665500667788L);
    }

    @Test
    void shouldDescribeMemory() {
        assertThat(textHelpers().prototype(65550).orElseThrow().arguments())
                .containsExactly(Argument.READABLE, Argument.SIZE, Argument.SCALAR, Argument.WRITABLE, Argument.SIZE);
        assertThat(HelperBinder.declarations(TextHelpers.class).replaceAll("(from|to|key|arg\\d)(_size)?", "x"))
                .matches("static __s64 \\(\\*const text_reversed\\)\\(const void \\*x?, __u32( x)?, __s32( x)?, void"
                        + " \\*x?, __u32( x)?\\) = \\(void \\*\\)65550;\n");
    }

    @HelperGroup("")
    interface Wrong {
        @HelperGroup.Helper(id = 4096)
        long low();

        @HelperGroup.Helper(id = 70000)
        long many(int a, int b, int c, int d, int e, int f);

        @HelperGroup.Helper(id = 70000)
        String text(double number);

        long unnumbered();

        @HelperGroup.Helper(id = 70001, overrides = true)
        long nothing();

        @HelperGroup.Helper(id = 70002)
        long memory(MemorySegment a, MemorySegment b, MemorySegment c);
    }

    @Test
    void shouldNameAllThatIsWrong() {
        assertThatThrownBy(() -> HelperBinder.declarations(Wrong.class))
                .isInstanceOf(IllegalArgumentException.class)
                .extracting(Throwable::getMessage)
                .asString()
                .matches("""
                    Wrong.low: id=4096, allowed from 65536, or a built-in helper's with overrides = true
                    Wrong.many: 6 parameters, at most 5 are allowed, and memory takes two: address and size
                    Wrong.memory: 6 parameters, at most 5 are allowed, and memory takes two: address and size
                    Wrong.nothing: id=70001 overrides nothing, built-in helpers are below 65536
                    Wrong.text: id=70000 is another method's too
                    Wrong.text: parameter (number|arg0) is a double, allowed are long, int, short, byte, boolean and MemorySegment
                    Wrong.text: result is a String, allowed are void, long, int, short, byte and boolean
                    Wrong.unnumbered: no number, @Helper\\(id = ...\\) is needed\
                    """);
        assertThatThrownBy(() -> HelperBinder.declarations(Runnable.class))
                .hasMessage("java.lang.Runnable: not a helper group, an interface with @HelperGroup is needed");
        assertThatThrownBy(() -> HelperBinder.bind(MethodHandles.publicLookup(), GatewayHelpers.class, gateway))
                .hasMessageContaining("the lookup of java.lang.Object may not call it");
    }

    @Test
    void shouldReplaceHelpersById() {
        var clock = helpers().find(65540).orElseThrow();
        var own = new io.vertebra.vm.helper.Helper(
                new io.vertebra.vm.helper.HelperPrototype(5, "ktime_get_ns", List.of(), Result.SCALAR),
                (_, _, _, _, _, _) -> 77);
        var helpers = Helpers.standard().with(clock, own);
        assertThat(code().call(5).exit().prepare(helpers, 10).run(new RunContext(0, 0)))
                .isEqualTo(77);
        assertThat(helpers.all()).hasSize(Helpers.standard().all().size() + 1);
    }
}
