package dev.cairn.tools;

import dev.cairn.tools.console.Console;
import dev.cairn.tools.console.ExitCode;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code cairn completion}. */
@Command(
        name = "completion",
        mixinStandardHelpOptions = true,
        description = "Print a script that completes commands and options in bash and zsh.",
        footer = {"", "Example: cairn completion > /etc/bash_completion.d/cairn", "         source <(cairn completion)"
        })
final class CompletionCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    private final Console console;

    CompletionCommand(Console console) {
        this.console = console;
        this.spec = CommandSpec.create();
    }

    @Override
    public Integer call() {
        console.line(AutoComplete.bash("cairn", spec.root().commandLine()).stripTrailing());
        return ExitCode.DONE;
    }
}
