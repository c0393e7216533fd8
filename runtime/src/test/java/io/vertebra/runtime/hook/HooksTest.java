package io.vertebra.runtime.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.vertebra.runtime.firing.EventSink;
import io.vertebra.runtime.firing.InlineSink;
import io.vertebra.runtime.firing.InlineSlot;
import io.vertebra.vm.program.ContextLayout.Encoding;
import io.vertebra.vm.program.ContextLayout.Field;
import io.vertebra.vm.program.ContextLayout.Kind;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HooksTest {

    enum Colour {
        RED,
        GREEN
    }

    @HookGroup("every")
    interface EveryType {
        void mixed(
                boolean flag,
                byte small,
                short medium,
                char letter,
                @Key int number,
                long large,
                float single,
                double twice,
                Colour colour,
                @Bounded(5) String text,
                byte last);

        boolean mixedEnabled();

        void frame(@Payload byte[] bytes, int after);

        void buffer(@Payload ByteBuffer bytes);

        void segment(@Payload(writable = true) MemorySegment bytes);

        @Hook("renamed")
        void httpURLSeen(CharSequence url);

        @Control(whenDetached = -7)
        int choose(@Names({"low", "high"}) int a);

        @Control(whenDetached = 1)
        boolean allow();

        @Control(whenDetached = -2)
        short narrow(long value);

        default void notAHook() {}
    }

    /** Makes its own hooks when it is initialised, in whichever class loader that is. */
    static final class Holder {
        static final EveryType HOOKS = Hooks.of(MethodHandles.lookup(), EveryType.class);

        private Holder() {}
    }

    private final EveryType hooks = Hooks.of(MethodHandles.lookup(), EveryType.class);
    private final Recorder recorder = new Recorder();

    @Test
    void shouldLayOutContextsAsCDoes() {
        var context = point("every/mixed").descriptor().context();

        assertThat(context.name()).isEqualTo("every_mixed");
        assertThat(context.fields())
                .containsExactly(
                        new Field("flag", 0, 1, Kind.SCALAR),
                        signed("small", 1, 1),
                        signed("medium", 2, 2),
                        new Field("letter", 4, 2, Kind.SCALAR),
                        signed("number", 8, 4),
                        signed("large", 16, 8),
                        new Field("single", 24, 4, Kind.SCALAR, Encoding.FLOAT, List.of()),
                        new Field("twice", 32, 8, Kind.SCALAR, Encoding.FLOAT, List.of()),
                        signed("colour", 40, 4),
                        new Field("text", 44, 7, Kind.STRING),
                        signed("last", 52, 1));
        assertThat(context.size()).isEqualTo(56);
        assertThat(point("every/frame").descriptor().context().fields())
                .containsExactly(
                        new Field("data", 0, 8, Kind.PAYLOAD),
                        new Field("data_end", 8, 8, Kind.PAYLOAD_END),
                        new Field("payload_len", 16, 4, Kind.SCALAR),
                        signed("after", 20, 4));
    }

    @Test
    void shouldTellTheNamesOfValues() {
        assertThat(point("every/mixed").descriptor().names()).isEqualTo(Map.of("colour", List.of("RED", "GREEN")));
        assertThat(point("every/choose").descriptor().names()).isEqualTo(Map.of("a", List.of("low", "high")));
    }

    private static Field signed(String name, int offset, int size) {
        return new Field(name, offset, size, Kind.SCALAR, Encoding.SIGNED, List.of());
    }

    @Test
    void shouldMarshalEveryType() {
        point("every/mixed").attach(this, null, recorder);
        recorder.scratch(-1); // what is left of an earlier run must not show
        hooks.mixed(
                true, (byte) -2, (short) -3, '\u20ac', -5, Long.MIN_VALUE, 1.5f, -2.5, Colour.GREEN, "a\u00e4", (byte)
                        9);

        var context = recorder.seen(56);
        assertThat(context.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 1);
        assertThat(context.get(ValueLayout.JAVA_BYTE, 1)).isEqualTo((byte) -2);
        assertThat(context.get(ValueLayout.JAVA_SHORT, 2)).isEqualTo((short) -3);
        assertThat(context.get(ValueLayout.JAVA_CHAR, 4)).isEqualTo('\u20ac');
        assertThat(context.get(ValueLayout.JAVA_INT, 8)).isEqualTo(-5);
        assertThat(context.get(ValueLayout.JAVA_INT, 12)).as("padding").isZero();
        assertThat(context.get(ValueLayout.JAVA_LONG, 16)).isEqualTo(Long.MIN_VALUE);
        assertThat(context.get(ValueLayout.JAVA_FLOAT, 24)).isEqualTo(1.5f);
        assertThat(context.get(ValueLayout.JAVA_DOUBLE, 32)).isEqualTo(-2.5);
        assertThat(context.get(ValueLayout.JAVA_INT, 40)).isEqualTo(1);
        assertThat(text(context, 44, 5)).isEqualTo("a\u00e4");
        assertThat(context.get(ValueLayout.JAVA_BYTE, 52)).isEqualTo((byte) 9);
    }

    @Test
    void shouldCutTextAtACodePoint() {
        point("every/mixed").attach(this, null, recorder);
        assertThat(textOf("abcdef")).isEqualTo("abcde");
        assertThat(textOf("abcd\u00e4")).isEqualTo("abcd");
        assertThat(textOf("\ud83d\ude00\ud83d\ude00")).isEqualTo("\ud83d\ude00");
        assertThat(textOf("\u20ac\ud83dx")).isEqualTo("\u20ac?x");
        assertThat(textOf(null)).isEmpty();
    }

    @Test
    void shouldGivePayloadsInPlaceWhenInline() {
        byte[] bytes = {1, 2, 3};
        point("every/frame").attach(this, null, recorder);
        hooks.frame(bytes, 8);
        assertThat(recorder.payload).isSameAs(bytes);
        var context = recorder.seen(24);
        long data = context.get(ValueLayout.JAVA_LONG, 0);
        assertThat(context.get(ValueLayout.JAVA_LONG, 8) - data).isEqualTo(3);
        assertThat(context.get(ValueLayout.JAVA_INT, 16)).isEqualTo(3);
        assertThat(context.get(ValueLayout.JAVA_INT, 20)).isEqualTo(8);

        point("every/buffer").attach(this, null, recorder);
        var buffer = ByteBuffer.wrap(new byte[] {9, 8, 7, 6}).position(1).limit(3);
        hooks.buffer(buffer);
        assertThat(recorder.payload).isSameAs(buffer);
        hooks.frame(null, 0);
        assertThat(recorder.payload).isNull();
    }

    @Test
    void shouldCopyPayloadsWhenQueued() {
        byte[] bytes = new byte[40];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i - 100);
        }
        for (int length : new int[] {0, 1, 7, 8, 9, 31, 40}) {
            byte[] payload = java.util.Arrays.copyOf(bytes, length);
            byte[] kept = java.util.Arrays.copyOf(bytes, Math.min(length, Recorder.PAYLOAD_MAX));
            point("every/frame").attach(this, recorder, null);
            hooks.frame(payload, 4);
            assertThat(recorder.queuedPayload(24)).containsExactly(kept);
            assertThat(recorder.seen(24).get(ValueLayout.JAVA_INT, 16)).isEqualTo(length);
            point("every/buffer").attach(this, recorder, null);
            hooks.buffer(ByteBuffer.allocateDirect(50)
                    .position(5)
                    .put(payload)
                    .flip()
                    .position(5));
            assertThat(recorder.queuedPayload(24)).containsExactly(kept);
            hooks.buffer(ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN));
            assertThat(recorder.queuedPayload(24)).containsExactly(kept);
            point("every/segment").attach(this, recorder, null);
            hooks.segment(MemorySegment.ofArray(payload));
            assertThat(recorder.queuedPayload(24)).containsExactly(kept);
        }
    }

    @Test
    void shouldDiscardAnEventWhoseArgumentCannotBeRead() {
        point("every/segment").attach(this, recorder, null);
        MemorySegment closed;
        try (var arena = Arena.ofConfined()) {
            closed = arena.allocate(8);
        }
        hooks.segment(closed);
        assertThat(recorder.log).endsWith("claim", "wake");
        assertThat(recorder.words[Recorder.INDEX]).isEqualTo(Recorder.DISCARD);

        point("every/renamed").attach(this, null, recorder);
        hooks.httpURLSeen(new Hostile());
        assertThat(recorder.slot.owner).as("slot given back").isEqualTo(InlineSlot.FREE);
    }

    @Test
    void shouldNeverThrowWhateverASinkDoes() {
        recorder.broken = true;
        point("every/renamed").attach(this, recorder, recorder);
        hooks.httpURLSeen("x");
        point("every/choose").attach(this, null, recorder);
        assertThat(hooks.choose(1)).isEqualTo(-7);
    }

    @Test
    void shouldReturnWhenDetachedWithoutACodelet() {
        assertThat(hooks.choose(1)).isEqualTo(-7);
        assertThat(hooks.allow()).isTrue();
        assertThat(hooks.narrow(5)).isEqualTo((short) -2);
        hooks.frame(null, 0);
        hooks.httpURLSeen(null);
    }

    @Test
    void shouldNarrowTheResultOfAControlHook() {
        recorder.result = 0x1_0000_0003L;
        for (var name : List.of("every/choose", "every/allow", "every/narrow")) {
            point(name).attach(this, null, recorder);
        }
        assertThat(hooks.choose(1)).isEqualTo(3);
        assertThat(hooks.allow()).isTrue();
        assertThat(hooks.narrow(1)).isEqualTo((short) 3);
        recorder.result = 0;
        assertThat(hooks.allow()).isFalse();
        point("every/choose").detach(this);
        assertThat(hooks.choose(1)).isEqualTo(-7);
        recorder.slots = false;
        assertThat(hooks.narrow(1)).isEqualTo((short) -2);
    }

    @Test
    void shouldTellWhetherAnythingIsAttached() {
        assertThat(hooks.mixedEnabled()).isFalse();
        point("every/mixed").attach(this, recorder, null);
        assertThat(hooks.mixedEnabled()).isTrue();
        point("every/mixed").detach(this);
        assertThat(hooks.mixedEnabled()).isFalse();
    }

    @Test
    void shouldFollowTheSuccessorOfAReplacedTable() {
        var first = new Recorder();
        first.successor = recorder;
        point("every/frame").attach(this, first, first);
        hooks.frame(new byte[1], 5);
        assertThat(recorder.log).containsExactly("run", "claim", "commit", "wake");
        first.successor = null;
        first.superseded = true;
        hooks.frame(new byte[1], 5);
        point("every/narrow").attach(this, null, first);
        assertThat(hooks.narrow(1)).isEqualTo((short) -2);
    }

    @Test
    void shouldServeSeveralOwners() {
        var second = new Recorder();
        point("every/frame").attach(this, recorder, null);
        point("every/frame").attach(second, second, null);
        hooks.frame(null, 1);
        assertThat(recorder.log).contains("commit");
        assertThat(second.log).contains("commit");

        point("every/choose").attach(this, null, recorder);
        assertThat(point("every/choose").isTakenFor(second)).isTrue();
        assertThatIllegalStateException()
                .isThrownBy(() -> point("every/choose").attach(second, null, second))
                .withMessage("hook `every/choose`: another runtime controls it");
    }

    @Test
    void shouldChooseTheRingByKeyElseByThread() throws InterruptedException {
        point("every/mixed").attach(this, recorder, null);
        hooks.mixed(false, (byte) 0, (short) 0, 'a', 42, 0, 0, 0, null, null, (byte) 0);
        assertThat(recorder.key).isEqualTo(42);
        point("every/frame").attach(this, recorder, null);
        var thread = Thread.ofVirtual().start(() -> hooks.frame(null, 0));
        thread.join();
        assertThat(recorder.key).isEqualTo(thread.threadId());
    }

    @Test
    void shouldServeTheSameGroupInTwoClassLoaders() throws Exception {
        int before = HookRegistry.points("every/choose").size();
        var location = EveryType.class.getProtectionDomain().getCodeSource().getLocation();
        try (var loader = new ChildFirst(location)) {
            var holder = Class.forName(Holder.class.getName(), true, loader);
            assertThat(holder).isNotSameAs(Holder.class);
            assertThat(HookRegistry.points("every/choose")).hasSize(before + 1);
            assertThat(HookRegistry.hooks())
                    .filteredOn(h -> h.name().equals("every/choose"))
                    .hasSize(1);
        }
    }

    @Test
    void shouldTellListenersOfNewPoints() {
        List<String> seen = new ArrayList<>();
        java.util.function.Consumer<HookPoint> listener =
                point -> seen.add(point.descriptor().name());
        HookRegistry.addListener(listener);
        Hooks.of(MethodHandles.lookup(), EveryType.class);
        HookRegistry.removeListener(listener);
        assertThat(seen).contains("every/choose", "every/mixed");
    }

    @HookGroup("Bad group")
    interface BadGroup {}

    interface NoGroup {}

    @HookGroup("bad")
    interface BadHooks {
        void map(java.util.Map<String, String> values);

        int result();

        void bytes(byte[] raw);

        void two(@Payload byte[] first, @Payload ByteBuffer second, @Key int a, @Key int b);

        void bound(@Bounded(0) String text, @Bounded(3) int number);

        void named(@Names("a") String text, @Names({}) int number);

        void former(
                @WasNamed("a b") int x, @WasNamed({"x", "old"}) int y, @WasNamed("z") @Payload byte[] data, int old);

        @Control(whenDetached = 300)
        byte small();

        @Control(whenDetached = 0)
        void nothing();

        @Hook("small")
        void same();

        void over(int a);

        void over(long a);
    }

    @Test
    void shouldNameEverythingThatIsWrong() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Hooks.of(MethodHandles.lookup(), BadHooks.class))
                .satisfies(e -> assertThat(e.getMessage())
                        .startsWith("hook interface " + BadHooks.class.getName() + ": ")
                        .contains("map(values): type java.util.Map, allowed are primitives, enums, String,")
                        .contains("result: returns int without @Control, allowed is void")
                        .contains("bytes(raw): byte[] without @Payload, it belongs to byte[], ByteBuffer")
                        .contains("two(second): a second payload, allowed is one")
                        .contains("two: more than one @Key, allowed is one")
                        .contains("bound(text): @Bounded(0), allowed is 1 to 4096")
                        .contains("bound(number): @Bounded on int, it belongs to String and CharSequence")
                        .contains("named(text): @Names of 1 on String, allowed is at least one name on an integer")
                        .contains("named(number): @Names of 0 on int, allowed is")
                        .contains("former(x): @WasNamed(\"a b\"), allowed is [a-z0-9_]+")
                        .contains("former(y): @WasNamed(\"x\"), field `x` exists already, allowed is another name")
                        .contains("former(data): @WasNamed on a payload")
                        .contains("former(old): field `old` exists already")
                        .contains("small: result byte with whenDetached=300, allowed is")
                        .contains("nothing: result void with whenDetached=0, allowed is")
                        .contains("hook name `bad/small` is that of")
                        .contains("over: overloaded, allowed is one method of a name"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Hooks.of(MethodHandles.lookup(), BadGroup.class))
                .withMessageEndingWith("group `Bad group`, allowed is [a-z0-9_]+");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Hooks.of(MethodHandles.lookup(), NoGroup.class))
                .withMessageEndingWith("no @HookGroup, one is needed");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Hooks.of(MethodHandles.lookup(), String.class))
                .withMessageEndingWith("allowed is an interface that is not sealed");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Hooks.of(MethodHandles.publicLookup(), EveryType.class))
                .withMessageContaining("allowed is a lookup from its own package");
    }

    @Test
    void shouldSplitNamesIntoWords() {
        assertThat(SnakeCase.of("requestReceived")).isEqualTo("request_received");
        assertThat(SnakeCase.of("httpURLSeen")).isEqualTo("http_url_seen");
        assertThat(SnakeCase.of("p99Seen")).isEqualTo("p99_seen");
        assertThat(SnakeCase.of("x")).isEqualTo("x");
    }

    private static HookPoint point(String name) {
        return HookRegistry.points(name).getLast();
    }

    private String textOf(String text) {
        hooks.mixed(true, (byte) 0, (short) 0, 'a', 1, 1, 0, 0, null, text, (byte) 9);
        var context = recorder.seen(56);
        assertThat(context.get(ValueLayout.JAVA_BYTE, 52)).isEqualTo((byte) 9);
        assertThat(context.get(ValueLayout.JAVA_INT, 40)).as("null enum").isEqualTo(-1);
        return text(context, 44, 5);
    }

    private static String text(MemorySegment context, long offset, int capacity) {
        int length = context.get(ValueLayout.JAVA_SHORT_UNALIGNED, offset);
        byte[] bytes = context.asSlice(offset + 2, capacity).toArray(ValueLayout.JAVA_BYTE);
        for (int i = length; i < capacity; i++) {
            assertThat(bytes[i]).as("after the text").isZero();
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    private static final class Hostile implements CharSequence {
        @Override
        public int length() {
            return 3;
        }

        @Override
        public char charAt(int index) {
            throw new UnsupportedOperationException("hostile");
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return this;
        }
    }

    private static final class ChildFirst extends URLClassLoader {
        ChildFirst(URL location) {
            super(new URL[] {location}, HooksTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            boolean own = name.startsWith(HooksTest.class.getName());
            return own && findLoadedClass(name) == null ? findClass(name) : super.loadClass(name, resolve);
        }

        @Override
        public void close() throws IOException {
            super.close();
        }
    }

    /** A sink of both kinds that keeps the last event. */
    private static final class Recorder implements EventSink, InlineSink {
        static final int INDEX = 3;
        static final int PAYLOAD_MAX = 32;
        static final long DISCARD = -77;

        final List<String> log = new ArrayList<>();
        final long[] words = new long[64];
        final Slot slot = new Slot();
        Recorder successor;
        boolean superseded;
        boolean broken;
        boolean slots = true;
        boolean queued;
        long result;
        long key;
        int payloadLength;
        Object payload;

        private static final class Slot extends InlineSlot {}

        void scratch(long value) {
            slot.words = new long[64];
            java.util.Arrays.fill(slot.words, value);
        }

        MemorySegment seen(int size) {
            return queued
                    ? MemorySegment.ofArray(words).asSlice((INDEX + 1) * 8L, size)
                    : MemorySegment.ofArray(slot.words).asSlice(0, size);
        }

        byte[] queuedPayload(int contextSize) {
            return MemorySegment.ofArray(words)
                    .asSlice((INDEX + 1) * 8L + contextSize, Math.min(payloadLength, PAYLOAD_MAX))
                    .toArray(ValueLayout.JAVA_BYTE);
        }

        @Override
        public int ring(long eventKey) {
            if (broken) {
                throw new IllegalStateException("broken");
            }
            key = eventKey;
            return 0;
        }

        @Override
        public long[] words(int ring) {
            return words;
        }

        @Override
        public int length(int bytes) {
            return 10;
        }

        @Override
        public long discarded(int length) {
            return DISCARD;
        }

        @Override
        public int claim(int ring, int length, int bytes) {
            if (superseded || successor != null) {
                return SUPERSEDED;
            }
            queued = true;
            payloadLength = bytes;
            log.add("claim");
            return INDEX;
        }

        @Override
        public Recorder successor() {
            return successor;
        }

        @Override
        public int context(int index) {
            return index + 1;
        }

        @Override
        public int kept(int bytes) {
            return Math.min(bytes, PAYLOAD_MAX);
        }

        @Override
        public void commit(int ring, int index, int length) {
            log.add("commit");
        }

        @Override
        public void wake(int ring) {
            log.add("wake");
        }

        @Override
        public InlineSlot enter() {
            if (broken) {
                throw new IllegalStateException("broken");
            }
            if (superseded || successor != null) {
                return InlineSlot.SUPERSEDED;
            }
            queued = false;
            slot.owner = Thread.currentThread().threadId();
            if (slot.words.length == 0) {
                slot.words = new long[64];
            }
            return slots ? slot : null;
        }

        @Override
        public long run(InlineSlot taken, Object bytes) {
            log.add("run");
            payload = bytes;
            return result;
        }

        @Override
        public void exit(InlineSlot taken) {
            taken.owner = InlineSlot.FREE;
        }
    }
}
