package dev.cairn.engine.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.engine.ColumnType;
import dev.cairn.engine.Database;
import dev.cairn.engine.DatabaseOptions;
import dev.cairn.engine.Row;
import dev.cairn.engine.Schema;
import dev.cairn.engine.Table;
import dev.cairn.engine.Transaction;
import dev.cairn.engine.verify.DirectoryCheck.Result;
import dev.cairn.engine.verify.DirectoryCheck.Verdict;
import dev.cairn.recovery.ControlFile;
import dev.cairn.storage.base.Environment;
import dev.cairn.storage.cache.FileTable;
import dev.cairn.storage.page.PageChecks;
import dev.cairn.storage.testing.MemoryDisk;
import dev.cairn.txn.TransactionStatus;
import dev.cairn.wal.segment.SegmentNames;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DirectoryCheckTest {

    private static final int PAGE = 512;
    private static final DatabaseOptions OPTIONS = DatabaseOptions.builder()
            .pageSize(PAGE)
            .cacheBytes(64 * PAGE)
            .segmentBytes(16 << 10)
            .walBufferBytes(8 * PAGE)
            .growthBytes(8 * PAGE)
            .build();
    private static final Schema SCHEMA = Schema.builder()
            .column("id", ColumnType.BIGINT)
            .column("name", ColumnType.TEXT)
            .build();
    /** Of the table that the tests make. */
    private static final String TABLE_FILE = FileTable.fileName(2);

    private final MemoryDisk disk = new MemoryDisk();
    private Map<String, byte[]> open = Map.of();
    private Map<String, byte[]> closed = Map.of();

    @BeforeEach
    void write() {
        try (Database database = Database.open(disk, OPTIONS, Environment.system())) {
            try (Transaction transaction = database.begin()) {
                transaction.createTable("t", SCHEMA);
                transaction.commit();
            }
            for (long id = 0; id < 150; id++) {
                try (Transaction transaction = database.begin()) {
                    Table table = transaction.table("t");
                    table.insert(Row.of(id, "row " + id));
                    transaction.savepoint("undone");
                    table.insert(Row.of(-id, "never"));
                    transaction.rollbackTo("undone");
                    if (id % 3 == 0) {
                        long changed = id / 2;
                        table.update(row -> row.getLong("id") == changed, row -> row.with("name", "changed"));
                    }
                    transaction.commit();
                }
            }
            open = disk.image();
        }
        closed = disk.image();
    }

    private final List<Finding> findings = new ArrayList<>();

    private Result check(Map<String, byte[]> image) {
        findings.clear();
        MemoryDisk judged = MemoryDisk.of(image);
        Result result = DirectoryCheck.run(judged, Environment.system(), findings::add);
        assertEquals(0, judged.operations(), "nothing was written");
        return result;
    }

    /** Flips a bit and expects an error there. */
    private void expectError(Map<String, byte[]> image, String file, int at, String where) {
        image.get(file)[at] ^= 4;
        Result result = check(image);
        assertEquals(Verdict.DAMAGED, result.verdict());
        assertTrue(
                findings.stream()
                        .anyMatch(finding -> finding.error()
                                && finding.toString().startsWith("error " + file)
                                && finding.toString().contains(where)),
                () -> file + " at " + at + ": " + findings);
        image.get(file)[at] ^= 4;
    }

    @Test
    void whatWasClosedIsClean() {
        Result result = check(closed);
        assertEquals(List.of(), findings);
        assertEquals(Verdict.CLEAN, result.verdict());
        assertTrue(result.redone());
        assertTrue(result.pages() > 30, () -> result.toString());
    }

    @Test
    void whatACrashLeftIsClean() {
        Result result = check(open);
        assertEquals(List.of(), findings);
        assertEquals(Verdict.CLEAN, result.verdict());
    }

    @Test
    void aPageIsNamedWithItsPlace() {
        for (int page = 0; page < 5; page++) {
            expectError(closed, TABLE_FILE, page * PAGE + 200, "page " + page);
        }
        expectError(closed, FileTable.fileName(1), PAGE + 100, "page 1");
        expectError(closed, TransactionStatus.FILE_NAME, 300, "page 0");
    }

    @Test
    void manyFaultsAreAllFound() {
        for (int page = 1; page < 6; page++) {
            closed.get(TABLE_FILE)[page * PAGE + 60] ^= 1;
        }
        assertEquals(5, check(closed).errors());
    }

    @Test
    void bothSlotsAndWhatLiesBetweenAreJudged() {
        expectError(closed, ControlFile.NAME, 20, "slot 0");
        expectError(closed, ControlFile.NAME, ControlFile.SLOT_DISTANCE + 4000, "slot 1");
        expectError(closed, ControlFile.NAME, 5000, "between the slots");
    }

    /** Also log that nobody needs any more; what lies behind the damage is read on. */
    @Test
    void everySegmentOfTheLogIsRead() {
        String oldest = SegmentNames.of(SegmentNames.segments(disk).get(0));
        closed.get(oldest)[3000] ^= 1;
        Result result = check(closed);
        assertEquals(1, result.errors(), findings::toString);
        assertTrue(findings.get(0).toString().startsWith("error " + oldest + " at "), findings::toString);
        assertTrue(findings.get(1).toString().contains("skipped"), findings::toString);
        closed.get(oldest)[3000] ^= 1;
        expectError(closed, oldest, 10, "");
    }

    /** The checksum is right, the contents are not. */
    @Test
    void aSealedPageThatMakesNoSenseIsFound() {
        byte[] bytes = closed.get(TABLE_FILE);
        ByteBuffer page =
                ByteBuffer.wrap(Arrays.copyOfRange(bytes, PAGE, 2 * PAGE)).order(ByteOrder.LITTLE_ENDIAN);
        int tuple = page.getShort(48);
        page.putInt(tuple, 1_000_000);
        seal(page);
        System.arraycopy(page.array(), 0, bytes, PAGE, PAGE);
        assertEquals(1, check(closed).errors(), findings::toString);
        assertTrue(
                findings.get(0).toString().startsWith("error " + TABLE_FILE + " page 1 slot 0: expected "),
                () -> "" + findings);
    }

    private void seal(ByteBuffer page) {
        try (ControlFile control = ControlFile.open(MemoryDisk.of(closed))) {
            new PageChecks(control.current().databaseId().seed()).seal(page);
        }
    }

    @Test
    void aTablesMissingFileIsFound() {
        closed.remove(TABLE_FILE);
        Result result = check(closed);
        assertEquals(Verdict.DAMAGED, result.verdict());
        assertTrue(findings.toString().contains("the file of table \"t\" is missing"), findings::toString);
    }

    @Test
    void withoutTheLogPagesAreJudgedAsTheyLie() {
        String newest = SegmentNames.of(
                SegmentNames.segments(disk).get(SegmentNames.segments(disk).size() - 1));
        closed.remove(newest);
        closed.get(TABLE_FILE)[PAGE + 60] ^= 1;
        Result result = check(closed);
        assertEquals(Verdict.DAMAGED, result.verdict());
        assertTrue(findings.toString().contains("error " + TABLE_FILE + " page 1"), findings::toString);
    }

    @Test
    void withoutAControlFileThereIsDamageOrNothing() {
        closed.remove(ControlFile.NAME);
        assertEquals(Verdict.DAMAGED, check(closed).verdict());
        assertEquals(Verdict.UNREADABLE, check(Map.of("notes.txt", new byte[3])).verdict());
    }
}
