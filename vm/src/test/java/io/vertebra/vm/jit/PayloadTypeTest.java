package io.vertebra.vm.jit;

import static io.vertebra.vm.exec.Code.code;
import static io.vertebra.vm.exec.Code.imm;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertebra.vm.exec.Addresses;
import io.vertebra.vm.exec.Executable;
import io.vertebra.vm.exec.Interpreter;
import io.vertebra.vm.exec.PayloadType;
import io.vertebra.vm.exec.RunContext;
import io.vertebra.vm.helper.Helpers;
import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.Instruction.AccessSize;
import io.vertebra.vm.program.AccessPlan;
import io.vertebra.vm.program.ContextLayout;
import io.vertebra.vm.program.ContextLayout.Field;
import io.vertebra.vm.program.ContextLayout.Kind;
import io.vertebra.vm.program.Program;
import io.vertebra.vm.program.ProgramFault;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever type the payload has, codelets see its bytes, and no others. */
class PayloadTypeTest {

    private static final ContextLayout PACKET = new ContextLayout(
            "packet",
            16,
            List.of(new Field("data", 0, 8, Kind.PAYLOAD), new Field("data_end", 8, 8, Kind.PAYLOAD_END)));
    private static final int BYTES = 24;

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        IntStream.range(0, length).forEach(i -> bytes[i] = (byte) (17 * i - 100));
        return bytes;
    }

    /** The same bytes, with others around them where the type allows it. */
    private static List<Object> payloads(PayloadType type, byte[] bytes) {
        byte[] wider = new byte[bytes.length + 16];
        Arrays.fill(wider, (byte) -1);
        System.arraycopy(bytes, 0, wider, 8, bytes.length);
        return switch (type) {
            case BYTES -> List.of(bytes);
            case BUFFER ->
                List.of(
                        ByteBuffer.wrap(wider, 8, bytes.length),
                        ByteBuffer.wrap(wider, 8, bytes.length).slice().asReadOnlyBuffer(),
                        ByteBuffer.allocateDirect(wider.length)
                                .put(wider)
                                .position(8)
                                .limit(8 + bytes.length));
            case SEGMENT -> List.of(MemorySegment.ofArray(wider).asSlice(8, bytes.length));
        };
    }

    private static Program load(AccessSize size, boolean signed, int offset) {
        return code().load(AccessSize.DOUBLE, 2, 1, 0)
                .add(new Instruction.Load(size, signed, 0, 2, offset))
                .exit()
                .program();
    }

    private static Executable compile(Program program, PayloadType type) {
        var plan = new AccessPlan(
                Map.of(0, Set.of(new AccessPlan.Context()), 1, Set.of(new AccessPlan.Payload())),
                Map.of(0, 0),
                Map.of(),
                512,
                1000,
                AccessPlan.ContextUse.LOADED,
                Set.of());
        return Jit.compile(program, plan, PACKET, type, List.of(), Helpers.none(), Fallback.FAIL);
    }

    private static long direct(Executable executable, Object payload) throws Throwable {
        var code = executable.direct().orElseThrow();
        assertThat(code.usesRun()).isFalse();
        return (long) code.entry().invokeWithArguments(null, Addresses.PAYLOAD, Addresses.PAYLOAD + BYTES, payload);
    }

    private static RunContext run(Object payload, boolean writable) {
        var context = MemorySegment.ofArray(new long[] {Addresses.PAYLOAD, Addresses.PAYLOAD + BYTES});
        var run = new RunContext(0, 0).context(context, 0, PACKET.size());
        return switch (payload) {
            case byte[] bytes -> run.payload(bytes, writable);
            case ByteBuffer buffer -> run.payload(buffer, writable);
            case MemorySegment segment -> run.payload(segment, 0, segment.byteSize(), writable);
            default -> throw new AssertionError(payload);
        };
    }

    @ParameterizedTest
    @EnumSource
    void shouldLoadAllSizesAndSigns(PayloadType type) throws Throwable {
        byte[] bytes = bytes(BYTES);
        var expected = run(MemorySegment.ofArray(bytes), false);
        for (var size : AccessSize.values()) {
            for (boolean signed : new boolean[] {false, true}) {
                var program = load(size, signed, 5);
                var executable = compile(program, type);
                var interpreted = Interpreter.prepare(program, List.of(), Helpers.none(), 1000);
                long value = interpreted.run(expected);
                for (var payload : payloads(type, bytes)) {
                    var name = "%s signed=%s of %s".formatted(size, signed, payload.getClass());
                    assertThat(direct(executable, payload)).as(name).isEqualTo(value);
                    assertThat(executable.run(run(payload, false))).as(name).isEqualTo(value);
                    assertThat(interpreted.run(run(payload, false))).as(name).isEqualTo(value);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldStayInsideThePayload(PayloadType type) {
        for (int offset : new int[] {-8, -1, BYTES - 7, BYTES, Short.MAX_VALUE}) {
            var program = load(AccessSize.DOUBLE, false, offset);
            var executable = compile(program, type);
            for (var payload : payloads(type, bytes(BYTES))) {
                assertThatThrownBy(() -> direct(executable, payload)).isInstanceOf(ProgramFault.class);
                assertThatThrownBy(() -> executable.run(run(payload, true))).isInstanceOf(ProgramFault.class);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldReadPayloadsThatAreTooLongToBeCopied(PayloadType type) {
        byte[] bytes = bytes(10_000);
        var interpreted = Interpreter.prepare(load(AccessSize.DOUBLE, false, 9_000), List.of(), Helpers.none(), 1000);
        var expected = MemorySegment.ofArray(bytes).get(ValueLayout.JAVA_LONG_UNALIGNED, 9_000);
        for (var payload : payloads(type, bytes)) {
            assertThat(interpreted.run(run(payload, false))).isEqualTo(expected);
        }
    }

    @Test
    void shouldWriteOnlyWhereItIsAllowed() {
        var program = code().load(AccessSize.DOUBLE, 2, 1, 0)
                .store(AccessSize.BYTE, 2, 3, imm(77))
                .mov(0, 0)
                .exit()
                .program();
        for (var executable : List.of(
                compile(program, PayloadType.BYTES), Interpreter.prepare(program, List.of(), Helpers.none(), 1000))) {
            byte[] bytes = new byte[BYTES];
            assertThatThrownBy(() -> executable.run(run(bytes, false))).hasMessageContaining("it is read-only");
            assertThatThrownBy(() -> executable.run(run(ByteBuffer.wrap(bytes).asReadOnlyBuffer(), true)))
                    .hasMessageContaining("it is read-only");
            assertThat(bytes).containsOnly(0);
            executable.run(run(bytes, true));
            assertThat(bytes[3]).isEqualTo((byte) 77);
            executable.run(run(ByteBuffer.wrap(bytes).position(4), true));
            assertThat(bytes[7]).isEqualTo((byte) 77);
        }
    }

    @Test
    void shouldSeeWhatThePayloadIsWhenItIsSet() {
        var interpreted = Interpreter.prepare(load(AccessSize.BYTE, false, 0), List.of(), Helpers.none(), 1000);
        byte[] bytes = {1};
        var run = run(bytes, false);
        assertThat(interpreted.run(run)).isEqualTo(1);
        bytes[0] = 2;
        assertThat(interpreted.run(run.payload(bytes, false))).isEqualTo(2);
        assertThat(interpreted.run(run.payload(ByteBuffer.wrap(new byte[] {3}), false)))
                .isEqualTo(3);
        assertThatThrownBy(() -> interpreted.run(run.noPayload())).isInstanceOf(ProgramFault.class);
    }
}
