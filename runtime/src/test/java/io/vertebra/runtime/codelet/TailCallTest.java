package io.vertebra.runtime.codelet;

import static io.vertebra.runtime.codelet.ProbeHooks.HOOKS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.vertebra.config.RuntimeSettings;
import io.vertebra.runtime.output.OutputBatch;
import io.vertebra.vm.btf.BtfValues;
import io.vertebra.vm.map.BpfMapOfMaps;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Program arrays and maps of maps that their objects fill. */
@Timeout(60)
class TailCallTest {

    @TempDir
    Path folder;

    private final CodeletRuntime runtime = CodeletRuntime.start(RuntimeSettings.ofCores(1));

    @AfterEach
    void close() {
        runtime.close();
    }

    private CodeletSet load(String object, String rest) throws Exception {
        assertThat(HOOKS).isNotNull(); // initialised, so that its hooks are known
        Files.copy(Path.of(TailCallTest.class.getResource("/codelets/" + object).toURI()), folder.resolve(object));
        var descriptor = folder.resolve("set.yaml");
        return runtime.load(
                Files.writeString(descriptor, "codeletset: set\ncodelets: [{object: " + object + rest + "}]\n"));
    }

    @Test
    void shouldContinueFromTheFirstEvent() throws Exception {
        var set = load("tails.bpf.o", "");
        assertThat(HOOKS.choose(0, 21)).isEqualTo(42);
        assertThat(HOOKS.choose(2, 0)).isEqualTo(1000);
        assertThat(HOOKS.choose(0, 101)).as("two tail calls").isEqualTo(1001);
        assertThat(HOOKS.choose(1, 0)).as("an empty place").isEqualTo(-7);
        assertThat(HOOKS.choose(-1, 0)).isEqualTo(-7);
        assertThat(runtime.map("set/counted").get(new byte[4]).orElseThrow()[0]).isEqualTo((byte) 2);
        assertThat(runtime.map("set/steps").size()).isEqualTo(2);
        assertThat(((BpfMapOfMaps) runtime.map("set/counters")).inner(new byte[] {1, 0, 0, 0}))
                .containsSame(runtime.map("set/counted"));
        assertThat(set.accounts()).as("only `choose` is attached").hasSize(1);
        assertThat(set.accounts().getFirst().codelet()).isEqualTo("choose");
        assertThat(set.accounts().getFirst().ok()).isEqualTo(5);
    }

    @Test
    void shouldAttachWhatIsNamed() throws Exception {
        load("tails.bpf.o", ", program: last");
        assertThat(HOOKS.choose(0, 21)).isEqualTo(1000);
    }

    @Test
    void shouldCaptureWhatIsAskedForLater() throws Exception {
        List<OutputBatch> batches = new ArrayList<>();
        runtime.output(batches::add);
        load("tailmoment.bpf.o", "");
        long before = System.nanoTime();
        var thread = Thread.ofVirtual().name("firing").start(() -> HOOKS.seen(5, 0, 0));
        thread.join();
        long after = System.nanoTime();
        runtime.close(); // runs what waits in the rings

        var batch = batches.getFirst();
        var record =
                (Map<?, ?>) BtfValues.read(batch.stream().btf(), batch.stream().recordType(), batch.record(0), 0);
        assertThat((Long) record.get("event_ns")).isBetween(before, after);
        assertThat(record.get("name")).isEqualTo("firing");
    }

    @Test
    void shouldRefuseProgramsOfOtherHooks() {
        assertThatExceptionOfType(LoadException.class)
                .isThrownBy(() -> load("tailapart.bpf.o", ""))
                .withMessage(
                        "codelet `first`: continues in program `other` of `hook/probe/seen`, allowed are programs of"
                                + " its own hook `probe/choose`");
    }
}
