package dev.cairn.tools;

import dev.cairn.tools.campaign.CampaignCommand;
import dev.cairn.tools.conformance.ConformanceCommand;
import dev.cairn.tools.console.Console;
import dev.cairn.tools.console.ExitCode;
import dev.cairn.tools.console.FailureText;
import dev.cairn.tools.demo.DemoCommand;
import dev.cairn.tools.dump.DumpCommand;
import dev.cairn.tools.dump.LoadCommand;
import dev.cairn.tools.format.FormatCommand;
import dev.cairn.tools.fuzz.FuzzCommand;
import dev.cairn.tools.key.KeyCommand;
import dev.cairn.tools.log.InfoCommand;
import dev.cairn.tools.log.LogCommand;
import dev.cairn.tools.log.TxnCommand;
import dev.cairn.tools.mutation.MutateCommand;
import dev.cairn.tools.page.PageCommand;
import dev.cairn.tools.session.SqlCommand;
import dev.cairn.tools.stat.StatCommand;
import dev.cairn.tools.verify.SalvageCommand;
import dev.cairn.tools.verify.VerifyCommand;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The entry point of the command line: without a command it lists the commands. */
@Command(
        name = "cairn",
        mixinStandardHelpOptions = true,
        versionProvider = Cairn.Version.class,
        description = "Cairn, an embedded transactional storage engine with PostgreSQL's savepoints.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Exit codes: 0 done, 1 the thing tested failed, 2 usage, 3 damage found,",
            "4 unreadable or refused, 5 gave up on a live directory.",
            "",
            "Example: cairn sql /tmp/db -c 'CREATE TABLE t (id bigint)'"
        })
public final class Cairn implements Runnable {

    @Spec
    private CommandSpec spec;

    private final Console console;

    private Cairn(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        console.line(spec.commandLine().getUsageMessage().stripTrailing());
    }

    public static void main(String[] args) {
        int exitCode = run(Console.system(), args);
        System.out.flush();
        System.exit(exitCode);
    }

    /** Runs a command on the given streams and returns its exit code. */
    public static int run(Console console, String... args) {
        PrintWriter out = new PrintWriter(console.out(), true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(console.err(), true, StandardCharsets.UTF_8);
        int exitCode = commandLine(console)
                .setOut(out)
                .setErr(err)
                .setExecutionExceptionHandler((failure, line, parsed) -> failed(console, failure))
                .setParameterExceptionHandler((failure, arguments) -> misused(console, failure))
                .execute(args);
        out.flush();
        err.flush();
        console.out().flush();
        return exitCode;
    }

    static CommandLine commandLine(Console console) {
        CommandLine line = new CommandLine(new Cairn(console))
                .addSubcommand(new DemoCommand(console))
                .addSubcommand(new SqlCommand(console))
                .addSubcommand(new InfoCommand(console))
                .addSubcommand(new LogCommand(console))
                .addSubcommand(new TxnCommand(console))
                .addSubcommand(new KeyCommand(console))
                .addSubcommand(new PageCommand(console))
                .addSubcommand(new StatCommand(console))
                .addSubcommand(new VerifyCommand(console))
                .addSubcommand(new DumpCommand(console))
                .addSubcommand(new LoadCommand(console))
                .addSubcommand(new SalvageCommand(console))
                .addSubcommand(new FormatCommand(console))
                .addSubcommand(new FuzzCommand(console))
                .addSubcommand(new ConformanceCommand(console))
                .addSubcommand(new CampaignCommand(console, Cairn.class))
                .addSubcommand(new MutateCommand(console))
                .addSubcommand(new LauncherCommand.Test(console))
                .addSubcommand(new LauncherCommand.Coverage(console))
                .addSubcommand(new LauncherCommand.Bench(console))
                .addSubcommand(new CompletionCommand(console));
        line.getSubcommands().values().forEach(sub -> sub.getCommandSpec().versionProvider(new Version()));
        line.setUsageHelpAutoWidth(false);
        return line.setUsageHelpWidth(100);
    }

    private static int failed(Console console, Throwable failure) {
        if (ExitCode.isExpected(failure)) {
            console.error("cairn: " + ExitCode.message(failure));
        } else {
            console.error("cairn: a defect: " + FailureText.of(failure));
        }
        return ExitCode.of(failure);
    }

    private static int misused(Console console, ParameterException failure) {
        CommandLine line = failure.getCommandLine();
        console.error(line.getCommandSpec().qualifiedName() + ": " + failure.getMessage());
        console.error("Try '" + line.getCommandSpec().qualifiedName() + " --help'.");
        return ExitCode.USAGE;
    }

    /** What the jar's manifest says. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Cairn.class.getPackage().getImplementationVersion();
            return new String[] {"cairn " + (version == null ? "(built from classes)" : version)};
        }
    }
}
