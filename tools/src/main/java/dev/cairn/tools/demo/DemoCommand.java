package dev.cairn.tools.demo;

import dev.cairn.tools.console.Console;
import dev.cairn.tools.console.ExitCode;
import dev.cairn.tools.console.ScratchDirectory;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code cairn demo}. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = "Show in under a minute what Cairn is for: savepoints that survive kill -9.",
        footer = {"", "Example: cairn demo --seed=7"})
public final class DemoCommand implements Callable<Integer> {

    @Option(
            names = "--seed",
            paramLabel = "S",
            description =
                    "What is written follows from it; the moment of the kill also from the machine. Default: ${DEFAULT-VALUE}.",
            defaultValue = "1")
    private long seed;

    private final Console console;

    public DemoCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (ScratchDirectory scratch = ScratchDirectory.create("cairn-demo-")) {
            return new Demo(console, seed, scratch.path()).run() ? ExitCode.DONE : ExitCode.FAILED;
        }
    }
}
