package dev.cairn.tools.demo;

import dev.cairn.engine.Database;
import dev.cairn.tools.console.Console;
import dev.cairn.tools.demo.DemoPlan.RowKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The story that {@code cairn demo} tells, chapter by chapter, in a directory of its own. */
final class Demo {

    /** SIGKILL on every Unix: 128 + 9. */
    private static final int KILLED = 137;

    private final Console console;
    private final long seed;
    private final Path directory;

    Demo(Console console, long seed, Path directory) {
        this.console = console;
        this.seed = seed;
        this.directory = directory;
    }

    /** @return whether the proof holds */
    boolean run() throws IOException, InterruptedException {
        Path database = directory.resolve("db");
        console.line("Cairn: savepoints inside transactions, in your own process, that survive kill -9.");
        createTable(database);
        DemoChild.Witness witness = killChild(database);
        return reopen(database, witness);
    }

    private void createTable(Path database) {
        try (Database open = Database.open(database)) {
            DemoTable.create(open);
        }
    }

    private DemoChild.Witness killChild(Path database) throws IOException, InterruptedException {
        chapter(2, "Another process writes, and is killed");
        text("A child process now writes to the same database through the Java API: batch after batch, each a");
        text("transaction with savepoints, some released, some rolled back. After each commit it says so over a");
        text("pipe, and this process counts. Beside it, a long import takes savepoint after savepoint and never");
        text("commits. At a random moment comes kill -9.");
        console.line("");
        DemoChild.Witness witness = DemoChild.runAndKill(database, seed);
        text(String.format(
                Locale.ROOT,
                "Process %d killed after %.1f s, exit code %d%s.",
                witness.pid(),
                witness.nanos() / 1e9,
                witness.exitCode(),
                witness.exitCode() == KILLED ? " (SIGKILL)" : ""));
        text(String.format(
                Locale.ROOT, "%,d commits acknowledged; what they wrote must all be there.", witness.acknowledged()));
        text(String.format(
                Locale.ROOT,
                "%,d savepoints taken by the import so far; none of its rows may be there.",
                witness.importSavepoints()));
        return witness;
    }

    private boolean reopen(Path database, DemoChild.Witness witness) {
        chapter(3, "Opening it again");
        TreeMap<Long, Map<RowKey, Long>> found;
        try (Database open = Database.open(database)) {
            found = DemoTable.read(open);
        }
        DemoProof proof = DemoProof.judge(seed, witness.acknowledged(), witness.importSavepoints(), found);
        return proof.complaints().isEmpty();
    }

    private void chapter(int number, String title) {
        console.line("");
        console.line(number + ". " + title);
        console.line("");
    }

    private void text(String line) {
        console.line("   " + line);
    }
}
