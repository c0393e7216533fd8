package io.vertebra.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What every command says of itself. */
class HelpTest {

    private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

    /** All commands and theirs. */
    static Stream<String> commands() {
        var names = new LinkedHashSet<String>();
        collect(Main.command(), names);
        return names.stream();
    }

    private static void collect(CommandLine command, Set<String> names) {
        names.add(command.getCommandSpec().qualifiedName());
        command.getSubcommands().values().forEach(sub -> collect(sub, names));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void shouldExplainItselfWithExamples(String name) {
        var words = new ArrayList<>(List.of(name.split(" ")));
        words.removeFirst();
        var asked = new ArrayList<>(words);
        asked.add("--help");
        var help = Command.run(asked.toArray(String[]::new));
        assertThat(help.exit()).isZero();
        assertThat(help.err()).isEmpty();
        assertThat(help.out()).contains("Usage: " + name, "\nExamples:\n  ");
        var examples = help.out().substring(help.out().indexOf("\nExamples:\n") + "\nExamples:\n".length());
        assertThat(examples.lines())
                .allSatisfy(example -> assertThat(example).startsWith("  ")) // and is not broken into two
                .anySatisfy(example -> assertThat(example).contains(name))
                .allSatisfy(HelpTest::shouldBeUnderstood);
    }

    /** An example's words make sense to the command; what stands behind three spaces is a remark. */
    private static void shouldBeUnderstood(String example) {
        var line = example.strip().split(" {3}", 2)[0];
        if (!line.matches("vertebra [^|<>]*(>=[^|<>]*)?")) {
            return; // more than one command
        }
        var words = new ArrayList<String>();
        var matcher = WORD.matcher(line);
        while (matcher.find()) {
            words.add(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
        }
        words.removeFirst();
        var parsed = Main.command().parseArgs(words.toArray(String[]::new));
        assertThat(parsed.errors()).as(Arrays.toString(words.toArray())).isEmpty();
    }
}
