package dev.cairn.engine;

import dev.cairn.storage.base.SqlState;
import dev.cairn.storage.base.TransactionException;
import dev.cairn.txn.LockMode;
import dev.cairn.txn.Xact;
import dev.cairn.txn.btree.BTree;
import dev.cairn.wal.Durability;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one transaction does to the catalog, and how it finds tables in it. A table that is used is locked against changes of
 * its schema until the level that used it is undone or the transaction ends.
 */
final class DataDefinition {

    /** The level that shields a statement when an error undoes just that; no savepoint can have this name. */
    static final String STATEMENT_LEVEL = "";

    /** A file made or given up, and the id of the level that did it. */
    private record FileChange(int fileId, long xid) {}

    private final Database database;
    private final Xact xact;
    private final List<FileChange> created = new ArrayList<>();
    private final List<FileChange> dropped = new ArrayList<>();
    private boolean changed;

    DataDefinition(Database database, Xact xact) {
        this.database = database;
        this.xact = xact;
    }

    Catalog.@Nullable Entry find(String name) {
        return contents().tables().get(name);
    }

    Catalog.@Nullable IndexEntry findIndex(String name) {
        return contents().indexes().get(name);
    }

    private Catalog.Contents contents() {
        return database.catalog().contents(xact, changed);
    }

    List<TableInfo> all() {
        return contents().tables().values().stream().map(Catalog.Entry::table).toList();
    }

    /** Finds and locks a table for use. */
    TableInfo use(String name) {
        while (true) {
            Catalog.Entry entry = find(name);
            if (entry == null) {
                throw undefined(name);
            }
            if (!xact.lockTable(entry.table().tableId(), LockMode.USE) || isStill(entry)) {
                return entry.table();
            }
        }
    }

    /** A handle's table, found and locked anew if it has to be: its level may have been undone, or the table dropped. */
    TableInfo useAgain(TableInfo table) {
        if (!changed && xact.holdsTable(table.tableId())) {
            return table;
        }
        TableInfo now = use(table.name());
        if (now.tableId() != table.tableId()) {
            throw undefined(table.name());
        }
        if (!now.schema().equals(table.schema())) {
            throw new IllegalStateException(
                    "table \"" + table.name() + "\" has been altered: it is to be asked for again");
        }
        return now;
    }

    private boolean isStill(Catalog.Entry entry) {
        Catalog.Entry now = find(entry.table().name());
        return now != null && now.rowId() == entry.rowId() && now.table().equals(entry.table());
    }

    TableInfo create(String name, Schema schema) {
        claim(name);
        int fileId = database.allocateFileId();
        int overflowFileId = schema.holdsLargeValues() ? database.allocateFileId() : 0;
        TableInfo table = new TableInfo(fileId, name, fileId, overflowFileId, schema, List.of());
        xact.lockTable(table.tableId(), LockMode.SCHEMA_CHANGE);
        changed = true;
        created.add(new FileChange(fileId, xact.currentXid()));
        if (overflowFileId != 0) {
            created.add(new FileChange(overflowFileId, xact.currentXid()));
        }
        database.heapFiles().create(xact, fileId, table.tableId());
        database.catalog().insert(xact, table);
        database.logCatalogChange(xact, table, SchemaText.createTable(table));
        xact.nextCommand();
        for (Schema.Key key : schema.keys()) {
            Index index = IndexNames.ofKey(name, key, taken -> find(taken) != null || findIndex(taken) != null);
            createIndex(table, index, IndexBuildListener.SILENT);
        }
        return use(name);
    }

    /** Nobody else uses the name, and nobody else will until the level that claimed it is undone or the transaction ends. */
    private void claim(String name) {
        xact.lockTable(nameKey(name), LockMode.SCHEMA_CHANGE);
        if (find(name) != null || findIndex(name) != null) {
            throw new TransactionException(SqlState.DUPLICATE_TABLE, "relation \"" + name + "\" already exists");
        }
    }

    /** Makes an index of a table, with entries for the rows that there are. */
    void createIndex(String tableName, Index index, IndexBuildListener listener) {
        createIndex(useAlone(tableName), index, listener);
    }

    /** Finds and locks a table, to change its schema. */
    TableInfo useAlone(String tableName) {
        TableInfo table = use(tableName);
        xact.lockTable(table.tableId(), LockMode.SCHEMA_CHANGE);
        return use(tableName);
    }

    /**
     * Gives a table, which is locked for it, other rules: the same columns with other NOT NULLs, default values and checks. An
     * index whose keys know no nulls in a column that may be null from now on is made anew. Whether the rows keep the rules is the
     * caller's business.
     *
     * @throws IllegalArgumentException if the columns' names or types differ
     */
    void alter(TableInfo table, Schema schema) {
        requireSameColumns(table.schema(), schema);
        Catalog.Entry entry = find(table.name());
        if (entry == null) {
            throw undefined(table.name());
        }
        List<Catalog.IndexEntry> indexes = contents().indexes().values().stream()
                .filter(index -> index.index().tableId() == table.tableId())
                .toList();
        database.catalog().store(table);
        changed = true;
        List<Index> rebuilt = new ArrayList<>();
        for (Catalog.IndexEntry each : indexes) {
            IndexInfo info = each.index();
            if ((IndexInfo.markedBy(info.index(), schema) & ~info.marked()) != 0) {
                dropIndex(each);
                rebuilt.add(info.index());
            } else {
                // Its row may be one that leaves its keys' marks to the table's columns.
                database.catalog().delete(xact, each);
                database.catalog().insert(xact, info);
            }
        }
        database.catalog().delete(xact, entry);
        TableInfo altered =
                new TableInfo(table.tableId(), table.name(), table.fileId(), table.overflowFileId(), schema, List.of());
        database.catalog().insert(xact, altered);
        database.logCatalogChange(xact, altered, SchemaText.alterTable(altered));
        xact.nextCommand();
        for (Index index : rebuilt) {
            createIndex(use(table.name()), index, IndexBuildListener.SILENT);
        }
    }

    private static void requireSameColumns(Schema present, Schema wanted) {
        boolean same = present.size() == wanted.size();
        for (int i = 0; same && i < present.size(); i++) {
            same = present.column(i).name().equals(wanted.column(i).name())
                    && present.column(i).type().equals(wanted.column(i).type());
        }
        if (!same) {
            throw new IllegalArgumentException("expected the columns " + present + ", found " + wanted);
        }
    }

    /**
     * Adds a key to a table, which is locked for it; the columns of a primary key are NOT NULL already.
     *
     * @throws TransactionException 42P07 or 42710 if the name is taken, 23505 if two rows have the same key
     */
    void addKey(TableInfo table, Schema.Key key) {
        Index index = IndexNames.ofKey(
                table.name(),
                key,
                taken -> find(taken) != null
                        || findIndex(taken) != null
                        || table.schema().hasCheck(taken));
        if (table.schema().hasCheck(index.name())) {
            throw new TransactionException(
                    SqlState.DUPLICATE_OBJECT,
                    "constraint \"" + index.name() + "\" for relation \"" + table.name() + "\" already exists");
        }
        createIndex(table, index, IndexBuildListener.SILENT);
    }

    /** @throws TransactionException 42704 if the table, which is locked for it, has no key of that name */
    void dropKey(TableInfo table, String name) {
        Catalog.IndexEntry entry = findIndex(name);
        if (entry == null
                || entry.index().tableId() != table.tableId()
                || !entry.index().index().constraint()) {
            throw new TransactionException(
                    SqlState.UNDEFINED_OBJECT,
                    "constraint \"" + name + "\" of relation \"" + table.name() + "\" does not exist");
        }
        database.catalog().store(table);
        changed = true;
        dropIndex(entry);
        xact.nextCommand();
    }

    private void createIndex(TableInfo table, Index index, IndexBuildListener listener) {
        for (Index.Part part : index.parts()) {
            if (table.schema().indexOf(part.column()) < 0) {
                throw new TransactionException(
                        SqlState.UNDEFINED_COLUMN, "column \"" + part.column() + "\" does not exist");
            }
        }
        claim(index.name());
        int fileId = database.allocateFileId();
        int marked = IndexInfo.markedBy(index, table.schema());
        IndexInfo info = new IndexInfo(table.tableId(), fileId, index, table.schema(), false, marked);
        changed = true;
        created.add(new FileChange(fileId, xact.currentXid()));
        database.heapFiles().create(xact, fileId, table.tableId());
        BTree tree = database.catalog().createTree(info);
        IndexInfo built = IndexBuild.run(
                xact,
                database.catalog().store(table),
                info,
                tree,
                database.disk(),
                database.options().sortMemoryBytes(),
                listener);
        database.catalog().store(table).attach(built, tree);
        database.catalog().insert(xact, built);
        database.logCatalogChange(xact, table.tableId(), fileId, SchemaText.createIndex(table, index));
        xact.nextCommand();
    }

    /** @throws TransactionException 42704 if there is no such index, 2BP01 if it is a key of the table */
    void dropIndex(String name) {
        xact.lockTable(nameKey(name), LockMode.SCHEMA_CHANGE);
        Catalog.IndexEntry entry = requireIndex(name);
        xact.lockTable(entry.index().tableId(), LockMode.SCHEMA_CHANGE);
        entry = requireIndex(name);
        int tableId = entry.index().tableId();
        if (entry.index().index().constraint()) {
            String table = all().stream()
                    .filter(info -> info.tableId() == tableId)
                    .map(TableInfo::name)
                    .findFirst()
                    .orElse("");
            throw new TransactionException(
                    SqlState.DEPENDENT_OBJECTS_STILL_EXIST,
                    "cannot drop index " + name + " because constraint " + name + " on table " + table
                            + " requires it");
        }
        // The table must know the index, as this may be rolled back.
        all().stream().filter(table -> table.tableId() == tableId).forEach(database.catalog()::store);
        changed = true;
        dropIndex(entry);
        xact.nextCommand();
    }

    private void dropIndex(Catalog.IndexEntry entry) {
        IndexInfo info = entry.index();
        database.catalog().delete(xact, entry);
        dropped.add(new FileChange(info.fileId(), xact.currentXid()));
        database.logCatalogChange(
                xact,
                info.tableId(),
                info.fileId(),
                "DROP INDEX " + SchemaText.quote(info.index().name()));
    }

    private Catalog.IndexEntry requireIndex(String name) {
        Catalog.IndexEntry entry = findIndex(name);
        if (entry == null) {
            throw RowWriter.undefinedIndex(name);
        }
        return entry;
    }

    void drop(String name) {
        xact.lockTable(nameKey(name), LockMode.SCHEMA_CHANGE);
        TableInfo table = use(name);
        xact.lockTable(table.tableId(), LockMode.SCHEMA_CHANGE);
        Catalog.Entry entry = find(name);
        if (entry == null) {
            throw undefined(name);
        }
        database.catalog().store(entry.table());
        List<Catalog.IndexEntry> indexes = contents().indexes().values().stream()
                .filter(index -> index.index().tableId() == table.tableId())
                .toList();
        changed = true;
        indexes.forEach(this::dropIndex);
        database.catalog().delete(xact, entry);
        dropped.add(new FileChange(table.fileId(), xact.currentXid()));
        if (table.overflowFileId() != 0) {
            dropped.add(new FileChange(table.overflowFileId(), xact.currentXid()));
        }
        database.logCatalogChange(xact, table, SchemaText.dropTable(table));
        xact.nextCommand();
    }

    /** Names are locked beside tables, as negative keys: who creates a table is alone with its name. */
    private static int nameKey(String name) {
        return -1 - (name.hashCode() & Integer.MAX_VALUE);
    }

    private static TransactionException undefined(String name) {
        return new TransactionException(SqlState.UNDEFINED_TABLE, "relation \"" + name + "\" does not exist");
    }

    /** Some levels have been undone: their files go, and what they gave up stays. */
    void levelsEnded() {
        if (created.isEmpty() && dropped.isEmpty()) {
            return;
        }
        created.removeIf(change -> {
            boolean undone = xact.isUndone(change.xid());
            if (undone) {
                database.reaper().add(change.fileId(), 0);
            }
            return undone;
        });
        dropped.removeIf(change -> xact.isUndone(change.xid()));
    }

    /**
     * Ends the transaction, with the catalog's cache kept from showing a state of before.
     *
     * @param commit how durably to commit; null to roll back
     */
    void end(@Nullable Durability commit) {
        if (!changed) {
            endNow(commit);
            return;
        }
        database.catalog().beginChange();
        boolean done = false;
        try {
            endNow(commit);
            done = true;
        } finally {
            database.catalog().endChange();
            if (done) {
                for (FileChange change : commit == null ? created : dropped) {
                    database.reaper()
                            .add(change.fileId(), database.transactions().publishLsn());
                }
            }
        }
    }

    private void endNow(@Nullable Durability commit) {
        if (commit == null) {
            xact.rollback(null);
        } else {
            xact.commit(commit);
        }
    }
}
