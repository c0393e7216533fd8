package io.vertebra.runtime.codelet;

import static io.vertebra.runtime.codelet.ProbeHooks.HOOKS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.vertebra.config.DescriptorReader;
import io.vertebra.config.RuntimeSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Codelets of several objects that share maps. */
class LinkedMapsTest {

    @TempDir
    Path folder;

    private final CodeletRuntime runtime = CodeletRuntime.start(RuntimeSettings.ofCores(1));

    @BeforeEach
    void copy() throws IOException {
        assertThat(HOOKS).isNotNull(); // initialised, so that its hooks are known
        for (var name : new String[] {"a.o", "b.o", "c.o"}) {
            Files.copy(Sets.folder().resolve("links.bpf.o"), folder.resolve(name));
        }
    }

    @AfterEach
    void close() {
        runtime.close(Duration.ofSeconds(5));
    }

    private CodeletSet load(String linksOfA, String linksOfB, String linksOfC) throws LoadException {
        return runtime.open(DescriptorReader.parse("""
            codeletset: set
            codelets:
              - {object: a.o, program: add, name: a, linked_maps: {%s}}
              - {object: b.o, program: add, name: b, variables: {amount: 100}, linked_maps: {%s}}
              - {object: c.o, program: add, name: c, variables: {amount: 10000}, linked_maps: {%s}}
            """.formatted(linksOfA, linksOfB, linksOfC), "set.yaml", folder))
                .load();
    }

    private void refuses(String linksOfA, String message) {
        assertThatExceptionOfType(LoadException.class)
                .isThrownBy(() -> load(linksOfA, "", ""))
                .withMessage(message);
        assertThat(runtime.sets()).isEmpty();
    }

    @Test
    void shouldShareWhatIsLinked() throws Exception {
        load("left: b/left", "left: c/left", "");
        HOOKS.seen(1, 2, 3);
        Sets.drain(runtime);
        assertThat(Sets.word(runtime, "set/left", 0))
                .as("one map is left of that name")
                .isEqualTo(10101);
        assertThat(runtime.map("set/a/left")).isSameAs(runtime.map("set/c/left"));
        assertThat(Sets.word(runtime, "set/b/right", 0)).isEqualTo(1000);
    }

    @Test
    void shouldFollowLinksThatGoRound() throws Exception {
        load("left: b/left", "right: a/right, left: c/left", "left: a/left, right: b/right");
        HOOKS.seen(1, 2, 3);
        Sets.drain(runtime);
        assertThat(Sets.word(runtime, "set/left", 0)).isEqualTo(10101);
        assertThat(Sets.word(runtime, "set/right", 0)).isEqualTo(101010);
    }

    @Test
    void shouldLinkMapsOfDifferentNames() throws Exception {
        load("left: b/right", "", "");
        HOOKS.seen(1, 2, 3);
        Sets.drain(runtime);
        assertThat(Sets.word(runtime, "set/b/right", 0)).isEqualTo(1 + 1000);
        assertThat(runtime.map("set/a/left")).isSameAs(runtime.map("set/b/right"));
    }

    @Test
    void shouldRefuseLinksThatCannotBe() {
        refuses(
                "none: b/left",
                "codelet `a`: linked map `none`: codelet `a` has no map `none`, it has [left, right, wider, .rodata]");
        refuses("left: d/left", "codelet `a`: linked map `left`: no codelet `d`, the set has [a, b, c]");
        refuses(
                "left: a/left",
                "codelet `a`: linked map `left`: `a/left` is the same map, needed is one of another object");
        refuses(
                "left: b/wider",
                "codelet `a`: linked map `left`: it is ARRAY with key_size=4, value_size=8, max_entries=1, flags=0,"
                        + " `b/wider` is ARRAY with key_size=4, value_size=8, max_entries=2, flags=0, allowed are equal"
                        + " ones that codelets may write, no program arrays");
    }
}
