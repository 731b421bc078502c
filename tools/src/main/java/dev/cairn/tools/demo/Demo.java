package dev.cairn.tools.demo;

import dev.cairn.engine.Database;
import dev.cairn.engine.DatabaseOptions;
import dev.cairn.recovery.RecoveryListener;
import dev.cairn.recovery.RecoveryPhase;
import dev.cairn.recovery.RecoveryReport;
import dev.cairn.storage.base.Lsn;
import dev.cairn.tools.console.Console;
import dev.cairn.tools.demo.DemoPlan.RowKey;
import dev.cairn.tools.log.RecordText;
import dev.cairn.tools.log.TransactionTree;
import dev.cairn.tools.log.TreeText;
import dev.cairn.wal.LoggedRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The story that {@code cairn demo} tells, chapter by chapter, in a directory of its own. */
final class Demo {

    /** SIGKILL on every Unix: 128 + 9. */
    private static final int KILLED = 137;

    private static final int SEGMENT_BYTES = 16 << 20;
    private static final int MOST_CHILDREN = 6;

    private final Console console;
    private final long seed;
    private final Path directory;
    private RecoveryListener.@Nullable Progress lastProgress;

    Demo(Console console, long seed, Path directory) {
        this.console = console;
        this.seed = seed;
        this.directory = directory;
    }

    /** @return whether the proof holds */
    boolean run() throws IOException, InterruptedException {
        Path path = directory.resolve("db");
        console.line("Cairn: transactions with savepoints, inside your own process, that survive kill -9.");
        showSession(path);
        DemoChild.Witness witness = killChild(path);
        TreeMap<Long, Map<RowKey, Long>> found = reopen(path);
        DemoProof proof = DemoProof.judge(seed, witness.acknowledged(), witness.importSavepoints(), found);
        long sample = sampleBatch(witness.acknowledged());
        showProof(witness, proof, sample);
        DemoLog log = DemoLog.read(path, sample);
        showLog(log);
        return conclude(witness, proof, log);
    }

    private void showSession(Path path) {
        chapter(1, "Savepoints");
        DatabaseOptions options =
                DatabaseOptions.builder().segmentBytes(SEGMENT_BYTES).build();
        try (Database database = Database.open(path, options)) {
            DemoSession.show(database, this::text);
            DemoTable.create(database);
        }
    }

    private DemoChild.Witness killChild(Path path) throws IOException, InterruptedException {
        chapter(2, "Another process writes, and is killed");
        text("A child process writes to the same database through the Java API: batch after batch, each one");
        text("a transaction with savepoints, some released, some rolled back. After each commit it tells us");
        text("over a pipe, and we count. Beside it a long import takes savepoint after savepoint and never");
        text("commits. At a moment that it cannot foresee comes kill -9.");
        text("");
        DemoChild.Witness witness = DemoChild.runAndKill(path, seed);
        text(format(
                "Process %d killed after %.1f s; exit code %d%s.",
                witness.pid(),
                witness.nanos() / 1e9,
                witness.exitCode(),
                witness.exitCode() == KILLED ? " (SIGKILL)" : ""));
        text(format("%,7d commits acknowledged: all that they wrote must be there.", witness.acknowledged()));
        text(format("%,7d savepoints in the unfinished import: none of it may be there.", witness.importSavepoints()));
        return witness;
    }

    private TreeMap<Long, Map<RowKey, Long>> reopen(Path path) {
        chapter(3, "Opening it again");
        try (Database database = Database.open(path, DatabaseOptions.DEFAULT, this::showProgress)) {
            RecoveryReport report = database.recoveryReport();
            text("");
            text(format(
                    "Recovered in %.0f ms: %,d records, %,d bytes of log from %s to %s.",
                    report.nanos() / 1e6,
                    report.records(),
                    report.bytes(),
                    Lsn.format(report.redoPoint()),
                    Lsn.format(report.endLsn())));
            text(format(
                    "%,d transactions committed, %,d unfinished and therefore undone with all their savepoints.",
                    report.committed(), report.unfinished()));
            text("Where the log ended: " + report.endReason() + ".");
            return DemoTable.read(database);
        }
    }

    /** One line a phase, when it is over. */
    private void showProgress(RecoveryListener.Progress progress) {
        RecoveryListener.Progress before = lastProgress;
        lastProgress = progress;
        if (before != null && before.phase() != progress.phase()) {
            text(format(
                            "%-46s %,11d bytes %7.1f ms",
                            describe(before.phase()), before.bytesDone(), before.elapsedNanos() / 1e6)
                    .stripTrailing());
        }
    }

    private static String describe(RecoveryPhase phase) {
        return switch (phase) {
            case CREATE -> "create";
            case SCAN -> "scan: read the log to find its end";
            case REWRITE -> "rewrite: the tail that will be trusted, synced";
            case REDO -> "redo: replay the log onto the pages";
            case CHECKPOINT -> "checkpoint: pages to disk, synced";
            case OPEN -> "open";
        };
    }

    private void showProof(DemoChild.Witness witness, DemoProof proof, long sample) {
        chapter(4, "The proof");
        text("What must be there follows from the seed alone, computed without the engine: row by row, and");
        text("for each branch (a transaction's part between two of its savepoint commands) by itself.");
        text("");
        text(format("%,7d commits were acknowledged", witness.acknowledged()));
        text(format("%,7d batches are there as a whole", proof.recovered()));
        text(format("%,7d are lost, %,d rows are there that must not be", proof.lost(), proof.phantom()));
        text(format("%,7d sub-transactions judged one by one:", proof.branches()));
        text(format("%,7d   released, and every row of theirs is as it must be", proof.kept()));
        text(format("%,7d   rolled back, and nothing of them is there", proof.rolledBack()));
        text(format("%,7d   of the unfinished import, and nothing of them is there", proof.unfinished()));
        text("");
        text("Batch " + sample + ", for example:");
        for (DemoProof.BranchVerdict verdict : proof.branches(sample)) {
            BatchModel.Branch branch = verdict.branch();
            text(format(
                    "  %-35s %-12s rows expected %d, found %d, wrong %d",
                    branch.number == 0 ? "the transaction itself" : "branch " + branch.number + ", " + within(branch),
                    branch.isRolledBack() ? "rolled back" : "kept",
                    verdict.expected(),
                    verdict.found(),
                    verdict.wrong()));
        }
    }

    private static String within(BatchModel.Branch branch) {
        return "savepoint " + branch.savepoint + (branch.parent == 0 ? "" : " in branch " + branch.parent);
    }

    private void showLog(DemoLog log) {
        chapter(5, "What the log says");
        text(format("The last of %,d records. There the process died; then the next life begins:", log.records()));
        text("");
        text(RecordText.heading().stripTrailing());
        log.beforeOpening().forEach(this::record);
        log.afterOpening().forEach(this::record);
        TransactionTree sample = log.sample();
        if (sample != null) {
            text("");
            text("The same batch as the log saw it. A savepoint without a write has no id and no trace here;");
            text("rolling back to a savepoint leaves it open, and its next write gets a new id:");
            text("");
            TreeText.lines(sample, MOST_CHILDREN).forEach(this::text);
        }
        TransactionTree unfinished = log.unfinished();
        if (unfinished != null) {
            text("");
            text("And the import:");
            text("");
            TreeText.lines(unfinished, MOST_CHILDREN).forEach(this::text);
        }
    }

    private void record(LoggedRecord r) {
        text(RecordText.line(r.start(), r.end(), r.xid(), r.record()));
    }

    private boolean conclude(DemoChild.Witness witness, DemoProof proof, DemoLog log) {
        long acknowledged = witness.acknowledged();
        boolean ok = proof.complaints().isEmpty()
                && acknowledged > 0
                && log.commits() == proof.recovered()
                && log.commits() - acknowledged <= 1
                && log.commits() >= acknowledged;
        console.line("");
        proof.complaints().forEach(complaint -> console.error("cairn demo: " + complaint));
        if (log.commits() != proof.recovered()) {
            console.error("cairn demo: the log has " + log.commits() + " commits, the table " + proof.recovered());
        }
        console.line("demo: " + (ok ? "ok" : "FAILED") + " commits=" + log.commits() + " acknowledged=" + acknowledged
                + " recovered=" + proof.recovered() + " lost=" + proof.lost() + " phantom=" + proof.phantom()
                + " branches=" + proof.branches());
        return ok;
    }

    /** The batch that has most to show without filling the screen. */
    private long sampleBatch(long acknowledged) {
        long best = 1;
        int mostFates = -1;
        for (long batch = 1; batch <= acknowledged; batch++) {
            int kept = 0;
            int undone = 0;
            int nested = 0;
            for (BatchModel.Branch branch :
                    BatchModel.of(DemoPlan.batch(seed, batch)).branches()) {
                kept += branch.number > 0 && !branch.isRolledBack() ? 1 : 0;
                undone += branch.isRolledBack() ? 1 : 0;
                nested += branch.parent > 0 ? 1 : 0;
            }
            int fates = kept + undone > 7 ? 0 : Math.min(kept, 2) + Math.min(undone, 2) + Math.min(nested, 2);
            if (fates > mostFates) {
                mostFates = fates;
                best = batch;
            }
        }
        return best;
    }

    private void chapter(int number, String title) {
        console.line("");
        console.line(number + ". " + title);
        console.line("");
    }

    private void text(String line) {
        console.line(line.isEmpty() ? "" : "   " + line);
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
