package io.vertebra.vm.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertebra.vm.map.BpfOutput;
import io.vertebra.vm.map.BpfQueue;
import io.vertebra.vm.program.ProgramFault;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Input and output of codelets of jbpf's ABI. */
class JbpfChannelsTest {

    private final JbpfCodelets codelets = new JbpfCodelets("jbpf_channels");
    private final BpfQueue commands = (BpfQueue) codelets.map("commands");
    private final BpfOutput results = (BpfOutput) codelets.map("results");
    private final BpfOutput notes = (BpfOutput) codelets.map("notes");

    private static byte[] command(int factor, int offset) {
        return JbpfCodelets.payload(8).putInt(factor).putInt(offset).array();
    }

    private static List<String> drain(BpfOutput output) {
        var records = new ArrayList<String>();
        output.drain(
                (data, offset, length) -> {
                    var bytes = new byte[length];
                    for (int i = 0; i < length; i++) {
                        bytes[i] = data.get(ValueLayout.JAVA_BYTE, offset + i);
                    }
                    records.add(HexFormat.of().formatHex(bytes));
                },
                100);
        return records;
    }

    @Test
    void shouldKeepAnOutputUntilItIsSent() {
        var codelet = codelets.codelet("jbpf_main", 0);
        var payload = JbpfCodelets.payload(4);
        assertThat(commands.send(command(2, 1))).isTrue();
        assertThat(codelet.run(1, payload)).as("made, not sent").isEqualTo(1);
        assertThat(results.ready()).isFalse();
        assertThat(codelet.run(1, payload)).isEqualTo(1);
        assertThat(codelet.run(2, payload)).isZero();
        // number 2; total 0 * 2 + 1, then 1 * 2 + 1, then 2 * 2 + 1, kept over three runs; 32 bytes of context
        assertThat(drain(results)).containsExactly("020000000900000020000000");
        assertThat(results.submitted()).isEqualTo(1);
        assertThat(results.pending()).isZero();
    }

    @Test
    void shouldKeepTheOutputsOfSlotsApart() {
        var payload = JbpfCodelets.payload(4);
        commands.send(command(0, 5));
        assertThat(codelets.codelet("jbpf_main", 1).run(1, payload)).isEqualTo(1);
        assertThat(codelets.codelet("jbpf_main", 0).run(0, payload)).isZero();
        assertThat(drain(results)).containsExactly("010000000500000020000000");
        assertThat(codelets.codelet("send", 0).run(0, payload)).isEqualTo(-2);
        assertThat(codelets.codelet("send", 1).run(0, payload)).isZero();
        assertThat(drain(results)).containsExactly("000000000500000020000000");
    }

    @Test
    void shouldRefuseOutputsWithoutRoom() {
        var codelet = codelets.codelet("jbpf_main", 0);
        var payload = JbpfCodelets.payload(4);
        int sent = 0;
        while (codelet.run(0, payload) == 0) {
            sent++;
        }
        assertThat(sent).isBetween(2, 10);
        assertThat(results.refused()).isEqualTo(1);
        assertThat(codelet.run(0, payload)).as("full").isEqualTo(-1);
        assertThat(drain(results)).hasSize(sent);
        assertThat(codelets.codelet("send", 0).run(0, payload)).as("kept").isZero();
        assertThat(codelets.codelet("send", 0).run(0, payload)).isEqualTo(-2);
    }

    /** One step too few: everything was written, the exit is missing. */
    private static long budgetThatIsTooSmall() {
        long budget = 1;
        while (true) {
            try {
                new JbpfCodelets("jbpf_channels")
                        .codelet("jbpf_main", 0, budget)
                        .run(1, JbpfCodelets.payload(4));
                return budget - 1;
            } catch (ProgramFault _) {
                budget++;
            }
        }
    }

    /** jbpf's documentation promises the same memory until it is sent, and no exception from that. */
    @Test
    void shouldKeepTheOutputOfFailedRuns() {
        var payload = JbpfCodelets.payload(4);
        commands.send(command(0, 7));
        var codelet = codelets.codelet("jbpf_main", 0, budgetThatIsTooSmall());
        assertThatThrownBy(() -> codelet.run(1, payload)).hasMessageContaining("step budget exhausted");
        assertThat(drain(results)).isEmpty();
        assertThat(codelets.codelet("send", 0).run(0, payload)).isZero();
        assertThat(drain(results)).containsExactly("000000000700000020000000");
    }

    @Test
    void shouldReceiveInOrder() {
        var receive = codelets.codelet("receive", 0);
        var payload = JbpfCodelets.payload(4);
        commands.send(command(5, 0));
        commands.send(command(6, 0));
        assertThat(codelets.codelet("small", 0).run(0, payload))
                .as("too small for a command")
                .isEqualTo(-1);
        assertThat(List.of(receive.run(0, payload), receive.run(0, payload), receive.run(0, payload)))
                .as("the last finds nothing, and no old bytes")
                .containsExactly(0x105L, 0x106L, 0L);
    }

    @Test
    void shouldTakeAsManyInputsAsJbpf() {
        int taken = 0;
        while (commands.send(command(taken, 0))) {
            taken++;
        }
        assertThat(taken).isEqualTo(63);
        assertThat(commands.size()).isEqualTo(63);
        assertThatThrownBy(() -> commands.send(new byte[7]))
                .hasMessage("map `commands`: value of 7 bytes, value_size=8");
    }

    @Test
    void shouldFillShortRecordsWithZeros() {
        var note = codelets.codelet("note", 0);
        var payload = JbpfCodelets.payload(0);
        for (int round = 0; round < 50; round++) {
            assertThat(note.run(round, payload)).isZero();
            assertThat(note.run(0x1234, payload)).isZero();
            assertThat(codelets.codelet("note_too_much", 0).run(0, payload)).isEqualTo(-1);
            assertThat(drain(notes))
                    .containsExactly("%02x".formatted(round) + "00".repeat(15), "3412" + "00".repeat(14));
        }
    }
}
