package io.vertebra.runtime.codelet;

import static io.vertebra.runtime.codelet.ProbeHooks.HOOKS;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.config.RuntimeSettings;
import io.vertebra.runtime.account.AttachmentAccount;
import io.vertebra.runtime.account.DropCause;
import io.vertebra.runtime.account.OutputAccount;
import io.vertebra.runtime.hook.HookRegistry;
import io.vertebra.runtime.hook.Hooks;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nothing is lost silently: accounts balance whatever happens at the same time. */
@Timeout(120)
@SuppressWarnings("try") // closes a runtime early, to read its final accounts
class AccountsUnderLoadTest {

    @TempDir
    Path folder;

    @BeforeEach
    void declareHooks() {
        assertThat(HOOKS).isNotNull(); // initialised, so that its hooks are known
    }

    @Test
    void shouldBalanceWhileCodeletsComeAndGo() throws Exception {
        long seed = new Random().nextLong();
        int threads = 4;
        int each = 60_000;
        var settings = RuntimeSettings.ofCores(2).withRingBytes(4096).withInlineSlots(2);
        try (var runtime = CodeletRuntime.start(settings)) {
            var records = new AtomicLong();
            runtime.output(batch -> records.addAndGet(batch.size()));
            var lasting = runtime.load(descriptor("lasting", "count.bpf.o", "{large: 990}", "queued"));
            var inline = runtime.load(descriptor("inline", "moment.bpf.o", "{}", "inline"));
            List<Thread> producers = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                var random = new Random(seed + t);
                var builder = t % 2 == 0 ? Thread.ofPlatform() : Thread.ofVirtual();
                producers.add(builder.start(() -> {
                    for (int i = 0; i < each; i++) {
                        HOOKS.seen(random.nextInt(100), random.nextInt(4), random.nextInt(1000));
                    }
                }));
            }
            List<AttachmentAccount> gone = new ArrayList<>();
            try (var _ = new Cores(runtime)) {
                while (producers.stream().anyMatch(Thread::isAlive)) {
                    var passing = runtime.load(descriptor("passing", "nothing.bpf.o", "{}", "queued"));
                    var passingInline = runtime.load(descriptor("passing-inline", "nothing.bpf.o", "{}", "inline"));
                    passing.unload();
                    passingInline.unload();
                    gone.addAll(passing.accounts());
                    gone.addAll(passingInline.accounts());
                }
                for (var producer : producers) {
                    producer.join();
                }
                lasting.unload();
                inline.unload();
            }

            var all = new ArrayList<>(gone);
            all.addAll(lasting.accounts());
            all.addAll(inline.accounts());
            assertThat(all).as("seed %s", seed).allMatch(a -> a.missing() == 0 && a.waiting() == 0 && a.failed() == 0);
            assertThat(lasting.accounts().getFirst().offered())
                    .as("seed %s", seed)
                    .isEqualTo((long) threads * each);
            assertThat(inline.accounts().getFirst().offered())
                    .as("seed %s", seed)
                    .isEqualTo((long) threads * each);
            assertThat(gone).as("seed %s", seed).isNotEmpty();
            assertThat(lasting.accounts().getFirst().dropped()).containsKey(DropCause.RING_FULL);
            assertThat(events(lasting)).isEqualTo(lasting.accounts().getFirst().ok());
            assertThat(runtime.streamAccounts()).allMatch(a -> a.missing() == 0 && a.waiting() == 0);
            assertThat(runtime.streamAccounts().stream()
                            .mapToLong(OutputAccount::delivered)
                            .sum())
                    .isEqualTo(records.get());
            assertThat(runtime.accounts()).allMatch(a -> a.missing() == 0);
        }
    }

    @Test
    void shouldStayInOrderWhenTheStackEndsInsideAHook() throws Exception {
        try (var runtime = CodeletRuntime.start(RuntimeSettings.ofCores(1).withInlineSlots(2))) {
            runtime.load(descriptor("queued", "payload.bpf.o", "{}", "queued"));
            runtime.load(descriptor("inline", "nothing.bpf.o", "{}", "inline"));
            try (var _ = new Cores(runtime)) {
                for (int round = 0; round < 40; round++) {
                    var thread = new Thread(null, AccountsUnderLoadTest::overflow, "deep", 256 << 10);
                    thread.start();
                    thread.join();
                }
                HOOKS.named("after");
                HOOKS.seen(1, 1, 1);
                runtime.close(Duration.ofSeconds(30));
            }
            var accounts = runtime.accounts().stream()
                    .filter(a -> !a.hook().equals("probe/frame"))
                    .toList();
            assertThat(accounts).hasSize(2);
            assertThat(accounts).allMatch(a -> a.waiting() == 0 && a.missing() == 0);
            assertThat(accounts).allMatch(a -> a.ok() > 0);
        }
    }

    private static void overflow() {
        try {
            deeper(0);
        } catch (StackOverflowError _) {
            // what the test is about
        }
    }

    private static int deeper(int depth) {
        HOOKS.named("deep");
        HOOKS.seen(depth, 0, 0);
        return depth < 0 ? 0 : deeper(depth + 1) + 1;
    }

    @Test
    void shouldCountAnEventWhoseArgumentCannotBeRead() throws Exception {
        try (var runtime = CodeletRuntime.start(RuntimeSettings.ofCores(1))) {
            var queued = runtime.load(descriptor("queued", "payload.bpf.o", "{}", "queued"));
            var inline = runtime.load(descriptor("inline", "payload.bpf.o", "{}", "inline"));
            HOOKS.named(new Unreadable());
            HOOKS.named("readable");
            runtime.close();
            for (var set : List.of(queued, inline)) {
                var named = set.accounts().stream()
                        .filter(a -> a.hook().equals("probe/named"))
                        .findFirst()
                        .orElseThrow();
                assertThat(named)
                        .isEqualTo(new AttachmentAccount(
                                set.name(), "named", "probe/named", named.execution(), 2, 1, 1, Map.of(), 0));
            }
        }
    }

    @Test
    void shouldLimitNestingAndCountWhatFoundNoSlot() throws Exception {
        try (var runtime = CodeletRuntime.start(RuntimeSettings.ofCores(1).withInlineSlots(8))) {
            var set = runtime.load(descriptor("set", "payload.bpf.o", "{}", "inline"));
            HOOKS.named(new Nesting(10));
            var account = set.accounts().stream()
                    .filter(a -> a.hook().equals("probe/named"))
                    .findFirst()
                    .orElseThrow();
            assertThat(account.ok()).isEqualTo(4);
            assertThat(account.dropped()).isEqualTo(Map.of(DropCause.NO_SLOT, 1L));
            assertThat(account.missing()).isZero();
            HOOKS.named("again");
            assertThat(set.accounts()).anyMatch(a -> a.ok() == 5);
        }
    }

    @Test
    void shouldCountPayloadsThatAreCut() throws Exception {
        var settings = RuntimeSettings.ofCores(1).withRingBytes(4096).withPayloadMax(512);
        try (var runtime = CodeletRuntime.start(settings)) {
            var set = runtime.load(descriptor("set", "payload.bpf.o", "{}", "queued"));
            HOOKS.frame(new byte[100_000], 0);
            HOOKS.frame(new byte[512], 0);
            runtime.close();
            var frame = set.statistics().stream()
                    .filter(s -> s.hook().equals("probe/frame"))
                    .findFirst()
                    .orElseThrow();
            assertThat(frame.runs()).isEqualTo(2);
            assertThat(frame.payloadsCut()).isEqualTo(1);
        }
    }

    @Test
    void shouldServeHooksThatAppearAfterTheLoad() throws Exception {
        try (var runtime = CodeletRuntime.start(RuntimeSettings.ofCores(1))) {
            var set = runtime.load(descriptor("set", "count.bpf.o", "{}", "inline"));
            var later = Hooks.of(MethodHandles.lookup(), ProbeHooks.class);
            assertThat(HookRegistry.points("probe/seen")).hasSizeGreaterThan(1);
            later.seen(1, 1, 1);
            HOOKS.seen(1, 1, 1);
            assertThat(set.accounts().getFirst().ok()).isEqualTo(2);
        }
    }

    @Test
    void shouldServeTwoRuntimesAtOnce() throws Exception {
        try (var first = CodeletRuntime.start(RuntimeSettings.ofCores(1));
                var second = CodeletRuntime.start(RuntimeSettings.ofCores(1))) {
            var a = first.load(descriptor("a", "count.bpf.o", "{}", "inline"));
            var b = second.load(descriptor("b", "count.bpf.o", "{}", "queued"));
            HOOKS.seen(1, 1, 1);
            first.close();
            HOOKS.seen(1, 1, 1);
            second.close();
            assertThat(a.accounts().getFirst().ok()).isEqualTo(1);
            assertThat(b.accounts().getFirst().ok()).isEqualTo(2);
        }
    }

    private long events(CodeletSet set) {
        long sum = 0;
        for (int route = 0; route < 4; route++) {
            byte[] key = ByteBuffer.allocate(4)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(route)
                    .array();
            byte[] value = set.map("totals").orElseThrow().get(key).orElseThrow();
            sum += ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).getLong();
        }
        return sum;
    }

    private Path descriptor(String name, String object, String variables, String execution)
            throws IOException, URISyntaxException {
        var objects =
                Path.of(AccountsUnderLoadTest.class.getResource("/codelets").toURI());
        return Files.writeString(
                folder.resolve(name + ".yaml"), """
                    codeletset: %s
                    codelets: [{object: '%s', execution: %s, variables: %s}]
                    """.formatted(name, objects.resolve(object), execution, variables));
    }

    private static final class Unreadable implements CharSequence {
        @Override
        public int length() {
            return 1;
        }

        @Override
        public char charAt(int index) {
            throw new IllegalStateException("expected by the test");
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return this;
        }
    }

    /** Fires the hook again while its argument is read. */
    private record Nesting(int depth) implements CharSequence {
        @Override
        public int length() {
            if (depth > 0) {
                HOOKS.named(new Nesting(depth - 1));
            }
            return 0;
        }

        @Override
        public char charAt(int index) {
            return 'x';
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return this;
        }
    }
}
