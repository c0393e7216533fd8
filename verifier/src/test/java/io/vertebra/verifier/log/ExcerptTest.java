package io.vertebra.verifier.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExcerptTest {

    private static List<String> excerpt(int lines) {
        var result = new ArrayList<String>();
        var excerpt = new Excerpt(result::add);
        for (int i = 0; i < lines; i++) {
            excerpt.add("line " + i);
        }
        excerpt.close();
        return result;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, Excerpt.LINES, Excerpt.LINES + 1, 2 * Excerpt.LINES})
    void shouldKeepAllOfAFew(int lines) {
        assertThat(excerpt(lines)).hasSize(lines).doesNotHaveDuplicates();
    }

    @Test
    void shouldLeaveOutTheMiddleOfMany() {
        var excerpt = excerpt(2 * Excerpt.LINES + 3);
        assertThat(excerpt).hasSize(2 * Excerpt.LINES + 1);
        assertThat(excerpt.get(Excerpt.LINES - 1)).isEqualTo("line " + (Excerpt.LINES - 1));
        assertThat(excerpt.get(Excerpt.LINES))
                .isEqualTo("... 3 lines are left out here, the last " + Excerpt.LINES + " follow ...");
        assertThat(excerpt.get(Excerpt.LINES + 1)).isEqualTo("line " + (Excerpt.LINES + 3));
        assertThat(excerpt.getLast()).isEqualTo("line " + (2 * Excerpt.LINES + 2));
    }
}
