package dev.cairn.fuzz.workload;

import dev.cairn.engine.Database;
import dev.cairn.engine.DatabaseOptions;
import dev.cairn.engine.Transaction;
import dev.cairn.engine.TransactionOptions;
import dev.cairn.fuzz.schedule.SimScheduler;
import dev.cairn.fuzz.trace.TransactionTraces;
import dev.cairn.storage.base.EngineFailedException;
import dev.cairn.storage.base.SqlState;
import dev.cairn.storage.base.TransactionException;
import dev.cairn.txn.IsolationLevel;
import dev.cairn.wal.Durability;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A session whose rows are everybody's: draws its steps, runs them on the database and judges what the database says. Errors
 * are part of it, each only where it may come: deadlocks, rows changed since the snapshot, waits that took too long or were
 * interrupted. Used by its own thread.
 */
final class SharedSession {

    private static final int MAX_DEPTH = 5;
    private static final String[] NAMES = {"a", "b", "c"};

    /** Undoes what was done inside {@link Transaction#nested}, from inside. */
    private static final class Undo extends RuntimeException {
        private static final long serialVersionUID = 1;

        Undo() {
            super("undone on purpose", null, false, false);
        }
    }

    private final int number;
    private final Workload workload;
    private final SharedModel model;
    private final SplittableRandom random;
    private final SimScheduler scheduler;
    private final DatabaseOptions options;
    /** Element 0: the database is being closed. */
    private final boolean[] closing;

    private final SharedStatements statements;
    private @Nullable Transaction transaction;
    private SharedTransaction mine = new SharedTransaction();
    private SharedView view;

    private final TransactionTraces traces;

    SharedSession(
            int number,
            Workload workload,
            SharedModel model,
            SplittableRandom random,
            long firstRow,
            SimScheduler scheduler,
            DatabaseOptions options,
            boolean[] closing,
            TransactionTraces traces) {
        this.traces = traces;
        this.number = number;
        this.workload = workload;
        this.model = model;
        this.random = random;
        this.scheduler = scheduler;
        this.options = options;
        this.closing = closing;
        this.statements = new SharedStatements(number, workload, random, firstRow, scheduler);
        this.view = new SharedView(model, number, false);
    }

    /** One step; false if there is nothing more to do, as the database is being closed. */
    boolean step(Database database, List<String> trace) {
        Transaction open = transaction;
        if (open == null) {
            return begin(database, trace);
        }
        boolean goOn = true;
        if (mine.isFailed()) {
            goOn = recover(open, trace);
        } else {
            int dice = random.nextInt(workload.write()
                    + workload.bulk()
                    + workload.nest()
                    + workload.end()
                    + workload.ddl()
                    + workload.check()
                    + workload.fail());
            if (dice < workload.nest()) {
                goOn = guarded(open, trace, () -> nest(open, trace));
            } else if (dice < workload.nest() + workload.end()) {
                goOn = end(open, trace);
            } else {
                SharedStatements.Kind kind = SharedStatements.Kind.drawn(workload, random);
                goOn = guarded(open, trace, () -> statements.run(kind, open, view, mine, said(trace)));
            }
        }
        // An interrupt is for one wait.
        Thread.interrupted();
        return goOn;
    }

    /** Leaves nothing open. */
    void end(List<String> trace) {
        Transaction open = transaction;
        if (open != null) {
            trace.add(number + ": rollback at the end");
            forget();
            try {
                open.close();
            } catch (TransactionException e) {
                endedByClose(e);
            }
        }
    }

    private java.util.function.Consumer<String> said(List<String> trace) {
        return text -> trace.add(number + ": " + text);
    }

    private boolean begin(Database database, List<String> trace) {
        IsolationLevel isolation =
                random.nextInt(3) == 0 ? IsolationLevel.REPEATABLE_READ : IsolationLevel.READ_COMMITTED;
        trace.add(number + ": begin " + isolation);
        Transaction open;
        try {
            String label = "session " + number;
            open = database.begin(TransactionOptions.DEFAULT
                    .withIsolation(isolation)
                    .withLabel(label)
                    .withListener(traces.begin(label)));
        } catch (IllegalStateException e) {
            return endedByClose(e);
        } catch (TransactionException e) {
            return endedByClose(e);
        }
        transaction = open;
        mine = new SharedTransaction();
        view = new SharedView(model, number, isolation == IsolationLevel.REPEATABLE_READ);
        if (random.nextInt(4) == 0) {
            // Who keeps a snapshot has it from here on, and has used no table yet.
            trace.add(number + ": nothing");
            return guarded(open, trace, () -> open.statement(() -> Boolean.TRUE));
        }
        return true;
    }

    private boolean endedByClose(RuntimeException e) {
        if (!closing[0]) {
            throw e;
        }
        forget();
        return false;
    }

    private void forget() {
        transaction = null;
        mine = new SharedTransaction();
        model.need(number, Long.MAX_VALUE);
    }

    private boolean recover(Transaction open, List<String> trace) {
        List<String> savepoints = mine.savepoints();
        if (!savepoints.isEmpty() && random.nextInt(3) > 0) {
            String name = savepoints.get(random.nextInt(savepoints.size()));
            return guarded(open, trace, () -> {
                trace.add(number + ": rollback to " + name);
                open.rollbackTo(name);
                mine.rollbackTo(name);
            });
        }
        return end(open, trace);
    }

    private void nest(Transaction open, List<String> trace) {
        List<String> savepoints = mine.savepoints();
        int dice = random.nextInt(12);
        if (dice < 2) {
            nested(open, trace);
        } else if (savepoints.isEmpty() || (dice < 6 && savepoints.size() < MAX_DEPTH)) {
            String name = NAMES[random.nextInt(NAMES.length)];
            trace.add(number + ": savepoint " + name);
            open.savepoint(name);
            mine.savepoint(name);
        } else {
            String name = savepoints.get(random.nextInt(savepoints.size()));
            if (dice < 9) {
                trace.add(number + ": release " + name);
                open.release(name);
                mine.release(name);
            } else {
                trace.add(number + ": rollback to " + name);
                open.rollbackTo(name);
                mine.rollbackTo(name);
            }
        }
    }

    /** A few statements in a savepoint of their own that ends with the body: an error leads out of it, and undoes it. */
    private void nested(Transaction open, List<String> trace) {
        String level = "nested";
        boolean undo = random.nextInt(3) == 0;
        int count = 1 + random.nextInt(3);
        trace.add(number + ": nested" + (undo ? ", to be undone" : ""));
        mine.savepoint(level);
        try {
            open.nestedRun(tx -> {
                for (int i = 0; i < count; i++) {
                    statements.run(SharedStatements.Kind.drawn(workload, random), tx, view, mine, said(trace));
                }
                if (undo) {
                    throw new Undo();
                }
            });
            mine.release(level);
        } catch (Undo e) {
            leaveNested(level);
        } catch (TransactionException e) {
            requireExpected(e);
            leaveNested(level);
            trace.add(number + ": " + e.sqlState() + " led out of the nested body");
            if (closing[0] && e.sqlState().equals(SqlState.ADMIN_SHUTDOWN)) {
                throw e;
            }
        }
        Mismatch.unless(
                closing[0] || open.state() == Transaction.State.ACTIVE,
                "after a nested body the transaction is " + open.state());
    }

    private void leaveNested(String level) {
        mine.rollbackTo(level);
        mine.release(level);
    }

    /** Runs a step that may fail; an error of it must be one that may come now, and have undone the innermost level. */
    private boolean guarded(Transaction open, List<String> trace, Runnable step) {
        view.beginStatement();
        long begun = scheduler.nowNanos();
        scheduler.takeInterrupted();
        try {
            step.run();
            return true;
        } catch (EngineFailedException e) {
            throw e;
        } catch (TransactionException e) {
            if (e.sqlState().equals(SqlState.ADMIN_SHUTDOWN)) {
                return endedByClose(e);
            }
            requireExpected(e);
            trace.add(number + ": failed with " + e.sqlState() + " " + e.getMessage());
            Mismatch.unless(
                    !e.sqlState().equals(SqlState.LOCK_NOT_AVAILABLE)
                            || scheduler.nowNanos() - begun
                                    >= options.lockTimeout().toNanos(),
                    "gave up waiting before the time: " + e);
            if (closing[0] && !open.isOpen()) {
                forget();
                return false;
            }
            Mismatch.unless(
                    closing[0] || open.state() == Transaction.State.FAILED,
                    "after " + e + " the transaction is " + open.state());
            mine.fail();
            return true;
        } catch (IllegalStateException e) {
            return endedByClose(e);
        } finally {
            view.endStatement();
        }
    }

    private void requireExpected(TransactionException e) {
        boolean expected = switch (e.sqlState()) {
            case SqlState.DEADLOCK_DETECTED, SqlState.LOCK_NOT_AVAILABLE -> workload.sessions() > 1;
            case SqlState.SERIALIZATION_FAILURE -> view.keepsSnapshot();
            case SqlState.QUERY_CANCELED -> scheduler.takeInterrupted();
            case SqlState.NOT_NULL_VIOLATION -> statements.takeWrongOnPurpose();
            case SqlState.UNDEFINED_TABLE,
                    SqlState.DUPLICATE_TABLE,
                    SqlState.UNDEFINED_OBJECT,
                    SqlState.UNIQUE_VIOLATION -> view.wasSo(mine, rows -> statements.mayFail(e.sqlState(), rows));
            case SqlState.ADMIN_SHUTDOWN -> closing[0];
            default -> false;
        };
        if (!expected) {
            throw new Mismatch("session " + number + " gets an error that may not come: " + e, e);
        }
    }

    private boolean end(Transaction open, List<String> trace) {
        boolean failed = mine.isFailed();
        if (random.nextInt(6) == 0) {
            trace.add(number + ": rollback");
            try {
                open.rollback();
            } catch (TransactionException | IllegalStateException e) {
                return endedByClose(e);
            }
            forget();
            return true;
        }
        int dice = random.nextInt(10);
        Durability durability = dice < 3 ? Durability.LAZY : dice < 4 ? Durability.WRITE : Durability.SYNC;
        trace.add(number + ": commit " + durability);
        if (!failed) {
            model.beginCommit(number, mine.changes());
        }
        boolean done;
        try {
            done = open.commit(durability);
        } catch (EngineFailedException e) {
            throw e;
        } catch (TransactionException | IllegalStateException e) {
            if (!failed) {
                model.refused(number);
            }
            return endedByClose(e);
        }
        Mismatch.unless(
                done != failed,
                "commit said " + done + " of a transaction that had " + (failed ? "" : "not ") + "failed");
        if (!failed) {
            // What has nothing left to make durable waits for nobody else's either.
            model.acknowledged(number, mine.changes().isEmpty() ? Durability.LAZY : durability);
        }
        trace.add(number + ": done");
        forget();
        return true;
    }
}
