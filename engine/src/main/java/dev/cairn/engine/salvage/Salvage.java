package dev.cairn.engine.salvage;

import dev.cairn.engine.ColumnType;
import dev.cairn.engine.Database;
import dev.cairn.engine.Row;
import dev.cairn.engine.Schema;
import dev.cairn.engine.StoredIndex;
import dev.cairn.engine.StoredTable;
import dev.cairn.engine.Transaction;
import dev.cairn.engine.salvage.Fates.Fate;
import dev.cairn.engine.salvage.SalvageListener.TableOutcome;
import dev.cairn.storage.base.CorruptionException;
import dev.cairn.storage.base.Environment;
import dev.cairn.storage.base.TransactionException;
import dev.cairn.storage.cache.FileTable;
import dev.cairn.storage.file.Disk;
import dev.cairn.storage.heap.HeapPage;
import dev.cairn.storage.heap.TupleFlags;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.page.PageKind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Copies what can still be read of a damaged directory into a new database, and tells what could not. The source is only
 * read; what has to be redone is redone in private memory.
 *
 * <p>In this order of preference: if the log can be redone, what recovery would have given, less the pages that cannot be
 * read. If not, each page as it lies, with whatever of the log still fits on top, and each version by what is left of its
 * transactions' fates. Rows of transactions of which nothing tells whether they committed go to a table of their own; rows
 * of files of which no catalog row is left, as bytes, to a table named after the file. Indexes are not copied but built anew.
 */
public final class Salvage {

    private static final int ROWS_PER_TRANSACTION = 1_000;
    private static final Schema RAW =
            Schema.builder().column("row", ColumnType.BYTEA).build();

    private final Sources sources;
    private final Database destination;
    private final SalvageListener listener;
    private final Set<String> names = new HashSet<>();
    /** Files that any row of the catalog names, a dead one too. */
    private final Set<Integer> catalogFiles = new HashSet<>();

    /** The catalog's rows of indexes, by the index's file. */
    private final Map<Integer, byte[]> indexRows = new TreeMap<>();
    /** The names of the copies, by table id. */
    private final Map<Integer, String> copies = new TreeMap<>();

    private boolean catalogWhole = true;

    private Salvage(Sources sources, Database destination, SalvageListener listener) {
        this.sources = sources;
        this.destination = destination;
        this.listener = listener;
    }

    /**
     * The whole outcome.
     *
     * @param complete whether nothing was lost and nothing is in doubt
     */
    public record Result(boolean complete, long tables, long rows, long lostPages, long lostRows, long undecided) {}

    /** The page size of the source, which the destination should share, so that every row finds its place. */
    public static int pageSize(Disk source) {
        return Identity.of(source).pageSize();
    }

    /**
     * Salvages.
     *
     * @param source only read
     * @param destination empty
     * @throws CorruptionException if nothing tells whose directory the source is
     */
    public static Result run(Disk source, Database destination, Environment environment, SalvageListener listener) {
        try (Sources sources = Sources.open(source, environment, listener)) {
            return new Salvage(sources, destination, listener).run();
        }
    }

    private Result run() {
        Map<Integer, StoredTable> tables = catalog();
        boolean complete = !sources.isDoubtful();
        long rows = 0;
        long lostPages = 0;
        long lostRows = 0;
        long undecided = 0;
        long count = 0;
        for (int fileId : sources.fileIds()) {
            if (fileId == StoredTable.CATALOG_FILE_ID) {
                continue;
            }
            StoredTable table = tables.get(fileId);
            if (table != null && table.overflowFileId() == fileId) {
                continue; // read with the rows that refer to it
            }
            if (table == null && catalogFiles.contains(fileId)) {
                continue; // its table was dropped
            }
            TableOutcome outcome = new TableCopy(fileId, table).run();
            if (table == null && outcome.rows() + outcome.lostPages() + outcome.undecided() == 0) {
                continue;
            }
            listener.table(outcome);
            count++;
            rows += outcome.rows();
            lostPages += outcome.lostPages();
            lostRows += outcome.lostRows();
            undecided += outcome.undecided();
            complete &= table != null;
        }
        for (StoredTable table : Set.copyOf(tables.values())) {
            if (!sources.fileIds().contains(table.fileId())) {
                listener.note("table \"" + table.name() + "\" is lost: its file " + FileTable.fileName(table.fileId())
                        + " is missing");
                complete = false;
            }
        }
        complete &= lostPages + lostRows + undecided == 0;
        complete &= indexes(tables);
        return new Result(complete && catalogWhole, count, rows, lostPages, lostRows, undecided);
    }

    /** Builds all indexes anew from the rows that were saved; false if not all could be. */
    private boolean indexes(Map<Integer, StoredTable> tables) {
        Map<Integer, StoredTable> byId = new TreeMap<>();
        tables.values().forEach(table -> byId.put(table.tableId(), table));
        boolean all = true;
        for (byte[] row : indexRows.values()) {
            StoredTable index = StoredTable.ofCatalogRow(row);
            StoredTable table = byId.get(index.tableId());
            String copy = copies.get(index.tableId());
            try (Transaction transaction = destination.begin()) {
                if (table == null || copy == null) {
                    throw new CorruptionException("its table is lost");
                }
                transaction.createIndex(
                        copy, StoredIndex.ofCatalogRow(row, table).index());
                transaction.commit();
            } catch (CorruptionException | TransactionException e) {
                listener.note("index \"" + index.name() + "\" is not built anew: " + e.getMessage());
                all = false;
            }
        }
        return all;
    }

    /** The tables that there are, by their files. A row whose fate is unknown counts: its file tells the rest. */
    private Map<Integer, StoredTable> catalog() {
        Map<Integer, StoredTable> tables = new TreeMap<>();
        if (!sources.fileIds().contains(StoredTable.CATALOG_FILE_ID)) {
            listener.note("the catalog's file is missing: names and columns of tables are lost");
            catalogWhole = false;
            return tables;
        }
        long pages = sources.pages().pages(StoredTable.CATALOG_FILE_ID);
        for (int pageNo = 1; pageNo < pages; pageNo++) {
            PageStore.State state = sources.pages().read(StoredTable.CATALOG_FILE_ID, pageNo);
            if (state == PageStore.State.DAMAGED) {
                listener.note("page " + pageNo + " of the catalog is damaged: tables may have lost name and columns");
                catalogWhole = false;
            } else if (state == PageStore.State.SOUND) {
                catalogPage(tables);
            }
        }
        return tables;
    }

    private void catalogPage(Map<Integer, StoredTable> tables) {
        PageBuffer page = sources.pages().page();
        for (int slot = 0; slot < HeapPage.slotCount(page); slot++) {
            if (HeapPage.isUsed(page, slot)) {
                try {
                    byte[] row = HeapPage.data(page, slot);
                    StoredTable table = StoredTable.ofCatalogRow(row);
                    catalogFiles.add(table.fileId());
                    catalogFiles.add(table.overflowFileId());
                    boolean live = fate(page, slot) != Fate.ABORTED;
                    if (live && table.isIndex()) {
                        indexRows.put(table.fileId(), row);
                    } else if (live) {
                        tables.put(table.fileId(), table);
                        if (table.overflowFileId() != 0) {
                            tables.put(table.overflowFileId(), table);
                        }
                    }
                } catch (CorruptionException e) {
                    listener.note("a row of the catalog cannot be read: " + e.getMessage());
                    catalogWhole = false;
                }
            }
        }
    }

    /** Of a version: COMMITTED if it is to be seen, ABORTED if not. */
    private Fate fate(PageBuffer page, int slot) {
        long xmax = HeapPage.xmax(page, slot);
        boolean frozen = (HeapPage.flags(page, slot) & TupleFlags.FROZEN) != 0;
        Fate made = frozen ? Fate.COMMITTED : sources.fates().of(HeapPage.xmin(page, slot));
        Fate gone = xmax == 0 ? Fate.ABORTED : sources.fates().of(xmax);
        if (made == Fate.ABORTED || gone == Fate.COMMITTED) {
            return Fate.ABORTED;
        }
        return made == Fate.UNKNOWN || gone == Fate.UNKNOWN ? Fate.UNKNOWN : Fate.COMMITTED;
    }

    /** One file's rows. */
    private final class TableCopy {
        private final int fileId;
        private final @Nullable StoredTable table;
        private final String name;
        private final List<Row> batch = new ArrayList<>();
        private final List<Row> doubtful = new ArrayList<>();
        private long rows;
        private long lostPages;
        private long lostRows;
        private long undecided;

        TableCopy(int fileId, @Nullable StoredTable table) {
            this.fileId = fileId;
            this.table = table;
            this.name = unused(table == null ? "file_" + fileId : table.name());
        }

        TableOutcome run() {
            if (table != null) {
                create(name);
                copies.put(table.tableId(), name);
            }
            long pages = sources.pages().pages(fileId);
            for (int pageNo = 1; pageNo < pages; pageNo++) {
                PageStore.State state = sources.pages().read(fileId, pageNo);
                if (state == PageStore.State.DAMAGED) {
                    lostPages++;
                    listener.note("page " + pageNo + " of " + FileTable.fileName(fileId) + " is lost");
                } else if (state == PageStore.State.SOUND && sources.pages().kind() == PageKind.HEAP) {
                    page();
                }
            }
            flush(batch, name);
            flush(doubtful, name + "_undecided");
            return new TableOutcome(name, rows, lostPages, lostRows, undecided);
        }

        private void page() {
            PageBuffer page = sources.pages().page();
            for (int slot = 0; slot < HeapPage.slotCount(page); slot++) {
                if (HeapPage.isUsed(page, slot)) {
                    Fate fate = fate(page, slot);
                    if (fate != Fate.ABORTED) {
                        version(HeapPage.data(page, slot), fate);
                    }
                }
            }
            if (batch.size() >= ROWS_PER_TRANSACTION) {
                flush(batch, name);
            }
            if (doubtful.size() >= ROWS_PER_TRANSACTION) {
                flush(doubtful, name + "_undecided");
            }
        }

        private void version(byte[] data, Fate fate) {
            Row row;
            try {
                row = table == null ? Row.of((Object) data) : row(table, data);
            } catch (CorruptionException e) {
                lostRows++;
                listener.note("a row of \"" + name + "\" is lost: " + e.getMessage());
                return;
            }
            if (fate == Fate.COMMITTED) {
                batch.add(row);
                rows++;
            } else {
                doubtful.add(row);
                undecided++;
            }
            if (table != null && !table.largeValues(data).isEmpty()) {
                flush(batch, name);
                flush(doubtful, name + "_undecided");
            }
        }

        /** With its large values, as far as they are there: a row is saved as a whole or not at all. */
        private Row row(StoredTable owner, byte[] data) {
            Row row = owner.row(data, reference -> sources.largeValue(owner.overflowFileId(), reference));
            @Nullable Object[] values = new @Nullable Object[row.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = row.get(i);
            }
            return Row.of(values);
        }

        private void flush(List<Row> some, String into) {
            if (some.isEmpty()) {
                return;
            }
            create(into);
            try (Transaction transaction = destination.begin()) {
                for (Row row : some) {
                    transaction.savepoint("row");
                    try {
                        transaction.table(into).insert(row);
                        transaction.release("row");
                    } catch (TransactionException e) {
                        transaction.rollbackTo("row");
                        lostRows++;
                        rows--;
                        listener.note("a row of \"" + into + "\" is refused: " + e.getMessage());
                    }
                }
                transaction.commit();
            }
            some.clear();
        }

        private void create(String tableName) {
            if (names.add(tableName)) {
                try (Transaction transaction = destination.begin()) {
                    transaction.createTable(tableName, table == null ? RAW : table.schema());
                    transaction.commit();
                }
            }
        }

        private String unused(String wanted) {
            return names.contains(wanted) ? wanted + "_" + fileId : wanted;
        }
    }
}
