package dev.cairn.tools;

import dev.cairn.tools.console.Console;
import dev.cairn.tools.console.ExitCode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Commands that the launcher script carries out itself; here they are listed and explained. */
abstract class LauncherCommand implements Callable<Integer> {

    private final Console console;

    @Parameters(hidden = true)
    private List<String> arguments = new ArrayList<>();

    private LauncherCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        console.error("cairn: this command is carried out by the launcher, ./cairn, not by the jar"
                + (arguments.isEmpty() ? "" : " (arguments: " + String.join(" ", arguments) + ")"));
        return ExitCode.USAGE;
    }

    @Command(
            name = "test",
            mixinStandardHelpOptions = true,
            description = "Run all tests of the project. Arguments go to Maven.",
            footer = {"", "Example: cairn test"})
    static final class Test extends LauncherCommand {
        Test(Console console) {
            super(console);
        }
    }

    @Command(
            name = "coverage",
            mixinStandardHelpOptions = true,
            description = {
                "Run all tests of the project and count the branches of the log, of recovery and of visibility that",
                "they take: 95 of a hundred at least. Arguments go to Maven."
            },
            footer = {"", "Example: cairn coverage"})
    static final class Coverage extends LauncherCommand {
        Coverage(Console console) {
            super(console);
        }
    }

    @Command(
            name = "bench",
            mixinStandardHelpOptions = true,
            description = "Measure; see docs/PERFORMANCE.md. Without arguments: everything.",
            footer = {"", "Example: cairn bench savepoint"})
    static final class Bench extends LauncherCommand {
        Bench(Console console) {
            super(console);
        }
    }
}
