package dev.cairn.fuzz.workload;

import dev.cairn.engine.Database;
import dev.cairn.engine.KeyRange;
import dev.cairn.engine.Row;
import dev.cairn.engine.Table;
import dev.cairn.engine.Transaction;
import dev.cairn.engine.TransactionOptions;
import dev.cairn.fuzz.trace.TransactionTraces;
import dev.cairn.storage.base.DiskFullException;
import dev.cairn.storage.base.SqlState;
import dev.cairn.storage.base.TransactionException;
import dev.cairn.txn.IsolationLevel;
import dev.cairn.wal.Durability;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs one session's steps on a database and on the model, and compares what they say. Used by one thread at a time. */
final class Session {

    /** Told around each commit. */
    interface Commits {
        void begin(int session, Rows share);

        void acknowledged(int session, Durability durability);

        /** What all the others have committed in the shared table by now; null if nobody can say. */
        @Nullable Rows byOthers(int session);
    }

    private final int number;
    private final int sessions;
    /** Whether the tables have keys. */
    private final boolean keyed;

    private final Commits commits;
    private final TransactionTraces traces;
    private Rows committed;
    private @Nullable Transaction transaction;
    private @Nullable ModelTransaction model;
    private boolean keepsSnapshot;
    /** What a transaction that keeps its snapshot has seen of the others in the shared table; null before it looked. */
    private @Nullable Rows othersSeen;

    Session(int number, Workload workload, int sessions, Rows committed, Commits commits, TransactionTraces traces) {
        this.keyed = workload.keyed();
        this.number = number;
        this.sessions = sessions;
        this.committed = committed;
        this.commits = commits;
        this.traces = traces;
    }

    @Nullable ModelTransaction model() {
        return model;
    }

    Rows committed() {
        return committed;
    }

    /** The database is gone, and the open transaction with it. */
    void forgetTransaction() {
        transaction = null;
        model = null;
    }

    void run(Database database, Step step) {
        if (step instanceof Step.Begin begin) {
            begin(database, begin.isolation());
            return;
        }
        Transaction open = transaction;
        ModelTransaction mine = model;
        if (open == null || mine == null) {
            throw new IllegalStateException("no transaction is open for " + step);
        }
        if (step instanceof Step.Commit commit) {
            commit(open, mine, commit.durability());
        } else if (step instanceof Step.Rollback) {
            forgetTransaction();
            open.rollback();
        } else {
            if (step instanceof Step.TakeSavepoint savepoint) {
                open.savepoint(savepoint.name());
            } else if (step instanceof Step.Release release) {
                open.release(release.name());
            } else if (step instanceof Step.RollbackTo rollback) {
                open.rollbackTo(rollback.name());
            } else {
                try {
                    change(open, mine.rows(), step);
                } catch (DiskFullException | OutOfMemoryError e) {
                    // The statement fails, its level is undone, and the engine goes on.
                    mine.apply(new Step.Fail(StepSource.SHARED));
                    return;
                }
            }
            mine.apply(step);
        }
    }

    private void begin(Database database, IsolationLevel isolation) {
        String label = "session " + number;
        transaction = database.begin(TransactionOptions.DEFAULT
                .withIsolation(isolation)
                .withLabel(label)
                .withListener(traces.begin(label)));
        model = new ModelTransaction(committed);
        keepsSnapshot = isolation == IsolationLevel.REPEATABLE_READ;
        othersSeen = null;
    }

    private void commit(Transaction open, ModelTransaction mine, Durability durability) {
        boolean failed = mine.isFailed();
        // A commit that has nothing to make durable waits for nobody else's either.
        Durability counted = mine.rows().equals(committed) ? Durability.LAZY : durability;
        if (!failed) {
            committed = mine.rows();
            commits.begin(number, committed);
        }
        forgetTransaction();
        boolean done = open.commit(durability);
        expect(
                done != failed,
                "commit said " + done + " of a transaction that had " + (failed ? "" : "not ") + "failed");
        if (!failed) {
            commits.acknowledged(number, counted);
        }
    }

    private void change(Transaction open, Rows rows, Step step) {
        if (step instanceof Step.Insert insert) {
            open.table(insert.table()).insert(Found.rowOf(insert.key(), insert.value()));
        } else if (step instanceof Step.InsertMany insert) {
            Table table = open.table(insert.table());
            insert.rows().forEach((key, value) -> table.insert(Found.rowOf(key, value)));
        } else if (step instanceof Step.Update update) {
            Row row = Found.rowOf(update.key(), update.value());
            long count = open.table(update.table())
                    .update(
                            range(update.table(), update.key()),
                            r -> Found.keyOf(r) == update.key(),
                            r -> row,
                            r -> {});
            expect(count == 1, step + " changed " + count + " rows");
        } else if (step instanceof Step.Touch touch) {
            long count = open.table(touch.table()).update(r -> Found.keyOf(r) == touch.key(), r -> r);
            expect(count == 1, step + " changed " + count + " rows");
        } else if (step instanceof Step.Delete delete) {
            long count = open.table(delete.table())
                    .delete(range(delete.table(), delete.key()), r -> Found.keyOf(r) == delete.key(), r -> {});
            expect(count == 1, step + " deleted " + count + " rows");
        } else if (step instanceof Step.UpdateMany update) {
            updateMany(open.table(update.table()), rows, update);
        } else if (step instanceof Step.CreateTable create) {
            KeyedTable.create(open, create.table(), keyed);
        } else if (step instanceof Step.DropTable drop) {
            open.dropTable(drop.table());
        } else if (step instanceof Step.Fail fail) {
            fail(open.table(fail.table()));
        } else if (step instanceof Step.Read read) {
            compare(open, open.table(read.table()), rows);
        } else {
            changeByKey(open, step);
        }
    }

    /** By its key, or by a scan: null. Which, follows from the key. */
    private @Nullable KeyRange range(String table, long key) {
        return keyed && key % 3 > 0 ? KeyedTable.only(table, key) : null;
    }

    private void changeByKey(Transaction open, Step step) {
        if (step instanceof Step.Rekey rekey) {
            Row row = Found.rowOf(rekey.newKey(), rekey.value());
            long count = open.table(rekey.table())
                    .update(range(rekey.table(), rekey.key()), r -> Found.keyOf(r) == rekey.key(), r -> row, r -> {});
            expect(count == 1, step + " changed " + count + " rows");
        } else if (step instanceof Step.Upsert upsert) {
            Row row = Found.rowOf(upsert.key(), upsert.value());
            Row made = open.table(upsert.table()).insertOrUpdate(row, List.of("key"), present -> row);
            expect(made != null && Found.valueOf(made).equals(upsert.value()), step + " made " + made);
        } else if (step instanceof Step.Keep keep) {
            Row row = Found.rowOf(keep.key(), new RowValue(0, 0));
            expect(!open.table(keep.table()).insertUnlessThere(row, List.of("key")), step + " has added a row");
        } else if (step instanceof Step.Duplicate duplicate) {
            duplicate(open.table(duplicate.table()), duplicate.key());
        } else if (step instanceof Step.CreateIndex create) {
            KeyedTable.createExtra(open, create.table());
        } else if (step instanceof Step.DropIndex drop) {
            open.dropIndex(KeyedTable.extra(drop.table()));
        }
    }

    private static void duplicate(Table table, long key) {
        try {
            table.insert(Found.rowOf(key, new RowValue(0, 0)));
        } catch (DiskFullException e) {
            throw e;
        } catch (TransactionException e) {
            expect(e.sqlState().equals(SqlState.UNIQUE_VIOLATION), "a key that was there gave " + e);
            return;
        }
        throw new Mismatch("a key was taken that was there: " + table.name() + " " + key);
    }

    private void updateMany(Table table, Rows rows, Step.UpdateMany step) {
        long count = table.update(row -> isMine(row) && step.concerns(Found.keyOf(row)), row -> {
            long key = Found.keyOf(row);
            return Found.rowOf(key, Found.valueOf(row).next());
        });
        long expected = rows.rowsOf(step.table()).keySet().stream()
                .filter(step::concerns)
                .count();
        expect(count == expected, step + " changed " + count + " rows instead of " + expected);
    }

    private static void fail(Table table) {
        try {
            table.insert(Row.of(null, null, null));
        } catch (TransactionException e) {
            expect(e.sqlState().equals(SqlState.NOT_NULL_VIOLATION), "a null where none may be gave " + e);
            return;
        }
        throw new Mismatch("a null was taken where none may be");
    }

    private void compare(Transaction transaction, Table table, Rows expected) {
        Rows all = new Rows();
        all.create(table.name());
        transaction.statement(() -> {
            Found.read(table, 0, 1, all);
            KeyedTable.compareIndexes(table, all.rowsOf(table.name()));
            return all;
        });
        Rows found = new Rows();
        found.create(table.name());
        Rows others = new Rows();
        others.create(table.name());
        all.rowsOf(table.name()).forEach((key, value) -> (isMine(key) ? found : others).put(table.name(), key, value));
        Rows wanted = new Rows();
        wanted.create(table.name());
        expected.rowsOf(table.name()).forEach((key, value) -> wanted.put(table.name(), key, value));
        String difference = Rows.difference(wanted, found);
        expect(difference.isEmpty(), "session " + number + " reads wrongly: " + difference);
        if (table.name().equals(StepSource.SHARED)) {
            compareOthers(others);
        }
    }

    /** Of the others' rows a transaction sees what they have committed: by now, or before its one snapshot. */
    private void compareOthers(Rows found) {
        Rows wanted = keepsSnapshot ? othersSeen : commits.byOthers(number);
        if (wanted == null) {
            othersSeen = found;
            return;
        }
        String difference = Rows.difference(wanted, found);
        expect(
                difference.isEmpty(),
                "session " + number + " sees of the others " + (keepsSnapshot ? "something new: " : "wrongly: ")
                        + difference);
    }

    private boolean isMine(Row row) {
        return isMine(Found.keyOf(row));
    }

    private boolean isMine(long key) {
        return Math.floorMod(key, sessions) == number;
    }

    private static void expect(boolean holds, String otherwise) {
        if (!holds) {
            throw new Mismatch(otherwise);
        }
    }
}
