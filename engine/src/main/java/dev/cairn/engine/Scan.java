package dev.cairn.engine;

import dev.cairn.storage.base.TransactionException;
import dev.cairn.txn.Snapshot;
import dev.cairn.txn.heap.TupleView;
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
    /** Null if all rows are wanted. */
    private final @Nullable Predicate<Row> where;

    private @Nullable Row next;
    private boolean open = true;
    private boolean exhausted;
    // What the list of open scans knows of it.
    long level;

    @Nullable Scan before;

    @Nullable Scan after;

    Scan(Transaction transaction, Table table, RowCursor rows, Snapshot snapshot, @Nullable Predicate<Row> where) {
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
                requireOpen();
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
        if (where == null || where.test(row)) {
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

    /**
     * Goes to the next row and shows it in the view: {@link #hasNext} and {@link #next()} in one, and without objects for the row. Rows
     * that have been read together with the one before are given out even if the engine has failed or is being closed since.
     *
     * @return false if there is none; the view then shows nothing
     * @throws IllegalStateException if the scan has been closed before its end, or {@link #hasNext} has found a row that
     *     {@link #next()} has not given out
     * @throws TransactionException as {@link #hasNext}
     */
    public boolean next(RowView into) {
        if (next != null) {
            throw new IllegalStateException("hasNext has found a row, which next() has to give out first");
        }
        TupleView tuple = into.clear();
        if (open && where == null && rows.isInBatch()) {
            rows.next(tuple);
            into.show(table, snapshot);
            return true;
        }
        transaction.enter();
        try {
            return find(into, tuple);
        } catch (TransactionException e) {
            transaction.fail(e);
            throw e;
        } finally {
            transaction.leave();
        }
    }

    private boolean find(RowView into, TupleView tuple) {
        if (exhausted) {
            return false;
        }
        requireOpen();
        transaction.database().health().check();
        while (rows.next(tuple)) {
            into.show(table, snapshot);
            if (where == null || where.test(into.toRow())) {
                return true;
            }
            requireOpen();
        }
        exhausted = true;
        into.clear();
        close();
        return false;
    }

    private void requireOpen() {
        if (!open) {
            throw new IllegalStateException("the scan is closed");
        }
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
