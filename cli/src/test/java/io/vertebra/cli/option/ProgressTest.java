package io.vertebra.cli.option;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ProgressTest {

    @Test
    void shouldSayWhatTakesLongAndWipeItOut() throws Exception {
        var shown = new CountDownLatch(2);
        var text = new StringWriter();
        var err = new PrintWriter(text) {
            @Override
            public void flush() {
                shown.countDown();
            }
        };
        try (var _ = Progress.start(() -> new Terminal(false, true), err, "waiting for it")) {
            assertThat(shown.await(20, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(text.toString())
                .startsWith("\r\033[Kwaiting for it ... 1 s\r\033[Kwaiting for it ... 2 s")
                .endsWith("\r\033[K");
    }

    @Test
    void shouldBeSilentWhenItIsShortOrNobodyLooks() throws Exception {
        var text = new StringWriter();
        var asked = new CountDownLatch(1);
        Supplier<Terminal> nobody = () -> {
            asked.countDown();
            return Terminal.NONE;
        };
        try (var _ = Progress.start(nobody, new PrintWriter(text, true), "x")) {
            assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
        }
        try (var _ = Progress.start(() -> new Terminal(true, true), new PrintWriter(text, true), "x")) {
            assertThat(text.toString()).isEmpty();
        }
        assertThat(text.toString()).isEmpty();
    }
}
