package dev.cairn.tools.verify;

import dev.cairn.engine.verify.DirectoryCheck;
import dev.cairn.engine.verify.Finding;
import dev.cairn.engine.verify.VerifyListener;
import dev.cairn.storage.base.Environment;
import dev.cairn.storage.base.Lsn;
import dev.cairn.tools.console.Console;
import dev.cairn.tools.console.ExitCode;
import dev.cairn.tools.console.LiveDirectory;
import dev.cairn.tools.log.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cairn verify}. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = {
            "Judge a database directory: control file, log, transaction status, catalog, every page and row.",
            "Reads only; takes no lock; goes on after the first fault.",
            "Exit code: 0 clean, 3 damaged, 4 unreadable, 5 gave up on a directory in use."
        },
        footer = {"", "Example: cairn verify /tmp/db"})
public final class VerifyCommand implements Callable<Integer> {

    /** Findings that are kept to be shown; all are counted. */
    private static final int MOST_SHOWN = 10_000;

    @Parameters(paramLabel = "DIR", description = "The database's directory.")
    private Path directory;

    @Option(names = "--json", description = "One JSON object a line: each finding, the last one is the verdict.")
    private boolean json;

    private final Console console;

    public VerifyCommand(Console console) {
        this.console = console;
        this.directory = Path.of("");
    }

    /** What one reading found. */
    private record Outcome(DirectoryCheck.Result result, List<Finding> findings) {}

    @Override
    public Integer call() {
        Outcome outcome = LiveDirectory.read(
                directory,
                disk -> {
                    List<Finding> findings = new ArrayList<>();
                    return new Outcome(DirectoryCheck.run(disk, Environment.system(), listener(findings)), findings);
                },
                read -> read.result().errors() > 0,
                read -> read.result().errors() > 0);
        DirectoryCheck.Result result = outcome.result();
        for (Finding finding : outcome.findings()) {
            console.out().print((json ? json(finding) : finding.toString()) + "\n");
        }
        String verdict = result.verdict().name().toLowerCase(Locale.ROOT);
        console.line(
                json
                        ? new JsonObject()
                                .put("verify", verdict)
                                .put("pages", result.pages())
                                .put("errors", result.errors())
                                .put("redone", result.redone())
                                .toString()
                        : "verify: " + verdict + " pages=" + result.pages() + " errors=" + result.errors());
        return switch (result.verdict()) {
            case CLEAN -> ExitCode.DONE;
            case DAMAGED -> ExitCode.DAMAGED;
            case UNREADABLE -> ExitCode.REFUSED;
        };
    }

    private VerifyListener listener(List<Finding> findings) {
        return new VerifyListener() {
            @Override
            public void found(Finding finding) {
                if (findings.size() < MOST_SHOWN) {
                    findings.add(finding);
                }
            }

            @Override
            public void progress(String part, long done, long total) {
                console.progress("verify: " + part + " " + done * 100 / Math.max(1, total) + " %");
            }
        };
    }

    private static String json(Finding finding) {
        JsonObject object = new JsonObject().put("finding", finding.error() ? "error" : "note");
        object.put("file", finding.file());
        if (finding.page() >= 0) {
            object.put("page", finding.page());
        }
        if (finding.slot() >= 0) {
            object.put("slot", finding.slot());
        }
        if (finding.lsn() != Lsn.NONE) {
            object.put("lsn", Lsn.format(finding.lsn()));
        }
        return object.put("text", finding.text()).toString();
    }
}
