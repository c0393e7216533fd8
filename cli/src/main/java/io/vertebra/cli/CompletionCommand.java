package io.vertebra.cli;

import io.vertebra.cli.option.CommandException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code vertebra completion}. */
@Command(
        name = "completion",
        description = {
            "Print a script that completes this command's words in a shell.",
            "",
            "It knows commands and options. The command has to be on the PATH as `vertebra`."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  source <(vertebra completion bash)      for this bash",
            "  vertebra completion bash > /etc/bash_completion.d/vertebra",
            "  source <(vertebra completion zsh)       in ~/.zshrc",
            "  vertebra completion fish > ~/.config/fish/completions/vertebra.fish"
        })
final class CompletionCommand implements Callable<Integer> {

    private static final String NAME = "vertebra";

    @Parameters(paramLabel = "SHELL", description = "bash, zsh or fish.")
    private String shell;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandException {
        var out = spec.commandLine().getOut();
        switch (shell) {
            case "bash" -> out.print(AutoComplete.bash(NAME, Main.command()));
            case "zsh" -> {
                out.println("autoload -U +X compinit && compinit");
                out.println("autoload -U +X bashcompinit && bashcompinit");
                out.print(AutoComplete.bash(NAME, Main.command()));
            }
            case "fish" -> fish(Main.command().getCommandSpec(), List.of()).forEach(out::println);
            default -> throw new CommandException("shell `" + shell + "`: allowed are bash, zsh and fish");
        }
        out.flush();
        return 0;
    }

    /** A line for each subcommand and option below a command, which is completed when its words were typed. */
    private static List<String> fish(CommandSpec command, List<String> words) {
        var lines = new ArrayList<String>();
        var known = String.join(" ", command.subcommands().keySet());
        var when = words.isEmpty()
                ? "not __fish_seen_subcommand_from " + known
                : "__fish_seen_subcommand_from " + String.join("; and __fish_seen_subcommand_from ", words)
                        + (known.isEmpty() ? "" : "; and not __fish_seen_subcommand_from " + known);
        var start = "complete -c " + NAME + " -n '" + when + "' ";
        command.subcommands().forEach((name, sub) -> {
            lines.add(start + "-f -a " + name + " -d " + quoted(sub.getCommandSpec()));
            var below = new ArrayList<>(words);
            below.add(name);
            lines.addAll(fish(sub.getCommandSpec(), below));
        });
        for (var option : command.options()) {
            var description = option.description().length == 0 ? "" : option.description()[0];
            var line = new StringBuilder(start);
            for (var name : option.names()) {
                line.append(name.startsWith("--") ? "-l " : name.length() == 2 ? "-s " : "-o ")
                        .append(name.replaceFirst("^--?", ""))
                        .append(' ');
            }
            lines.add(line + (option.arity().max() > 0 ? "-r " : "") + "-d " + quoted(description));
        }
        return lines;
    }

    private static String quoted(CommandSpec command) {
        var description = command.usageMessage().description();
        return quoted(description.length == 0 ? "" : description[0]);
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
