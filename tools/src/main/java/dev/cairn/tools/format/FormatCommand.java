package dev.cairn.tools.format;

import dev.cairn.tools.console.Console;
import dev.cairn.tools.console.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code cairn format}. */
@Command(
        name = "format",
        mixinStandardHelpOptions = true,
        description = "Print the on-disk format, from the declarations in the code. FORMAT.md is its output.",
        footer = {"", "Example: cairn format > FORMAT.md"})
public final class FormatCommand implements Callable<Integer> {

    private final Console console;

    public FormatCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        console.out().print(FormatDocument.render());
        console.out().flush();
        return ExitCode.DONE;
    }
}
