package dev.cairn.engine;

import dev.cairn.storage.base.TransactionException;
import dev.cairn.txn.Snapshot;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Rows one after another, as of the statement that opened it. Belongs to its transaction's thread. Holds back the removal of
 * dead rows until it is closed; going past the last row closes it.
 */
public final class Scan implements Iterator<Row>, AutoCloseable {

    private final Transaction transaction;
    private final Table table;
    private final RowCursor rows;
    private final Snapshot snapshot;
    private final Predicate<Row> where;
    private @Nullable Row next;
    private boolean open = true;
    private boolean exhausted;

    Scan(Transaction transaction, Table table, RowCursor rows, Snapshot snapshot, Predicate<Row> where) {
        this.transaction = transaction;
        this.table = table;
        this.rows = rows;
        this.snapshot = snapshot;
        this.where = where;
    }

    /**
     * @throws IllegalStateException if the scan has been closed before its end
     * @throws TransactionException 40001 if a serializable transaction has to fail; an error of a statement as any other
     */
    @Override
    public boolean hasNext() {
        transaction.enter();
        try {
            while (next == null && !exhausted) {
                if (!open) {
                    throw new IllegalStateException("the scan is closed");
                }
                advance();
            }
            return next != null;
        } catch (TransactionException e) {
            transaction.fail(e);
            throw e;
        } finally {
            transaction.leave();
        }
    }

    private void advance() {
        transaction.database().health().check();
        if (!rows.next()) {
            exhausted = true;
            close();
            return;
        }
        Row row = table.decode(rows.version(), snapshot);
        if (where.test(row)) {
            next = row;
        }
    }

    @Override
    public Row next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the scan has no more rows");
        }
        Row row = java.util.Objects.requireNonNull(next);
        next = null;
        return row;
    }

    /** Idempotent. */
    @Override
    public void close() {
        if (open) {
            transaction.scans().forget(this);
            end();
        }
    }

    void end() {
        open = false;
        rows.close();
        transaction.xact().letGo(snapshot);
    }
}
