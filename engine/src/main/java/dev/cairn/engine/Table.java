package dev.cairn.engine;

import static java.util.Objects.requireNonNull;

import dev.cairn.engine.TransactionListener.Event;
import dev.cairn.storage.base.SqlState;
import dev.cairn.storage.base.TransactionException;
import dev.cairn.storage.overflow.OverflowReference;
import dev.cairn.txn.RowLockMode;
import dev.cairn.txn.RowLockPolicy;
import dev.cairn.txn.Snapshot;
import dev.cairn.txn.heap.Heap;
import dev.cairn.txn.heap.HeapChange;
import dev.cairn.txn.heap.HeapScan;
import dev.cairn.txn.heap.HeapVersion;
import dev.cairn.txn.heap.TupleView;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
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
    /** Leaves the row alone that is in the way. */
    private static final Function<Row, @Nullable Row> NOTHING = present -> null;

    private final Transaction transaction;
    private final TableInfo info;
    private final RowInput input;
    private final TableScans scans;
    private @Nullable KeyRead keyRead;
    private @Nullable RowStatements statements;
    private @Nullable RowWriter rowWriter;

    Table(Transaction transaction, TableInfo info) {
        this.transaction = transaction;
        this.info = info;
        this.input = new RowInput(info);
        this.scans = new TableScans(transaction, this);
    }

    TableInfo info() {
        return info;
    }

    public String name() {
        return info.name();
    }

    public Schema schema() {
        return info.schema();
    }

    /** The indexes, by name. */
    public List<Index> indexes() {
        return transaction.statement(
                () -> current().indexes().stream().map(IndexInfo::index).toList());
    }

    /**
     * Adds a row.
     *
     * @throws IllegalArgumentException if the number of values or a value's class is not the schema's; nothing has happened then
     * @throws TransactionException 23502 null in a column that is NOT NULL, 23505 a unique key that is there already, 22003 a
     *     numeric out of range, 22001 a text too long, 54000 a row of more than 64 MiB, or too big for a page though its texts and byte arrays stand elsewhere,
     *     53100 disk full, 25006 the transaction is
     *     read-only
     */
    public RowId insert(Row row) {
        input.requireShape(row);
        return transaction.statement(() -> {
            RowWriter writer = writer("INSERT");
            RowId id = new RowId(writer.insert(writer.rowOf(input.coerced(row, null))));
            transaction.tell(Event.INSERT, info.name(), row);
            return id;
        });
    }

    /** A row in the making, all of whose columns are null. */
    public RowBuilder newRow() {
        return new RowBuilder(info.schema());
    }

    /**
     * Adds a row, which gets its {@link RowBuilder#id}; else as {@link #insert(Row)}. Allocates nothing, but for values that go to
     * pages of their own, numerics of more than 18 digits, a key as long as none before, a page or savepoint that comes into use, and where another
     * row has the same unique key or somebody is in the way.
     */
    public void insert(RowBuilder row) {
        statements().insert(row);
    }

    /**
     * Replaces the row that the view shows; false if this transaction does not see that version, or somebody has deleted the row
     * since. Allocates as {@link #insert(RowBuilder)}; a row of its own transaction takes up to 24 bytes until the end, for the two
     * commands that have made and replaced it.
     */
    public boolean update(RowView shown, RowBuilder row) {
        return statements().change(shown, row);
    }

    /** Deletes the row that the view shows; else as {@link #update(RowView, RowBuilder)}. */
    public boolean delete(RowView shown) {
        return statements().change(shown, null);
    }

    private RowStatements statements() {
        RowStatements present = statements;
        if (present == null) {
            present = new RowStatements(transaction, this, input);
            statements = present;
        }
        return present;
    }

    /**
     * Adds a row, or changes the one that is in its way.
     *
     * @param columns of the unique index in which the row may meet another; none for any unique index
     * @param set makes a new row of the one that is there, or null to leave it alone
     * @return the row that was inserted or changed; null if neither
     * @throws TransactionException 42P10 if there is no unique index on those columns, 40001 if the transaction keeps one
     *     snapshot which does not see the other row, 21000 if this same statement made the other row; else as {@link #insert}
     */
    public @Nullable Row insertOrUpdate(Row row, List<String> columns, Function<Row, @Nullable Row> set) {
        input.requireShape(row);
        return transaction.statement(() -> {
            RowWriter writer = writer("INSERT");
            Predicate<IndexInfo> reported = arbiter(columns);
            @Nullable Object[] values = input.coerced(row, null);
            while (true) {
                RowWriter.Conflict conflict = writer.insert(writer.rowOf(values), reported);
                if (conflict == null) {
                    Row inserted = Row.read(values, info.schema(), new RowId(writer.rowId()));
                    transaction.tell(Event.INSERT, info.name(), inserted);
                    return inserted;
                }
                requireSeen(conflict.version(), set);
                if (set == NOTHING) {
                    return null;
                }
                // Whoever was in between has changed the row: what is made of it is made of its newest version.
                @Nullable Row[] next = new Row[1];
                boolean[] leftAlone = new boolean[1];
                Predicate<Row> wanted = present -> {
                    if (!conflict.isWith(present)) {
                        return false;
                    }
                    next[0] = set.apply(present);
                    leftAlone[0] = next[0] == null;
                    return !leftAlone[0];
                };
                List<Row> changed = new ArrayList<>();
                if (change(writer, conflict.version(), wanted, old -> requireNonNull(next[0]), changed::add)) {
                    return changed.get(0);
                }
                if (leftAlone[0]) {
                    return null;
                }
            }
        });
    }

    private Predicate<IndexInfo> arbiter(List<String> columns) {
        if (columns.isEmpty()) {
            return any -> true;
        }
        for (IndexInfo candidate : current().indexes()) {
            if (candidate.isUniqueOn(columns)) {
                return index -> index.isUniqueOn(columns);
            }
        }
        throw new TransactionException(
                SqlState.INVALID_COLUMN_REFERENCE,
                "there is no unique or exclusion constraint matching the ON CONFLICT specification");
    }

    /** Whoever keeps one snapshot may not act upon a row that it does not see. */
    private void requireSeen(HeapVersion version, Function<Row, @Nullable Row> set) {
        boolean mine = transaction.xact().isMine(version.xmin());
        boolean matters = mine ? set != NOTHING : transaction.isolation().keepsSnapshot();
        if (!matters || heap().fetch(transaction.xact(), version.rowId()) != null) {
            return;
        }
        if (mine) {
            throw new TransactionException(
                    SqlState.CARDINALITY_VIOLATION, "ON CONFLICT DO UPDATE command cannot affect row a second time");
        }
        if (set != NOTHING) {
            // As PostgreSQL does: first the row is locked, which may have to be waited for.
            heap().lock(
                            transaction.xact(),
                            version.rowId(),
                            version.xmin(),
                            RowLockMode.NO_KEY_UPDATE,
                            RowLockPolicy.WAIT);
        }
        throw new TransactionException(
                SqlState.SERIALIZATION_FAILURE, "could not serialize access due to concurrent update");
    }

    /** Adds a row unless one is in its way, as {@link #insertOrUpdate}; whether it was added. */
    public boolean insertUnlessThere(Row row, List<String> columns) {
        return insertOrUpdate(row, columns, NOTHING) != null;
    }

    /** The row of that id, if this transaction sees it. */
    public @Nullable Row get(RowId id) {
        return transaction.statement(() -> {
            HeapVersion version = heap().fetch(transaction.xact(), id.value());
            return version == null ? null : decode(version);
        });
    }

    /**
     * The row with that primary key, if this transaction sees one.
     *
     * @throws IllegalStateException if the table has no primary key
     * @throws IllegalArgumentException if the values are not as many as the key's columns, or of other classes
     */
    public @Nullable Row get(Object key, Object... more) {
        RowView view = keyRead().view();
        if (more.length == 0) {
            return read(key, view) ? view.toRow() : null;
        }
        Object[] values = new Object[more.length + 1];
        values[0] = key;
        System.arraycopy(more, 0, values, 1, more.length);
        return read(values, view) ? view.toRow() : null;
    }

    /**
     * Reads the row with that primary key, of one column, into the view, if this transaction sees one. Allocates nothing, but for
     * values on pages of their own, a key longer than any before, and the snapshot of a statement after others have committed or this
     * transaction has written (24 bytes).
     *
     * @return whether there is one; if not, the view shows nothing
     * @throws IllegalStateException if the table has no primary key
     * @throws IllegalArgumentException if the key has more columns than one, or the value is of another class
     */
    public boolean read(Object key, RowView into) {
        KeyRead reads = keyRead();
        reads.single[0] = key;
        return read(reads.single, into);
    }

    /** As {@link #read(Object, RowView)}, for a key of as many columns as there are values. */
    public boolean read(Object[] key, RowView into) {
        KeyRead reads = keyRead();
        reads.key = key;
        reads.into = into;
        return transaction.statement(reads);
    }

    private KeyRead keyRead() {
        KeyRead present = keyRead;
        if (present == null) {
            present = new KeyRead();
            keyRead = present;
        }
        return present;
    }

    /** The statement that reads one row by its key, made once. */
    private final class KeyRead implements Supplier<Boolean> {
        private final Object[] single = new Object[1];
        private Object[] key = single;
        private @Nullable RowView into;
        /** For those who give no view of their own. */
        private @Nullable RowView view;

        private @Nullable KeyLookup byPrimaryKey;

        @Override
        public Boolean get() {
            Snapshot snapshot = transaction.snapshot();
            RowView shown = requireNonNull(into);
            boolean found = lookup().find(transaction.xact(), snapshot, key, shown.clear());
            if (found) {
                shown.show(Table.this, snapshot);
            }
            return found;
        }

        private RowView view() {
            RowView present = view;
            if (present == null) {
                present = new RowView();
                view = present;
            }
            return present;
        }

        private KeyLookup lookup() {
            TableInfo now = current();
            KeyLookup known = byPrimaryKey;
            if (known == null || !known.isOf(now)) {
                IndexInfo primary = now.primaryKey();
                if (primary == null) {
                    throw new IllegalStateException("table \"" + info.name() + "\" has no primary key");
                }
                known = new KeyLookup(now, primary, store(now));
                byPrimaryKey = known;
            }
            return known;
        }
    }

    /** Replaces the row of that id; false if this transaction sees none, or somebody has deleted it since. */
    public boolean update(RowId id, Row row) {
        input.requireShape(row);
        return transaction.statement(() -> {
            RowWriter writer = writer("UPDATE");
            HeapVersion version = heap().fetch(transaction.xact(), id.value());
            return version != null && change(writer, version, all -> true, old -> row, null);
        });
    }

    /** Deletes the row of that id; false if this transaction sees none, or somebody has deleted it since. */
    public boolean delete(RowId id) {
        return transaction.statement(() -> {
            RowWriter writer = writer("DELETE");
            HeapVersion version = heap().fetch(transaction.xact(), id.value());
            return version != null && change(writer, version, all -> true, null, null);
        });
    }

    /** Replaces each row for which {@code where} holds by what {@code set} makes of it; returns how many. */
    public long update(Predicate<Row> where, UnaryOperator<Row> set) {
        return update(where, set, row -> {});
    }

    /** As {@link #update(Predicate, UnaryOperator)}; {@code updated} gets each new row, with its id. */
    public long update(Predicate<Row> where, UnaryOperator<Row> set, Consumer<Row> updated) {
        return update(null, where, set, updated);
    }

    /** As {@link #update(Predicate, UnaryOperator, Consumer)}, for rows in that range of an index; null for all rows. */
    public long update(@Nullable KeyRange range, Predicate<Row> where, UnaryOperator<Row> set, Consumer<Row> updated) {
        return transaction.statement(() -> changeAll("UPDATE", range, where, set, updated));
    }

    /** Deletes each row for which {@code where} holds; returns how many. */
    public long delete(Predicate<Row> where) {
        return delete(where, row -> {});
    }

    /** As {@link #delete(Predicate)}; {@code deleted} gets each row as it was. */
    public long delete(Predicate<Row> where, Consumer<Row> deleted) {
        return delete(null, where, deleted);
    }

    /** As {@link #delete(Predicate, Consumer)}, for rows in that range of an index; null for all rows. */
    public long delete(@Nullable KeyRange range, Predicate<Row> where, Consumer<Row> deleted) {
        return transaction.statement(() -> changeAll("DELETE", range, where, null, deleted));
    }

    private long changeAll(
            String command,
            @Nullable KeyRange range,
            Predicate<Row> where,
            @Nullable UnaryOperator<Row> set,
            Consumer<Row> changed) {
        RowWriter writer = writer(command);
        long count = 0;
        try (RowCursor rows = scans.rows(range)) {
            while (rows.next()) {
                if (change(writer, rows.version(), where, set, changed)) {
                    count++;
                }
            }
        }
        return count;
    }

    /** Changes one row if the predicate holds, following it to its newest version; deletes it if {@code set} is null. */
    private boolean change(
            RowWriter writer,
            HeapVersion from,
            Predicate<Row> where,
            @Nullable UnaryOperator<Row> set,
            @Nullable Consumer<Row> changed) {
        TupleView version = TupleView.of(from);
        HeapVersion known = from;
        while (true) {
            @Nullable Object[] before = values(known, transaction.snapshot());
            Row row = Row.read(before, info.schema(), new RowId(version.rowId()));
            if (!where.test(row)) {
                return false;
            }
            @Nullable Object[] next = set == null ? null : input.coerced(set.apply(row), before);
            HeapChange.Kind kind = next == null ? writer.delete(version) : writer.update(version, writer.rowOf(next));
            switch (kind) {
                case DONE -> {
                    Row after = next == null ? row : Row.read(next, info.schema(), new RowId(writer.rowId()));
                    transaction.tell(next == null ? Event.DELETE : Event.UPDATE, info.name(), after);
                    if (changed != null) {
                        changed.accept(after);
                    }
                    return true;
                }
                case GONE, SELF, SKIPPED -> {
                    return false;
                }
                case MOVED -> {
                    if (!writer.heap().readNewest(version)) {
                        return false;
                    }
                    known = version.toVersion();
                }
            }
        }
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
            transaction.requireWritable(COMMANDS[mode.ordinal()]);
            Heap heap = heap();
            HeapVersion version = heap.fetch(transaction.xact(), id.value());
            return version == null ? null : lockVersion(heap, version, mode, policy, where);
        });
    }

    /**
     * For who locks rows one by one as he finds them, to be called before he looks: there may be none to lock.
     *
     * @throws TransactionException 25006 the transaction is read-only
     */
    public void requireLockable(RowLockMode mode) {
        transaction.statement(() -> {
            transaction.requireWritable(COMMANDS[mode.ordinal()]);
            return Boolean.TRUE;
        });
    }

    /** Locks each row for which {@code where} holds, as {@link #lock(RowId, RowLockMode, RowLockPolicy, Predicate)} does. */
    public List<Row> lock(RowLockMode mode, RowLockPolicy policy, Predicate<Row> where) {
        return lockAll(null, mode, policy, where);
    }

    /** As {@link #lock(RowLockMode, RowLockPolicy, Predicate)}, for rows in that range of an index, in its order. */
    public List<Row> lock(KeyRange range, RowLockMode mode, RowLockPolicy policy, Predicate<Row> where) {
        return lockAll(range, mode, policy, where);
    }

    private List<Row> lockAll(@Nullable KeyRange range, RowLockMode mode, RowLockPolicy policy, Predicate<Row> where) {
        return transaction.statement(() -> {
            transaction.requireWritable(COMMANDS[mode.ordinal()]);
            Heap heap = heap();
            List<Row> locked = new ArrayList<>();
            try (RowCursor rows = scans.rows(range)) {
                while (rows.next()) {
                    HeapVersion version = rows.version();
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
        return scans.open(null, null);
    }

    /**
     * The rows for which {@code where} holds, as of now: what is written later, by this transaction too, is not seen. Going
     * back to a savepoint taken before closes the scan, and so does the end of the transaction.
     */
    public Scan scan(Predicate<Row> where) {
        return scans.open(null, where);
    }

    /** As {@link #scan(Predicate)}, but only the rows in that range of an index, in its order. */
    public Scan scan(KeyRange range, Predicate<Row> where) {
        return scans.open(range, where);
    }

    /** All rows in that range of an index, in its order; else as {@link #scan(Predicate)}. */
    public Scan scan(KeyRange range) {
        return scans.open(range, null);
    }

    /**
     * Judges every index of the table against the rows, both ways. While no transaction writes.
     *
     * @throws dev.cairn.storage.base.CorruptionException naming what is wrong
     */
    public void verifyIndexes() {
        transaction.statement(() -> {
            TableInfo now = current();
            now.indexes().forEach(index -> IndexCheck.run(index, store(now)));
            return Boolean.TRUE;
        });
    }

    TableInfo current() {
        return transaction.current(info);
    }

    TableStore store(TableInfo now) {
        return transaction.database().catalog().store(now);
    }

    private Heap heap() {
        return store(current()).heap();
    }

    RowWriter writer(String command) {
        transaction.requireWritable(command);
        TableInfo now = current();
        RowWriter known = rowWriter;
        if (known == null || !known.isOf(now)) {
            known = new RowWriter(
                    transaction.xact(), now, store(now), transaction.database().stripes());
            rowWriter = known;
        }
        return known;
    }

    private Row decode(HeapVersion version) {
        return decode(version, transaction.snapshot());
    }

    void keepLarge(Snapshot snapshot) {
        transaction.largeReads().keep(snapshot);
    }

    byte @Nullable [] readLarge(OverflowReference reference) {
        return transaction.largeReads().read(store(info).rows(), reference);
    }

    /**
     * The bytes of a byte array, or of a text in UTF-8, in pieces of 64 KiB of which one is in memory at a time, if the value stands
     * on pages of its own. Read it before the transaction ends; it need not be closed.
     *
     * @param row one that this table has given out
     * @return null if the value is null
     * @throws IllegalArgumentException if the column is of another type
     * @throws IllegalStateException here or when it is read, if the transaction has ended or the row's writer was rolled back
     * @throws dev.cairn.storage.base.CorruptionException here or when it is read, if it is damaged
     */
    public @Nullable InputStream stream(Row row, String column) {
        int index = row.indexOf(column);
        if (row.raw(index) instanceof LargeValue large && !large.isRead()) {
            return new LargeInput(transaction.largeReads(), store(info).rows(), large.reference());
        }
        Object value = row.get(index);
        if (value instanceof String text) {
            return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        }
        if (value == null || value instanceof byte[]) {
            return value == null ? null : new ByteArrayInputStream((byte[]) value);
        }
        throw new IllegalArgumentException("column \"" + column + "\" is neither text nor a byte array");
    }

    LargeValue largeValue(OverflowReference reference, ColumnType.Kind kind) {
        return new LargeValue(reference, kind, this::readLarge);
    }

    /** Of a version whose large values are kept already. */
    Row decodeKept(HeapVersion version) {
        return Row.read(
                RowCodec.decode(info.schema(), version.data(), this::readLarge),
                info.schema(),
                new RowId(version.rowId()));
    }

    /** Every row as it is now, however old the transaction's snapshot is. */
    void forEachNow(Consumer<Row> action) {
        Snapshot now = new Snapshot(
                transaction.database().transactions().publishLsn(),
                transaction.xact().currentCommand());
        try (HeapScan scan = heap().scan(transaction.xact(), now)) {
            while (scan.next()) {
                action.accept(decode(new HeapVersion(scan.rowId(), scan.xmin(), scan.data()), now));
            }
        }
    }

    /** @param snapshot one that sees the version, and is held */
    Row decode(HeapVersion version, Snapshot snapshot) {
        return Row.read(values(version, snapshot), info.schema(), new RowId(version.rowId()));
    }

    private @Nullable Object[] values(HeapVersion version, Snapshot snapshot) {
        @Nullable Object[] values = RowCodec.decode(info.schema(), version.data(), this::readLarge);
        transaction.largeReads().keep(values, snapshot);
        return values;
    }
}
