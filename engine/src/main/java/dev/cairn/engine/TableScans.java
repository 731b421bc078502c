package dev.cairn.engine;

import dev.cairn.txn.Snapshot;
import dev.cairn.txn.Xact;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Opens the scans of a transaction's table. The cursor of a scan by an index is kept, and used again once it is closed: then the scan itself
 * is all that is made. Used by the transaction's thread.
 */
final class TableScans implements Supplier<Scan> {

    private final Transaction transaction;
    private final Table table;
    private @Nullable KeyRange range;
    private @Nullable Predicate<Row> where;
    /** Made last; may be in use. */
    private @Nullable IndexCursor cursor;

    TableScans(Transaction transaction, Table table) {
        this.transaction = transaction;
        this.table = table;
    }

    /**
     * A scan as a statement of its own.
     *
     * @param wanted null for all rows, in no order
     * @param condition null if all of those rows are wanted
     */
    Scan open(@Nullable KeyRange wanted, @Nullable Predicate<Row> condition) {
        range = wanted;
        where = condition;
        return transaction.statement(this);
    }

    @Override
    public Scan get() {
        Xact xact = transaction.xact();
        RowCursor rows = rows(range);
        Snapshot snapshot = transaction.snapshot();
        xact.hold(snapshot);
        Scan scan = new Scan(transaction, table, rows, snapshot, where);
        transaction.scans().add(scan, xact.currentLevel());
        return scan;
    }

    /** The rows that the statement under way sees; null for all of them. To be closed. */
    RowCursor rows(@Nullable KeyRange wanted) {
        TableInfo now = table.current();
        TableStore store = table.store(now);
        Snapshot snapshot = transaction.snapshot();
        if (wanted == null) {
            return RowCursor.of(store.heap().scan(transaction.xact(), snapshot));
        }
        IndexInfo index = now.index(wanted.index());
        if (index == null) {
            throw RowWriter.undefinedIndex(wanted.index());
        }
        IndexCursor free = free(store);
        free.begin(index, wanted, snapshot);
        return free;
    }

    private IndexCursor free(TableStore store) {
        IndexCursor known = cursor;
        if (known == null || !known.isFree(store)) {
            known = new IndexCursor(store, transaction.xact());
            cursor = known;
        }
        return known;
    }
}
