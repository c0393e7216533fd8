package io.vertebra.runtime.codelet;

import static io.vertebra.runtime.codelet.ProbeHooks.HOOKS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.vertebra.config.RuntimeSettings;
import io.vertebra.runtime.account.AttachmentAccount;
import io.vertebra.runtime.account.DropCause;
import io.vertebra.runtime.account.OutputAccount;
import io.vertebra.runtime.codelet.LoadException.Stage;
import io.vertebra.runtime.output.OutputBatch;
import io.vertebra.vm.btf.BtfValues;
import io.vertebra.vm.map.BpfMap;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CodeletRuntimeTest {

    private static final RuntimeSettings SETTINGS = RuntimeSettings.ofCores(2).withInlineSlots(4);

    @TempDir
    Path folder;

    private CodeletRuntime runtime;

    @BeforeEach
    void start() {
        assertThat(HOOKS).isNotNull(); // initialised, so that its hooks are known
        runtime = CodeletRuntime.start(SETTINGS);
    }

    @AfterEach
    void close() {
        runtime.close(Duration.ofSeconds(5));
    }

    @Test
    void shouldRunQueuedCodeletsOnCores() throws Exception {
        var set = load("codelets: [{object: count.bpf.o}]");
        HOOKS.seen(1, 2, 30);
        HOOKS.seen(7, 2, 12);
        assertThat(onlyAccount(set).waiting()).isEqualTo(2);
        drain();

        assertThat(totals("set/totals", 2)).containsExactly(2L, 42L);
        assertThat(number(runtime.map("set/last_bytes").get(longKey(7)).orElseThrow()))
                .isEqualTo(12);
        assertThat(perSlotSum("set/by_slot")).isEqualTo(2);
        assertThat(onlyAccount(set))
                .isEqualTo(new AttachmentAccount("set", "count", "probe/seen", "queued", 2, 2, 0, Map.of(), 0));
        assertThat(set.state()).isInstanceOf(CodeletSetState.Attached.class);
    }

    @Test
    void shouldRunInlineCodeletsAtOnce() throws Exception {
        var set = load("codelets: [{object: count.bpf.o, execution: inline}]");
        HOOKS.seen(1, 2, 30);
        assertThat(totals("set/totals", 2)).containsExactly(1L, 30L);
        assertThat(onlyAccount(set).execution()).isEqualTo("inline");
        assertThat(onlyAccount(set).ok()).isEqualTo(1);
        assertThat(perSlotSum("set/by_slot")).isEqualTo(1);
    }

    @Test
    void shouldLetAControlHookDecide() throws Exception {
        assertThat(HOOKS.choose(2, 3)).isEqualTo(-1);
        var set = load("codelets: [{object: control.bpf.o}]");
        assertThat(HOOKS.choose(2, 3)).isEqualTo(5);
        assertThat(HOOKS.choose(2, -3)).isEqualTo(-2);
        set.unload();
        assertThat(HOOKS.choose(2, 3)).isEqualTo(-1);
        assertThat(onlyAccount(set).ok()).isEqualTo(2);
        assertThat(set.state()).isInstanceOf(CodeletSetState.Unloaded.class);
    }

    @Test
    void shouldRefuseASecondCodeletOnAControlHook() throws Exception {
        load("codelets: [{object: control.bpf.o}]");
        assertThat(refusal("other", "codelets: [{object: control.bpf.o}]").getMessage())
                .isEqualTo(
                        "hook `probe/choose`: `set/choose` and `other/choose` want to control it, a control hook takes"
                                + " one codelet");
        try (var second = CodeletRuntime.start(SETTINGS)) {
            assertThatExceptionOfType(LoadException.class)
                    .isThrownBy(() -> second.load(descriptor("other", "codelets: [{object: control.bpf.o}]")))
                    .withMessageContaining("another runtime");
        }
        assertThat(HOOKS.choose(2, 3)).isEqualTo(5);
        assertThat(runtime.sets()).hasSize(1);
    }

    @Test
    void shouldGivePayloadsAndStrings() throws Exception {
        var set = load("codelets: [{object: payload.bpf.o}]");
        byte[] bytes = {3, 4, 5};
        HOOKS.frame(bytes, 7);
        HOOKS.frame(new byte[5000], 0);
        HOOKS.frame(null, 0);
        HOOKS.named("hello, world");
        drain();

        var sums = ByteBuffer.wrap(runtime.map("set/sums").get(intKey(0)).orElseThrow())
                .order(ByteOrder.LITTLE_ENDIAN);
        assertThat(sums.getLong()).as("frames").isEqualTo(3);
        assertThat(sums.getLong()).as("bytes").isEqualTo(7);
        assertThat(sums.getLong()).as("lengths").isEqualTo(5003);
        assertThat(sums.getLong()).as("names").isEqualTo(8);
        assertThat(sums.get()).isEqualTo((byte) 'h');
        assertThat(bytes).as("a queued codelet changes its copy").containsExactly(3, 4, 5);
        assertThat(set.accounts()).allMatch(a -> a.missing() == 0);
        set.unload();

        load("codelets: [{object: payload.bpf.o, execution: inline}]");
        HOOKS.frame(bytes, 7);
        assertThat(bytes).as("an inline codelet changes it in place").containsExactly(3, -1, 5);
    }

    @Test
    void shouldCaptureTheMomentOfFiring() throws Exception {
        List<OutputBatch> batches = new ArrayList<>();
        runtime.output(batches::add);
        load("codelets: [{object: moment.bpf.o}]\nstreams: {times: {map: moments, key: id}}");
        long before = System.nanoTime();
        var thread = Thread.ofVirtual().name("a thread \u00e4 with a long name").start(() -> HOOKS.seen(5, 0, 0));
        thread.join();
        long after = System.nanoTime();
        drain();

        var batch = batches.getFirst();
        var record =
                (Map<?, ?>) BtfValues.read(batch.stream().btf(), batch.stream().recordType(), batch.record(0), 0);
        assertThat((Long) record.get("event_ns")).isBetween(before, after);
        assertThat(record.get("thread")).isEqualTo(thread.threadId());
        assertThat(record.get("name")).asString().startsWith("a thread ");
        assertThat(record.get("id")).isEqualTo(5L);
        assertThat(batch.stream().key()).isEqualTo("id");
    }

    @Test
    void shouldNumberRecordsAndAccountForThem() throws Exception {
        List<OutputBatch> batches = new ArrayList<>();
        var set = load("codelets: [{object: count.bpf.o}]\nstreams: {big: {map: large_events, to: [live]}}");
        for (int i = 0; i < 300; i++) { // 4,096 bytes hold 170 records of 24
            HOOKS.seen(i, 0, 5000);
        }
        drain();
        assertThat(runtime.streamAccounts())
                .containsExactly(new OutputAccount("big", "output", 300, 0, Map.of(DropCause.OUTPUT_FULL, 130L), 170));

        runtime.output(batches::add);
        drain();
        HOOKS.seen(999, 0, 5000);
        drain();
        long next = 0;
        for (var batch : batches) {
            assertThat(batch.firstSequence()).isEqualTo(next);
            next += batch.size();
        }
        assertThat(next).isEqualTo(171);
        assertThat(batches.getLast().record(batches.getLast().size() - 1).get(ValueLayout.JAVA_LONG_UNALIGNED, 0))
                .isEqualTo(999);
        assertThat(set.streamAccounts())
                .containsExactly(new OutputAccount("big", "output", 301, 171, Map.of(DropCause.OUTPUT_FULL, 130L), 0));
        assertThat(set.streams().getFirst().connectors()).containsExactly("live");
    }

    @Test
    void shouldCountRecordsThatTheSinkLost() throws Exception {
        runtime.output(_ -> {
            throw new IllegalStateException("expected by the test");
        });
        load("codelets: [{object: count.bpf.o}]");
        HOOKS.seen(1, 0, 5000);
        drain();
        assertThat(runtime.streamAccounts())
                .containsExactly(
                        new OutputAccount("large_events", "output", 1, 0, Map.of(DropCause.CONNECTOR_FAILED, 1L), 0));
    }

    @Test
    void shouldSetVariablesBeforeTheLoad() throws Exception {
        runtime.open(descriptor("set", "codelets: [{object: count.bpf.o, execution: inline, variables: {step: 5}}]"))
                .set("large", 10)
                .load();
        HOOKS.seen(1, 1, 10);
        assertThat(totals("set/totals", 1)).containsExactly(5L, 10L);
        assertThat(runtime.streamAccounts().getFirst().waiting()).isEqualTo(1);
        assertThat(runtime.set("set").orElseThrow().maps()).containsKeys(".rodata", "totals");
    }

    @Test
    void shouldRunByPriorityAndShareMapsOfAnObject() throws Exception {
        var set = load("""
            codelets:
              - {object: moment.bpf.o, program: moment, name: second, priority: -1, execution: inline}
              - {object: moment.bpf.o, program: moment, name: first, priority: 3, execution: inline}
            """);
        assertThat(set.maps()).containsOnlyKeys("moments");
        assertThat(set.map("first/moments"))
                .isEqualTo(set.map("second/moments"))
                .isPresent();
        HOOKS.seen(1, 0, 0);
        assertThat(set.streamAccounts().getFirst().waiting()).isEqualTo(2);
        assertThat(set.accounts()).extracting(AttachmentAccount::ok).containsExactly(1L, 1L);
    }

    @Test
    void shouldFireIntervals() throws Exception {
        var set = load("codelets: [{object: interval.bpf.o}]");
        try (var _ = new Cores(runtime)) {
            await(() -> number(runtime.map("set/ticks").get(intKey(0)).orElseThrow()) >= 3);
            set.unload();
        }
        var account = onlyAccount(set);
        assertThat(account.missing()).isZero();
        assertThat(account.ok()).isGreaterThanOrEqualTo(3);
        assertThat(account.hook()).isEqualTo("interval/5ms");
    }

    @Test
    void shouldDropWaitingEventsOfADetachedCodelet() throws Exception {
        var set = load("codelets: [{object: count.bpf.o}]");
        HOOKS.seen(1, 0, 0);
        HOOKS.seen(2, 0, 0);
        try (var _ = new Cores(runtime)) {
            // the cores may or may not have run the events before the detach
            set.unload();
        }
        var account = onlyAccount(set);
        assertThat(account.offered()).isEqualTo(2);
        assertThat(account.missing()).isZero();
        assertThat(account.waiting()).isZero();
        HOOKS.seen(3, 0, 0);
        assertThat(onlyAccount(set)).isEqualTo(account);
        assertThat(runtime.accounts()).containsExactly(account);
    }

    @Test
    void shouldAddUpAccountsOverReloads() throws Exception {
        for (int i = 0; i < 3; i++) {
            var set = load("codelets: [{object: count.bpf.o, execution: inline}]");
            HOOKS.seen(1, 0, 5000);
            set.unload();
        }
        assertThat(runtime.accounts())
                .singleElement()
                .extracting(AttachmentAccount::ok)
                .isEqualTo(3L);
        assertThat(runtime.streamAccounts())
                .containsExactly(new OutputAccount("large_events", "output", 3, 0, Map.of(DropCause.STOPPED, 3L), 0));
    }

    @Test
    void shouldRunWhatWaitsWhenItCloses() throws Exception {
        List<OutputBatch> batches = new ArrayList<>();
        runtime.output(batches::add);
        load("codelets: [{object: count.bpf.o}]");
        for (int i = 0; i < 100; i++) {
            HOOKS.seen(i, 0, 5000);
        }
        runtime.close(Duration.ofSeconds(30));
        assertThat(runtime.accounts())
                .singleElement()
                .extracting(AttachmentAccount::ok)
                .isEqualTo(100L);
        assertThat(batches.stream().mapToInt(OutputBatch::size).sum()).isEqualTo(100);
        HOOKS.seen(1, 0, 0);
        assertThat(runtime.accounts().getFirst().offered()).isEqualTo(100);
    }

    @Test
    void shouldCountWhatADeadlineLeftAsStopped() throws Exception {
        load("codelets: [{object: count.bpf.o}]");
        HOOKS.seen(1, 0, 5000);
        runtime.close(Duration.ZERO);
        assertThat(runtime.accounts())
                .containsExactly(new AttachmentAccount(
                        "set", "count", "probe/seen", "queued", 1, 0, 0, Map.of(DropCause.STOPPED, 1L), 0));
        assertThatExceptionOfType(LoadException.class)
                .isThrownBy(() -> load("codelets: [{object: count.bpf.o}]"))
                .withMessage("set `set`: the runtime is closed");
    }

    @Test
    void shouldGiveStatistics() throws Exception {
        load("codelets: [{object: control.bpf.o}]");
        for (int i = 0; i < 3000; i++) {
            HOOKS.choose(1, 1);
        }
        var statistics = runtime.statistics().getFirst();
        assertThat(statistics.runs()).isEqualTo(3000);
        assertThat(statistics.errors()).isZero();
        assertThat(statistics.runTimes().samples()).isEqualTo(2);
        assertThat(runtime.hooks()).extracting(h -> h.name()).contains("probe/choose", "probe/seen");
    }

    @Test
    void shouldCarryTheReportOfARejectedProgram() throws Exception {
        var refusal = refusal("set", "codelets: [{object: control.bpf.o}, {object: rejected.bpf.o}]");
        assertThat(refusal.stage()).isEqualTo(Stage.VERIFICATION);
        assertThat(refusal.report()).isPresent();
        assertThat(refusal.getMessage()).startsWith("codelet `unchecked`: rejected by the verifier, ");
        assertThat(HOOKS.choose(1, 1)).as("nothing was attached").isEqualTo(-1);
        assertThat(runtime.sets()).isEmpty();
    }

    @Test
    void shouldSayWhyASetIsNotLoaded() throws Exception {
        assertThat(refusal("set", "codelets: [{object: lost.bpf.o}]").getMessage())
                .startsWith("codelet `lost`: no hook `probe/sean` in this process, the closest of ")
                .contains("are `probe/seen`, ");
        assertThat(refusal("set", "codelets: [{object: strange.bpf.o}]").getMessage())
                .isEqualTo("codelet `strange`: section `kprobe/do_exit` is unknown, known are hook/<group>/<name>,"
                        + " control/<group>/<name> and interval/<duration>");
        var foreign = refusal("set", "codelets: [{object: foreign_abi.bpf.o}]");
        assertThat(foreign.stage()).isEqualTo(Stage.HOOK);
        assertThat(foreign.getMessage())
                .isEqualTo("codelet `jbpf_main`: of jbpf's ABI, whose objects name no hook: name it with `hook`");
        assertThat(refusal("set", "codelets: [{object: older.bpf.o}]").getMessage())
                .isEqualTo("codelet `older`: struct probe_seen in the object has field `route` at offset 0 with 4"
                        + " bytes, the hook at offset 8 with 4; compile against this application's header");
        assertThat(refusal("set", "codelets: [{object: control.bpf.o, execution: queued}]")
                        .getMessage())
                .isEqualTo("codelet `choose`: hook `probe/choose` cannot run queued, a control hook runs inline");
        assertThat(refusal("set", "codelets: [{object: count.bpf.o, program: nothing}]")
                        .getMessage())
                .isEqualTo("object `count.bpf.o`: no program `nothing`, it has [count]");
        assertThat(refusal("set", "codelets: [{object: none.bpf.o}]").stage()).isEqualTo(Stage.OBJECT);
        assertThat(refusal("set", "codelets: [{object: set.yaml}]").stage()).isEqualTo(Stage.OBJECT);
        assertThat(refusal("set", "codelets: []").stage()).isEqualTo(Stage.DESCRIPTOR);
        assertThat(refusal("set", "codelets: [{object: count.bpf.o, variables: {stop: 1}}]")
                        .stage())
                .isEqualTo(Stage.VARIABLE);
        assertThat(refusal("set", "codelets: [{object: count.bpf.o}, {object: count.bpf.o}]")
                        .getMessage())
                .isEqualTo("codelet `count`: the name occurs twice in the set, give one a `name`");
        assertThat(refusal("set", "codelets: [{object: count.bpf.o}]\nlimits: {map_memory: 4KiB}")
                        .getMessage())
                .startsWith("maps: they need ")
                .endsWith("allowed is limits.map_memory=4096");
        assertThat(refusal("set", "codelets: [{object: count.bpf.o}]\nlimits: {max_steps: 5}")
                        .stage())
                .isEqualTo(Stage.VERIFICATION);
        assertThat(refusal("set", "codelets: [{object: count.bpf.o}]\nstreams: {s: {map: totals}}")
                        .getMessage())
                .isEqualTo("stream `s`: map `totals` is a ARRAY, needed is a RINGBUF or a PERF_EVENT_ARRAY");
        assertThat(refusal("set", "codelets: [{object: count.bpf.o}]\nstreams: {s: {map: large_events, key: nothing}}")
                        .getMessage())
                .isEqualTo("stream `s`: key `nothing` is not a field of its records");
        assertThat(runtime.sets()).isEmpty();
    }

    @Test
    void shouldRefuseNamesThatAreTaken() throws Exception {
        load("codelets: [{object: count.bpf.o}]");
        assertThat(refusal("set", "codelets: [{object: control.bpf.o}]").getMessage())
                .isEqualTo("set `set`: already loaded, replace it or unload it first");
        assertThat(refusal("other", "codelets: [{object: count.bpf.o}]").getMessage())
                .isEqualTo("stream `large_events`: the name is taken by another stream, give it one of its own");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> runtime.map("set/nothing"))
                .withMessageStartingWith("map `set/nothing`: unknown, known are [set/");
    }

    // ---- what the tests share ----

    private void drain() {
        int idle = 0;
        while (idle < 2) {
            int done = 0;
            for (var core : runtime.cores()) {
                done += core.runOnce(16);
            }
            idle = done == 0 ? idle + 1 : 0;
        }
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }

    private CodeletSet load(String rest) throws Exception {
        return runtime.load(descriptor("set", rest));
    }

    private LoadException refusal(String name, String rest) throws Exception {
        try {
            runtime.load(descriptor(name, rest));
        } catch (LoadException e) {
            return e;
        }
        throw new AssertionError("was loaded: " + rest);
    }

    private Path descriptor(String name, String rest) throws IOException, URISyntaxException {
        var objects = Path.of(CodeletRuntimeTest.class.getResource("/codelets").toURI());
        try (var files = Files.list(objects)) {
            for (var file : files.filter(f -> f.toString().endsWith(".o")).toList()) {
                var copy = folder.resolve(file.getFileName().toString());
                if (!Files.exists(copy)) {
                    Files.copy(file, copy);
                }
            }
        }
        return Files.writeString(folder.resolve(name + ".yaml"), "codeletset: " + name + "\n" + rest);
    }

    private static AttachmentAccount onlyAccount(CodeletSet set) {
        assertThat(set.accounts()).hasSize(1);
        return set.accounts().getFirst();
    }

    private List<Long> totals(String map, int route) {
        var value = ByteBuffer.wrap(runtime.map(map).get(intKey(route)).orElseThrow())
                .order(ByteOrder.LITTLE_ENDIAN);
        return List.of(value.getLong(), value.getLong());
    }

    private long perSlotSum(String map) {
        BpfMap perSlot = runtime.map(map);
        return perSlot.getPerSlot(intKey(0)).stream()
                .mapToLong(CodeletRuntimeTest::number)
                .sum();
    }

    private static long number(byte[] value) {
        return ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }

    private static byte[] intKey(int key) {
        return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(key).array();
    }

    private static byte[] longKey(long key) {
        return ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(key)
                .array();
    }
}
