package dev.cairn.tools.campaign;

import dev.cairn.tools.console.ChildJvm;
import dev.cairn.tools.console.Console;
import dev.cairn.tools.console.UsageException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cairn campaign}. */
@Command(
        name = "campaign",
        mixinStandardHelpOptions = true,
        description = {
            "Run what takes longer than the tests' time.",
            "large: a table of 2 GB under a cache of 64 MiB and a heap of 256 MiB, written, reopened, read, updated."
        },
        footer = {"", "Example: cairn campaign large"})
public final class CampaignCommand implements Callable<Integer> {

    @Parameters(paramLabel = "NAME", description = "large")
    private String name;

    @Option(
            names = "--directory",
            paramLabel = "DIR",
            description = "Where the database is made, and removed again. Default: the temporary directory.")
    private Path directory;

    private final Console console;

    public CampaignCommand(Console console) {
        this.console = console;
        this.name = "";
        this.directory = Path.of(System.getProperty("java.io.tmpdir"));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!name.equals("large")) {
            throw new UsageException("there is no campaign \"" + name + "\"; there is: large");
        }
        Files.createDirectories(directory);
        Process child = new ProcessBuilder(ChildJvm.command(
                        LargeCampaign.class,
                        List.of(LargeCampaign.HEAP_FLAG),
                        List.of(directory.toString(), String.valueOf(console.terminal()))))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Thread onExit = new Thread(child::destroy, "end the campaign's process");
        Runtime.getRuntime().addShutdownHook(onExit);
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            String line = lines.readLine();
            while (line != null) {
                console.line(line);
                line = lines.readLine();
            }
            return child.waitFor();
        } finally {
            child.destroy();
            Runtime.getRuntime().removeShutdownHook(onExit);
        }
    }
}
