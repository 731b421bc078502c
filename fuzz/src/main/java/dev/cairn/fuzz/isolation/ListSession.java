package dev.cairn.fuzz.isolation;

import dev.cairn.engine.Database;
import dev.cairn.engine.Transaction;
import dev.cairn.engine.TransactionOptions;
import dev.cairn.storage.base.SqlState;
import dev.cairn.storage.base.TransactionException;
import dev.cairn.txn.IsolationLevel;
import dev.cairn.txn.RowLockMode;
import dev.cairn.wal.Durability;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A session that writes and reads, and records it. Used by one thread. */
final class ListSession {

    private static final String SAVEPOINT = "s";

    private final Database database;
    private final History history;
    private final String label;
    private final TransactionOptions options;
    private @Nullable Transaction transaction;
    private @Nullable Recorded recorded;

    ListSession(Database database, History history, String label, IsolationLevel level) {
        this.database = database;
        this.history = history;
        this.label = label;
        this.options = TransactionOptions.DEFAULT.withIsolation(level).withDurability(Durability.SYNC);
    }

    History history() {
        return history;
    }

    private record Open(Transaction transaction, Recorded recorded) {}

    private Open open() {
        Transaction tx = transaction;
        Recorded rec = recorded;
        if (tx == null || rec == null) {
            rec = history.begin(options.isolation());
            recorded = rec;
            tx = database.begin(options.withLabel(rec.label(label)));
            transaction = tx;
        }
        return new Open(tx, rec);
    }

    void begin() {
        open();
    }

    /** Begins a read-only transaction. */
    void beginReadOnly() {
        recorded = history.begin(options.isolation());
        transaction = database.begin(options.withReadOnly(true));
    }

    /** Whether its open transaction has written to or locked that list. */
    boolean holds(long key) {
        return recorded != null && recorded.holds(key);
    }

    boolean isOpen() {
        return transaction != null;
    }

    /** Open savepoints. */
    int depth() {
        return transaction == null ? 0 : transaction.savepointDepth();
    }

    /** What a statement does, and how it is recorded once it has been done. */
    private interface Statement {
        void run(ListTable table, Recorded recorded);
    }

    /** Begins a transaction if there is none. */
    private void run(Statement statement) {
        Open open = open();
        if (open.transaction.state() == Transaction.State.FAILED) {
            return;
        }
        try {
            statement.run(new ListTable(open.transaction), open.recorded);
        } catch (TransactionException e) {
            open.recorded.failed(e.sqlState());
        }
    }

    /** @param always whether the list is made if it is not there */
    void append(long key, boolean always) {
        run((table, record) -> {
            long value = record.newValue();
            if (always) {
                table.put(key, value);
                record.appended(key, value);
            } else if (table.append(key, value)) {
                record.appended(key, value);
            }
        });
    }

    /** Writes over a list, unseen. @param always whether it is made if it is not there */
    void set(long key, boolean always) {
        run((table, record) -> {
            long value = record.newValue();
            if (always) {
                table.putOver(key, value);
                record.set(key, value);
            } else if (table.set(key, value)) {
                record.set(key, value);
            }
        });
    }

    void delete(long key) {
        run((table, record) -> {
            if (table.delete(key)) {
                record.deleted(key);
            }
        });
    }

    void read(long low, long high) {
        read(low, high, table -> table.read(low, high));
    }

    void readAll(long low, long high) {
        read(low, high, table -> table.readAll(low, high));
    }

    private void read(long low, long high, Function<ListTable, Map<Long, List<Long>>> by) {
        Transaction tx = open().transaction;
        run((table, record) -> tx.statement(() -> {
            record.read(low, high, by.apply(table), tx.snapshotLsn());
            return record;
        }));
    }

    void lock(long key, RowLockMode mode) {
        run((table, record) -> {
            Map<Long, List<Long>> locked = table.lock(key, key, mode);
            // Who waits for a row that is then there no longer, or not yet, has read nothing.
            if (!locked.isEmpty()) {
                if (mode != RowLockMode.KEY_SHARE) {
                    record.locked(key);
                }
                record.read(key, key, locked);
            }
        });
    }

    void savepoint() {
        Open open = open();
        if (open.transaction.state() != Transaction.State.FAILED) {
            open.transaction.savepoint(SAVEPOINT);
            open.recorded.savepoint();
        }
    }

    void release() {
        Open open = open();
        if (open.transaction.state() != Transaction.State.FAILED && depth() > 0) {
            open.transaction.release(SAVEPOINT);
            open.recorded.released();
        }
    }

    void rollbackTo() {
        Open open = open();
        if (depth() > 0) {
            open.transaction.rollbackTo(SAVEPOINT);
            open.recorded.rolledBackTo();
        }
    }

    boolean isFailed() {
        return transaction != null && transaction.state() == Transaction.State.FAILED;
    }

    void commit() {
        Transaction tx = transaction;
        Recorded rec = recorded;
        if (tx == null || rec == null) {
            return;
        }
        transaction = null;
        rec.committing();
        boolean committed;
        try {
            committed = tx.commit();
        } catch (TransactionException e) {
            if (!e.sqlState().equals(SqlState.SERIALIZATION_FAILURE)) {
                throw e;
            }
            committed = false;
        }
        rec.ended(committed);
    }

    void rollback() {
        Transaction tx = transaction;
        Recorded rec = recorded;
        if (tx != null && rec != null) {
            transaction = null;
            tx.rollback();
            rec.ended(false);
        }
    }
}
