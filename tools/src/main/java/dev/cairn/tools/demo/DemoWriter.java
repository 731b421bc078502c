package dev.cairn.tools.demo;

import dev.cairn.engine.Database;
import dev.cairn.engine.Row;
import dev.cairn.engine.RowId;
import dev.cairn.engine.Table;
import dev.cairn.engine.Transaction;
import dev.cairn.engine.TransactionOptions;
import dev.cairn.tools.console.FailureText;
import dev.cairn.tools.demo.DemoPlan.RowKey;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Semaphore;

/**
 * The child process: writes until it is killed. One thread commits batch after batch and acknowledges each on standard
 * output, after {@code commit()} has returned and never before; another one is in the middle of a long import that never
 * commits. Ends by itself only when the parent is gone.
 */
public final class DemoWriter {

    static final String ACKNOWLEDGED = "ack ";
    static final String SAVEPOINTS = "import ";

    private final Database database;
    private final long seed;
    private final PrintStream pipe;
    /** The import takes one turn per commit, so that both get on at the same pace on any machine. */
    private final Semaphore turns = new Semaphore(0);

    private DemoWriter(Database database, long seed, PrintStream pipe) {
        this.database = database;
        this.seed = seed;
        this.pipe = pipe;
    }

    /** Arguments: the database's directory, the seed. */
    public static void main(String[] args) {
        PrintStream pipe = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        onItsOwn("parent's end", DemoWriter::endWithParent);
        DemoWriter writer = new DemoWriter(Database.open(Path.of(args[0])), Long.parseLong(args[1]), pipe);
        onItsOwn("import", writer::writeImport);
        writer.writeBatches();
    }

    private static void onItsOwn(String name, Runnable body) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler((t, failure) -> {
            System.err.println("the thread \"" + name + "\" failed: " + FailureText.of(failure));
            Runtime.getRuntime().halt(1);
        });
        thread.start();
    }

    /** The parent holds the other end of standard input and never writes to it. */
    private static void endWithParent() {
        try {
            while (System.in.read() >= 0) {
                // Only the end of input has a meaning.
            }
        } catch (IOException e) {
            System.err.println("the pipe from the parent broke: " + e);
        }
        Runtime.getRuntime().halt(2);
    }

    private void writeBatches() {
        for (long batch = 1; ; batch++) {
            try (Transaction transaction = database.begin(TransactionOptions.DEFAULT.withLabel(label(batch)))) {
                Rows rows = new Rows(transaction, batch);
                rows.take(DemoPlan.batch(seed, batch));
                transaction.commit();
            }
            say(ACKNOWLEDGED + batch);
            turns.release();
        }
    }

    private void writeImport() {
        try (Transaction transaction = database.begin(TransactionOptions.DEFAULT.withLabel(label(DemoPlan.IMPORT)))) {
            Rows rows = new Rows(transaction, DemoPlan.IMPORT);
            for (int round = 0; ; round++) {
                turns.acquireUninterruptibly();
                rows.take(DemoPlan.importRound(seed, round));
                say(SAVEPOINTS + (round + 1));
            }
        }
    }

    private synchronized void say(String line) {
        pipe.print(line + "\n");
        pipe.flush();
    }

    /** What the log calls the transaction. */
    static String label(long batch) {
        return batch == DemoPlan.IMPORT ? "import" : "batch " + batch;
    }

    /** Carries a plan out. */
    private static final class Rows {
        private final Transaction transaction;
        private final Table table;
        private final long batch;
        private final Map<RowKey, RowId> ids = new HashMap<>();

        Rows(Transaction transaction, long batch) {
            this.transaction = transaction;
            this.table = transaction.table(DemoTable.NAME);
            this.batch = batch;
        }

        void take(List<DemoPlan.Step> steps) {
            steps.forEach(this::take);
        }

        private void take(DemoPlan.Step step) {
            if (step instanceof DemoPlan.Insert insert) {
                ids.put(insert.key(), table.insert(row(insert.key(), insert.amount())));
            } else if (step instanceof DemoPlan.Update update) {
                require(table.update(id(update.key()), row(update.key(), update.amount())), step);
            } else if (step instanceof DemoPlan.Delete delete) {
                require(table.delete(id(delete.key())), step);
            } else if (step instanceof DemoPlan.Savepoint savepoint) {
                transaction.savepoint(savepoint.name());
            } else if (step instanceof DemoPlan.Release release) {
                transaction.release(release.name());
            } else if (step instanceof DemoPlan.RollbackTo rollback) {
                transaction.rollbackTo(rollback.name());
            }
        }

        private Row row(RowKey key, long amount) {
            return DemoTable.row(batch, key, amount);
        }

        private RowId id(RowKey key) {
            return Objects.requireNonNull(ids.get(key));
        }

        private void require(boolean done, DemoPlan.Step step) {
            if (!done) {
                throw new IllegalStateException("batch " + batch + " does not find its own row: " + step);
            }
        }
    }
}
