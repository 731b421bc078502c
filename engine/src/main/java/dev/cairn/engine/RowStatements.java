package dev.cairn.engine;

import dev.cairn.engine.TransactionListener.Event;
import dev.cairn.txn.heap.HeapChange;
import dev.cairn.txn.heap.TupleView;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The statements of a table that take rows from builders and views: made once, so that to run one allocates nothing. Of a transaction's
 * table, used by its thread.
 */
final class RowStatements {

    private final Transaction transaction;
    private final Table table;
    private final RowInput input;
    private final Supplier<Boolean> insertion = this::insertNow;
    private final Supplier<Boolean> change = this::changeNow;
    /** The version that is changed; made with the first change. */
    private @Nullable TupleView shown;

    private @Nullable RowBuilder row;
    private long rowId;
    private long xmin;

    RowStatements(Transaction transaction, Table table, RowInput input) {
        this.transaction = transaction;
        this.table = table;
        this.input = input;
    }

    void insert(RowBuilder wanted) {
        input.requireShape(wanted);
        row = wanted;
        transaction.statement(insertion);
    }

    /** Replaces the row that the view shows, deletes it if {@code wanted} is null. */
    boolean change(RowView view, @Nullable RowBuilder wanted) {
        if (wanted != null) {
            input.requireShape(wanted);
        }
        row = wanted;
        rowId = view.versionOf(input.info());
        xmin = view.xmin();
        return transaction.statement(change);
    }

    private Boolean insertNow() {
        RowBuilder inserted = row;
        if (inserted != null) {
            RowWriter writer = table.writer("INSERT");
            input.requireComplete(inserted);
            inserted.stored(writer.insert(inserted));
            tell(Event.INSERT, writer);
        }
        return true;
    }

    private Boolean changeNow() {
        RowBuilder next = row;
        RowWriter writer = table.writer(next == null ? "DELETE" : "UPDATE");
        if (next != null) {
            input.requireComplete(next);
        }
        TupleView version = version();
        boolean there = writer.heap().read(rowId, version) && version.xmin() == xmin;
        while (there) {
            HeapChange.Kind kind = next == null ? writer.delete(version) : writer.update(version, next);
            if (kind == HeapChange.Kind.DONE) {
                if (next == null) {
                    tellDeleted(version);
                } else {
                    next.stored(writer.rowId());
                    tell(Event.UPDATE, writer);
                }
                return true;
            }
            there = kind == HeapChange.Kind.MOVED && writer.heap().readNewest(version);
        }
        return false;
    }

    private TupleView version() {
        TupleView present = shown;
        if (present == null) {
            present = new TupleView();
            shown = present;
        }
        return present;
    }

    private void tell(Event event, RowWriter writer) {
        if (transaction.isHeard()) {
            transaction.tell(event, table.name(), table.decode(writer.stored(), transaction.snapshot()));
        }
    }

    private void tellDeleted(TupleView version) {
        if (transaction.isHeard()) {
            transaction.tell(Event.DELETE, table.name(), table.decode(version.toVersion(), transaction.snapshot()));
        }
    }
}
