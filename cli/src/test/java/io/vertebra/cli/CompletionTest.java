package io.vertebra.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts of {@code vertebra completion}, the one for bash in a real bash. */
class CompletionTest {

    @TempDir
    Path folder;

    private Path script;

    @BeforeEach
    void write() throws Exception {
        var bash = Command.run("completion", "bash");
        assertThat(bash.exit()).isZero();
        script = Files.writeString(folder.resolve("vertebra.bash"), bash.out());
    }

    @Test
    void shouldCompleteCommandsAndOptionsInBash() throws Exception {
        assertThat(completed("")).contains("set", "top", "doctor", "verify", "help");
        assertThat(completed("to")).containsExactly("top");
        assertThat(completed("set", "")).contains("load", "replace", "unload").doesNotContain("top");
        assertThat(completed("set", "re")).containsExactly("replace");
        assertThat(completed("map", "dump", "--his")).containsExactly("--histogram");
        assertThat(completed("set", "load", "--r")).containsExactly("--run-folder");
    }

    @Test
    void shouldHaveScriptsForOtherShells() {
        assertThat(Command.run("completion", "zsh").out())
                .startsWith("autoload -U +X compinit")
                .contains("_complete_vertebra");
        assertThat(Command.run("completion", "fish").out().lines())
                .allSatisfy(line -> assertThat(line).matches("complete -c vertebra -n '[^']*' .*-d '.*'"))
                .anySatisfy(line -> assertThat(line)
                        .startsWith("complete -c vertebra -n '__fish_seen_subcommand_from set; and not"
                                + " __fish_seen_subcommand_from ")
                        .contains("-f -a load -d "));
        Command.run("completion", "tcsh").shouldFail(1, "shell `tcsh`: allowed are bash, zsh and fish");
    }

    /** Asks bash as the tabulator key does: with the function that is registered for the command. */
    private List<String> completed(String... words) throws Exception {
        var line = "vertebra " + String.join(" ", words);
        var bash = new ProcessBuilder("bash", "--norc", "-c", """
            source "$1"; shift
            function=$(complete -p vertebra | sed 's/.* -F \\([^ ]*\\).*/\\1/')
            COMP_LINE=$1; shift
            COMP_WORDS=(vertebra "$@"); COMP_CWORD=$#; COMP_POINT=${#COMP_LINE}
            $function vertebra "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
            printf '%s\\n' "${COMPREPLY[@]}"
            """, "bash", script.toString(), line)
                .redirectError(ProcessBuilder.Redirect.DISCARD); // compopt works only below the tabulator key
        bash.command().addAll(List.of(words));
        var process = bash.start();
        var printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(printed).isZero();
        return printed.lines().map(String::strip).toList();
    }
}
