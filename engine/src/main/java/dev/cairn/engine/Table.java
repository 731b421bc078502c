package dev.cairn.engine;

import dev.cairn.engine.TransactionListener.Event;
import dev.cairn.storage.base.SqlState;
import dev.cairn.storage.base.TransactionException;
import dev.cairn.txn.RowLockMode;
import dev.cairn.txn.RowLockPolicy;
import dev.cairn.txn.heap.Heap;
import dev.cairn.txn.heap.HeapChange;
import dev.cairn.txn.heap.HeapScan;
import dev.cairn.txn.heap.HeapVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A table as one transaction sees it; belongs to that transaction and its thread. Each call is a statement of its own unless
 * it is made inside {@link Transaction#statement}.
 *
 * <p>An update or delete that meets a row in change by another open transaction waits for it. If that commits: under READ
 * COMMITTED the newest version is taken and the predicate asked again, under REPEATABLE READ the statement fails with 40001.
 */
public final class Table {

    private static final String[] COMMANDS = {
        "SELECT FOR KEY SHARE", "SELECT FOR SHARE", "SELECT FOR NO KEY UPDATE", "SELECT FOR UPDATE"
    };

    private final Transaction transaction;
    private final TableInfo info;

    Table(Transaction transaction, TableInfo info) {
        this.transaction = transaction;
        this.info = info;
    }

    public String name() {
        return info.name();
    }

    public Schema schema() {
        return info.schema();
    }

    /**
     * Adds a row.
     *
     * @throws IllegalArgumentException if the number of values or a value's class is not the schema's; nothing has happened then
     * @throws TransactionException 23502 null in a column that is NOT NULL, 22003 a numeric out of range, 22001 a text too long,
     *     54000 a row too big for a page, 53100 disk full, 25006 the transaction is read-only
     */
    public RowId insert(Row row) {
        requireShape(row);
        return transaction.statement(() -> {
            Heap heap = heapForWrite("INSERT");
            RowId id = new RowId(heap.insert(transaction.xact(), encode(row)));
            transaction.tell(Event.INSERT, info.name(), row);
            return id;
        });
    }

    /** The row of that id, if this transaction sees it. */
    public @Nullable Row get(RowId id) {
        return transaction.statement(() -> {
            HeapVersion version = heap().fetch(transaction.xact(), transaction.snapshot(), id.value());
            return version == null ? null : decode(version);
        });
    }

    /** Replaces the row of that id; false if this transaction sees none, or somebody has deleted it since. */
    public boolean update(RowId id, Row row) {
        requireShape(row);
        return transaction.statement(() -> {
            Heap heap = heapForWrite("UPDATE");
            HeapVersion version = heap.fetch(transaction.xact(), transaction.snapshot(), id.value());
            return version != null && change(heap, version, all -> true, old -> row, null);
        });
    }

    /** Deletes the row of that id; false if this transaction sees none, or somebody has deleted it since. */
    public boolean delete(RowId id) {
        return transaction.statement(() -> {
            Heap heap = heapForWrite("DELETE");
            HeapVersion version = heap.fetch(transaction.xact(), transaction.snapshot(), id.value());
            return version != null && change(heap, version, all -> true, null, null);
        });
    }

    /** Replaces each row for which {@code where} holds by what {@code set} makes of it; returns how many. */
    public long update(Predicate<Row> where, UnaryOperator<Row> set) {
        return update(where, set, row -> {});
    }

    /** As {@link #update(Predicate, UnaryOperator)}; {@code updated} gets each new row, with its id. */
    public long update(Predicate<Row> where, UnaryOperator<Row> set, Consumer<Row> updated) {
        return transaction.statement(() -> changeAll("UPDATE", where, set, updated));
    }

    /** Deletes each row for which {@code where} holds; returns how many. */
    public long delete(Predicate<Row> where) {
        return delete(where, row -> {});
    }

    /** As {@link #delete(Predicate)}; {@code deleted} gets each row as it was. */
    public long delete(Predicate<Row> where, Consumer<Row> deleted) {
        return transaction.statement(() -> changeAll("DELETE", where, null, deleted));
    }

    private long changeAll(
            String command, Predicate<Row> where, @Nullable UnaryOperator<Row> set, Consumer<Row> changed) {
        Heap heap = heapForWrite(command);
        long count = 0;
        try (HeapScan scan = heap.scan(transaction.xact(), transaction.snapshot())) {
            while (scan.next()) {
                HeapVersion version = new HeapVersion(scan.rowId(), scan.xmin(), scan.data());
                if (change(heap, version, where, set, changed)) {
                    count++;
                }
            }
        }
        return count;
    }

    /** Changes one row if the predicate holds, following it to its newest version; deletes it if {@code set} is null. */
    private boolean change(
            Heap heap,
            HeapVersion from,
            Predicate<Row> where,
            @Nullable UnaryOperator<Row> set,
            @Nullable Consumer<Row> changed) {
        HeapVersion version = from;
        while (version != null) {
            Row row = decode(version);
            if (!where.test(row)) {
                return false;
            }
            Row next = set == null ? null : set.apply(row);
            HeapChange change = next == null
                    ? heap.delete(transaction.xact(), version.rowId(), version.xmin())
                    : heap.update(
                            transaction.xact(),
                            version.rowId(),
                            version.xmin(),
                            RowLockMode.NO_KEY_UPDATE,
                            encode(next));
            switch (change.kind()) {
                case DONE -> {
                    transaction.tell(
                            next == null ? Event.DELETE : Event.UPDATE, info.name(), next == null ? row : next);
                    if (changed != null) {
                        changed.accept(
                                next == null ? row : Row.read(coerced(next), info.schema(), new RowId(change.rowId())));
                    }
                    return true;
                }
                case GONE, SELF, SKIPPED -> {
                    return false;
                }
                case MOVED -> version = heap.newest(change.rowId(), change.xmin());
            }
        }
        return false;
    }

    /**
     * Locks the row of that id until the end of this transaction, or until a level is undone that is open now. Waits for those
     * who are changing it or have locked it. If one of them commits a change, the newest version is locked and asked for again
     * under READ COMMITTED; it stays locked even if {@code where} no longer holds. Under the other levels that is 40001, but
     * KEY SHARE minds only deletes and changes of the key, and gives the row as the snapshot has it.
     *
     * @return the row, its newest version; null if this transaction sees none, if it has been deleted or {@code where} no
     *     longer holds, or if it is locked and {@code policy} says to leave it out
     * @throws TransactionException 40P01 deadlock, 55P03 it is locked and the policy says not to wait or the wait took too
     *     long, 25006 the transaction is read-only, 40001
     */
    public @Nullable Row lock(RowId id, RowLockMode mode, RowLockPolicy policy, Predicate<Row> where) {
        return transaction.statement(() -> {
            Heap heap = heapForWrite(COMMANDS[mode.ordinal()]);
            HeapVersion version = heap.fetch(transaction.xact(), transaction.snapshot(), id.value());
            return version == null ? null : lockVersion(heap, version, mode, policy, where);
        });
    }

    /** Locks each row for which {@code where} holds, as {@link #lock(RowId, RowLockMode, RowLockPolicy, Predicate)} does. */
    public List<Row> lock(RowLockMode mode, RowLockPolicy policy, Predicate<Row> where) {
        return transaction.statement(() -> {
            Heap heap = heapForWrite(COMMANDS[mode.ordinal()]);
            List<Row> locked = new ArrayList<>();
            try (HeapScan scan = heap.scan(transaction.xact(), transaction.snapshot())) {
                while (scan.next()) {
                    HeapVersion version = new HeapVersion(scan.rowId(), scan.xmin(), scan.data());
                    Row row = where.test(decode(version)) ? lockVersion(heap, version, mode, policy, where) : null;
                    if (row != null) {
                        locked.add(row);
                    }
                }
            }
            return locked;
        });
    }

    private @Nullable Row lockVersion(
            Heap heap, HeapVersion version, RowLockMode mode, RowLockPolicy policy, Predicate<Row> where) {
        HeapChange change = heap.lock(transaction.xact(), version.rowId(), version.xmin(), mode, policy);
        return switch (change.kind()) {
            case DONE -> decode(version);
            case GONE, SELF, SKIPPED -> null;
            case MOVED -> {
                HeapVersion newest = heap.newest(change.rowId(), change.xmin());
                Row row = newest == null ? null : decode(newest);
                yield row != null && where.test(row) ? row : null;
            }
        };
    }

    /** All rows, in no particular order. */
    public Scan scan() {
        return scan(row -> true);
    }

    /**
     * The rows for which {@code where} holds, as of now: what is written later, by this transaction too, is not seen. Going
     * back to a savepoint taken before closes the scan, and so does the end of the transaction.
     */
    public Scan scan(Predicate<Row> where) {
        return transaction.statement(() -> {
            Heap heap = heap();
            return transaction.scans().open(this, heap, where);
        });
    }

    private Heap heap() {
        return transaction.database().catalog().heap(transaction.current(info));
    }

    private Heap heapForWrite(String command) {
        transaction.requireWritable(command);
        return heap();
    }

    Row decode(HeapVersion version) {
        return Row.read(RowCodec.decode(info.schema(), version.data()), info.schema(), new RowId(version.rowId()));
    }

    private byte[] encode(Row row) {
        return RowCodec.encode(info.schema(), coerced(row));
    }

    private @Nullable Object[] coerced(Row row) {
        requireShape(row);
        Schema schema = info.schema();
        @Nullable Object[] values = new @Nullable Object[row.size()];
        for (int i = 0; i < values.length; i++) {
            Object value = row.get(i);
            Column column = schema.column(i);
            if (value != null) {
                values[i] = column.type().coerce(value);
            } else if (column.notNull()) {
                throw new TransactionException(
                        SqlState.NOT_NULL_VIOLATION,
                        "null value in column \"" + column.name() + "\" of relation \"" + info.name()
                                + "\" violates not-null constraint");
            }
        }
        return values;
    }

    private void requireShape(Row row) {
        Schema schema = info.schema();
        if (row.size() != schema.size()) {
            throw new IllegalArgumentException("table \"" + info.name() + "\" has " + schema.size()
                    + " columns, the row has " + row.size() + " values");
        }
        for (int i = 0; i < row.size(); i++) {
            schema.column(i).type().requireClass(row.get(i));
        }
    }
}
