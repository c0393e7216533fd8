package io.vertebra.verticles.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.verticles.cluster.Beat.SetStatus;
import io.vertebra.verticles.cluster.Members.State;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MembersTest {

    private final AtomicLong now = new AtomicLong(-5);
    private final Members members = new Members(Duration.ofSeconds(2), now::get);

    private static Beat beat(String member, boolean leaving) {
        var sets = List.of(new SetStatus("a", 3, "attached", ""), new SetStatus("b", 1, SetStatus.REJECTED, "no hook"));
        return new Beat(member, "node of " + member, "http://127.0.0.1:1", "today", leaving, "digest", sets);
    }

    @Test
    void shouldTellTheSilentFromThoseThatLeft() {
        members.heard(beat("one", false));
        members.heard(beat("two", false));
        now.addAndGet(Duration.ofSeconds(2).toNanos());
        members.heard(beat("two", true));
        members.heard(beat("three", false));
        assertThat(members.all())
                .extracting(Members.Member::state)
                .containsExactly(State.PRESENT, State.PRESENT, State.LEFT);
        now.addAndGet(1);
        assertThat(members.all())
                .extracting(Members.Member::state)
                .containsExactly(State.LOST, State.PRESENT, State.LEFT);
        assertThat(members.present()).extracting(Beat::member).containsExactly("three");
        members.heard(beat("one", false));
        assertThat(members.present()).extracting(Beat::member).containsExactly("one", "three");
    }

    @Test
    void shouldForgetWhoIsSilentForTheLongest() {
        for (int i = 0; i < 300; i++) {
            now.incrementAndGet();
            members.heard(beat("m" + i, false));
        }
        assertThat(members.all())
                .hasSize(256)
                .extracting(m -> m.beat().member())
                .doesNotContain("m0", "m43")
                .contains("m44");
    }

    @Test
    void shouldReadWhatItWrites() {
        var beat = beat("one", true);
        assertThat(Beat.of(new JsonObject(beat.json().encode()))).isEqualTo(beat);
        assertThat(beat.sets()).extracting(SetStatus::loaded).containsExactly(true, false);
    }
}
