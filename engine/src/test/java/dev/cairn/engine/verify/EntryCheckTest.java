package dev.cairn.engine.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.engine.ColumnType;
import dev.cairn.engine.Database;
import dev.cairn.engine.DatabaseOptions;
import dev.cairn.engine.Index;
import dev.cairn.engine.Row;
import dev.cairn.engine.Schema;
import dev.cairn.engine.Table;
import dev.cairn.engine.Transaction;
import dev.cairn.recovery.ControlFile;
import dev.cairn.storage.base.Environment;
import dev.cairn.storage.btree.BTreePage;
import dev.cairn.storage.btree.KeyCodec;
import dev.cairn.storage.cache.FileTable;
import dev.cairn.storage.heap.HeapPage;
import dev.cairn.storage.heap.RowIds;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.page.PageChecks;
import dev.cairn.storage.testing.MemoryDisk;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pages whose checksums hold and that are sound by themselves, but do not fit each other. */
class EntryCheckTest {

    private static final int PAGE = 512;
    private static final int ROWS = 120;
    private static final DatabaseOptions OPTIONS = DatabaseOptions.builder()
            .pageSize(PAGE)
            .cacheBytes(64 * PAGE)
            .segmentBytes(16 << 10)
            .walBufferBytes(8 * PAGE)
            .growthBytes(8 * PAGE)
            .build();
    private static final String TABLE = FileTable.fileName(2);
    private static final String UNIQUE = FileTable.fileName(4);
    private static final String OTHER = FileTable.fileName(5);
    /** The first row, which was updated and deleted, has two entries; then come rows that are there. */
    private static final int LIVE = 2;
    /** Of the first column of a row: two bytes of count and one of nulls come before it. */
    private static final int FIRST_COLUMN = 3;

    private Map<String, byte[]> image = Map.of();
    private final List<Finding> findings = new ArrayList<>();

    @BeforeEach
    void write() {
        MemoryDisk disk = new MemoryDisk();
        try (Database database = Database.open(disk, OPTIONS, Environment.system())) {
            try (Transaction transaction = database.begin()) {
                transaction.createTable(
                        "t",
                        Schema.builder()
                                .column("id", ColumnType.BIGINT)
                                .column("name", ColumnType.TEXT)
                                .build());
                transaction.createIndex("t", Index.of("t_id", true, "id"));
                transaction.createIndex("t", Index.of("t_name", false, "name"));
                Table table = transaction.table("t");
                for (long id = 0; id < ROWS; id++) {
                    table.insert(Row.of(id, "row " + id % 7));
                    transaction.savepoint("undone");
                    table.insert(Row.of(id + ROWS, "never"));
                    transaction.rollbackTo("undone");
                }
                transaction.commit();
            }
            try (Transaction transaction = database.begin()) {
                transaction.table("t").update(row -> row.getLong("id") % 5 == 0, row -> row.with("name", "changed"));
                transaction.table("t").delete(row -> row.getLong("id") % 11 == 0);
                transaction.commit();
            }
        }
        image = disk.image();
    }

    private long check() {
        findings.clear();
        return DirectoryCheck.run(MemoryDisk.of(image), Environment.system(), findings::add)
                .errors();
    }

    private void edit(String file, int pageNo, Consumer<PageBuffer> change) {
        PageBuffer page = page(file, pageNo);
        change.accept(page);
        ByteBuffer bytes = ByteBuffer.allocate(PAGE).order(ByteOrder.LITTLE_ENDIAN);
        page.writeTo(bytes);
        bytes.clear();
        try (ControlFile control = ControlFile.open(MemoryDisk.of(image))) {
            new PageChecks(control.current().databaseId().seed()).seal(bytes);
        }
        System.arraycopy(bytes.array(), 0, image.get(file), pageNo * PAGE, PAGE);
    }

    private PageBuffer page(String file, int pageNo) {
        PageBuffer page = PageBuffer.allocate(PAGE);
        byte[] bytes = Arrays.copyOfRange(image.get(file), pageNo * PAGE, (pageNo + 1) * PAGE);
        page.readFrom(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
        return page;
    }

    /** The leftmost leaf of an index. */
    private int leaf(String file) {
        int pageNo = BTreePage.ROOT;
        PageBuffer page = page(file, pageNo);
        while (BTreePage.level(page) > 0) {
            pageNo = BTreePage.child(page, 0);
            page = page(file, pageNo);
        }
        return pageNo;
    }

    private void expect(String start, String text) {
        assertTrue(
                findings.stream()
                        .map(Finding::toString)
                        .anyMatch(finding -> finding.startsWith(start) && finding.contains(text)),
                () -> "expected " + start + ": … " + text + ", found " + findings);
    }

    @Test
    void indexesThatFitAreClean() {
        assertEquals(0, check(), findings::toString);
        assertTrue(BTreePage.level(page(UNIQUE, BTreePage.ROOT)) > 0, "the tree has levels");
    }

    @Test
    void aRowWithoutAnEntryIsNamed() {
        int leaf = leaf(UNIQUE);
        long rowId = KeyCodec.rowIdOf(BTreePage.key(page(UNIQUE, leaf), LIVE));
        edit(UNIQUE, leaf, page -> BTreePage.remove(page, new int[] {LIVE}));
        assertEquals(1, check(), findings::toString);
        expect(
                "error " + TABLE + " page " + RowIds.page(rowId) + " slot " + RowIds.slot(rowId),
                "index \"t_id\" has no entry that leads to the row");
    }

    @Test
    void anEntryWithoutARowIsNamed() {
        int leaf = leaf(UNIQUE);
        long rowId = KeyCodec.rowIdOf(BTreePage.key(page(UNIQUE, leaf), 0));
        edit(TABLE, RowIds.page(rowId), page -> HeapPage.remove(page, new int[] {RowIds.slot(rowId)}));
        assertEquals(2, check(), findings::toString);
        expect("error " + UNIQUE + " page " + leaf + " slot 0", "where there is no row version");
        expect("error " + OTHER, "where there is no row version");
    }

    @Test
    void anEntryOfAnotherKeyIsNamed() {
        int leaf = leaf(UNIQUE);
        long rowId = KeyCodec.rowIdOf(BTreePage.key(page(UNIQUE, leaf), 2));
        edit(TABLE, RowIds.page(rowId), page -> changeId(page, RowIds.slot(rowId), 77_777));
        assertEquals(2, check(), findings::toString);
        expect("error " + UNIQUE + " page " + leaf + " slot 2", "which has another key");
        expect("error " + TABLE, "index \"t_id\" has no entry");
    }

    @Test
    void aKeyThatMustBeUniqueAndIsNotIsNamed() {
        int leaf = leaf(UNIQUE);
        byte[] first = BTreePage.key(page(UNIQUE, leaf), LIVE);
        byte[] second = BTreePage.key(page(UNIQUE, leaf), LIVE + 1);
        long rowId = KeyCodec.rowIdOf(second);
        byte[] twin = first.clone();
        int idAt = first.length - KeyCodec.ROW_ID_BYTES;
        System.arraycopy(second, idAt, twin, idAt, KeyCodec.ROW_ID_BYTES);
        edit(UNIQUE, leaf, page -> {
            BTreePage.remove(page, new int[] {LIVE + 1});
            BTreePage.insert(page, LIVE + 1, twin, 0);
        });
        long firstId = StoredId.of(page(TABLE, RowIds.page(KeyCodec.rowIdOf(first))), first);
        edit(TABLE, RowIds.page(rowId), page -> changeId(page, RowIds.slot(rowId), firstId));
        assertEquals(1, check(), findings::toString);
        expect("error " + UNIQUE + " page " + leaf + " slot " + (LIVE + 1), "must be unique");
    }

    @Test
    void anEntryThatLeadsOutOfTheTableIsNamed() {
        int leaf = leaf(OTHER);
        byte[] last = BTreePage.key(page(OTHER, leaf), 0);
        byte[] away = Arrays.copyOf(last, last.length - KeyCodec.ROW_ID_BYTES);
        byte[] id = new KeyCodec().putRowId(RowIds.of(0, 3)).toBytes();
        byte[] entry = Arrays.copyOf(away, last.length);
        System.arraycopy(id, 0, entry, away.length, id.length);
        edit(OTHER, leaf, page -> BTreePage.insert(page, 0, entry, 0));
        assertEquals(1, check(), findings::toString);
        expect("error " + OTHER + " page " + leaf + " slot 0", "leads to pages 1 to ");
    }

    @Test
    void aTreeThatIsNoneIsNamed() {
        int leaf = leaf(UNIQUE);
        edit(UNIQUE, leaf, page -> BTreePage.setDownlink(page, false));
        assertEquals(1, check(), findings::toString);
        expect("error " + UNIQUE + " page " + leaf, "the level above leads to it");
    }

    @Test
    void aDamagedIndexIsNotComparedWithItsTable() {
        image.get(UNIQUE)[PAGE + 300] ^= 1;
        assertEquals(1, check(), findings::toString);
        expect("note " + UNIQUE, "not compared");
    }

    private static void changeId(PageBuffer page, int slot, long id) {
        page.putLong(StoredId.at(page, slot), id);
    }

    /** A row's first column. */
    private static final class StoredId {
        private StoredId() {}

        static int at(PageBuffer page, int slot) {
            byte[] data = HeapPage.data(page, slot);
            for (int at = 0; at + data.length <= page.size(); at++) {
                byte[] there = new byte[data.length];
                page.get(at, there, 0, there.length);
                if (Arrays.equals(there, data)) {
                    return at + FIRST_COLUMN;
                }
            }
            throw new IllegalStateException("no such row");
        }

        static long of(PageBuffer page, byte[] entry) {
            return page.getLong(at(page, RowIds.slot(KeyCodec.rowIdOf(entry))));
        }
    }
}
