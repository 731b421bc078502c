package dev.cairn.engine.verify;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.engine.ColumnType;
import dev.cairn.engine.Database;
import dev.cairn.engine.DatabaseOptions;
import dev.cairn.engine.KeyRange;
import dev.cairn.engine.Row;
import dev.cairn.engine.Scan;
import dev.cairn.engine.Schema;
import dev.cairn.engine.Table;
import dev.cairn.engine.Transaction;
import dev.cairn.engine.salvage.Salvage;
import dev.cairn.engine.salvage.SalvageListener;
import dev.cairn.recovery.ControlFile;
import dev.cairn.storage.base.Environment;
import dev.cairn.storage.cache.FileTable;
import dev.cairn.storage.overflow.OverflowPage;
import dev.cairn.storage.overflow.OverflowReference;
import dev.cairn.storage.page.PageChecks;
import dev.cairn.storage.page.PageHeader;
import dev.cairn.storage.page.PageKind;
import dev.cairn.storage.testing.MemoryDisk;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What verify says of large values that are damaged, lost, or nobody's, and what salvage saves of the rest. */
class LargeValueDamageTest {

    private static final int PAGE = 512;
    private static final long ROWS = 8;
    private static final long DELETED = 3;
    private static final DatabaseOptions OPTIONS = DatabaseOptions.builder()
            .pageSize(PAGE)
            .cacheBytes(64 * PAGE)
            .segmentBytes(16 << 10)
            .walBufferBytes(8 * PAGE)
            .growthBytes(8 * PAGE)
            .build();
    private static final Schema SCHEMA = Schema.builder()
            .column("id", ColumnType.BIGINT)
            .column("body", ColumnType.BYTEA)
            .primaryKey("id")
            .build();

    private final MemoryDisk disk = new MemoryDisk();
    private Map<String, byte[]> closed = Map.of();

    /** A plain value of three pages; for every other row one that packs into two. */
    private static byte[] body(long id) {
        byte[] body = new byte[1_200];
        new Random(id).nextBytes(body);
        if (id % 2 == 0) {
            System.arraycopy(body, 0, body, 600, 600);
        }
        return body;
    }

    @BeforeEach
    void write() {
        try (Database database = Database.open(disk, OPTIONS, Environment.system())) {
            try (Transaction tx = database.begin()) {
                Table table = tx.createTable("t", SCHEMA);
                for (long id = 0; id < ROWS; id++) {
                    table.insert(Row.of(id, body(id)));
                }
                tx.savepoint("s");
                table.insert(Row.of(100L, body(100)));
                tx.rollbackTo("s");
                tx.commit();
            }
            try (Transaction tx = database.begin()) {
                tx.table("t").delete(row -> row.getLong("id") == DELETED);
                tx.commit();
            }
        }
        closed = disk.image();
    }

    private List<String> errors() {
        List<String> errors = new ArrayList<>();
        DirectoryCheck.run(MemoryDisk.of(closed), Environment.system(), finding -> {
            if (finding.error()) {
                errors.add(finding.toString());
            }
        });
        return errors;
    }

    private void expect(String error) {
        List<String> errors = errors();
        assertTrue(errors.stream().anyMatch(text -> text.contains(error)), () -> error + ": " + errors);
    }

    private interface Pages {
        void page(String file, int pageNo, ByteBuffer page);
    }

    /** Shows all pages of a kind, and puts back under a right checksum what was changed. */
    private void pages(PageKind kind, Pages visitor) {
        PageChecks checks;
        try (ControlFile control = ControlFile.open(MemoryDisk.of(closed))) {
            checks = new PageChecks(control.current().databaseId().seed());
        }
        for (String name : new TreeSet<>(closed.keySet())) {
            byte[] bytes = closed.get(name);
            for (int at = PAGE; FileTable.fileIdOf(name) > 0 && at < bytes.length; at += PAGE) {
                ByteBuffer page = ByteBuffer.wrap(Arrays.copyOfRange(bytes, at, at + PAGE))
                        .order(ByteOrder.LITTLE_ENDIAN);
                if (page.get(PageHeader.LAYOUT.offset("kind")) == kind.code()) {
                    visitor.page(name, at / PAGE, page);
                    checks.seal(page);
                    System.arraycopy(page.array(), 0, bytes, at, PAGE);
                }
            }
        }
    }

    private static int at(String field) {
        return OverflowPage.LAYOUT.offset(field);
    }

    /** The first pages, by the order in which the rows were written; the one that was rolled back is the last. */
    private void firstPage(long number, Consumer<ByteBuffer> change) {
        pages(PageKind.OVERFLOW, (file, pageNo, page) -> {
            boolean first = page.getInt(at("length")) > 0;
            if (first && page.getInt(at("value")) == number + 1) {
                change.accept(page);
            }
        });
    }

    @Test
    void whatIsSoundIsClean() {
        assertEquals(List.of(), errors());
    }

    /** Also one of a value that was deleted: once that ended the verification with a word about no place at all. */
    @Test
    void aPageOfAValueIsNamed() {
        List<String> places = new ArrayList<>();
        pages(PageKind.OVERFLOW, (file, pageNo, page) -> places.add(file + " page " + pageNo));
        assertTrue(places.size() > 2 * ROWS, places::toString);
        for (String place : places) {
            String[] words = place.split(" ", -1);
            int at = Integer.parseInt(words[2]) * PAGE + 200;
            closed.get(words[0])[at] ^= 1;
            expect("error " + place + ": ");
            closed.get(words[0])[at] ^= 1;
        }
        assertEquals(List.of(), errors());
    }

    @Test
    void aValueThatGoesInACircleOrIsCutOffIsFound() {
        firstPage(1, page -> page.putInt(at("next"), page.getInt(PageHeader.LAYOUT.offset("pageNo"))));
        expect("expected page 1 of value 2 of transaction");
        firstPage(1, page -> page.putInt(at("next"), 0));
        expect("expected 1200 bytes on the value's pages, found 424");
    }

    @Test
    void aRowWhoseValueWasDeletedOrFreedIsFound() {
        long[] deleter = new long[1];
        firstPage(DELETED, page -> deleter[0] = page.getLong(at("deleter")));
        assertTrue(deleter[0] > 0);
        firstPage(1, page -> page.putLong(at("deleter"), deleter[0]));
        expect("was deleted by transaction " + deleter[0] + ", it was not");
        firstPage(1, page -> {
            Arrays.fill(page.array(), PageHeader.BYTES, PAGE, (byte) 0);
            page.putShort(PageHeader.LAYOUT.offset("lower"), (short) OverflowPage.DATA);
        });
        expect("found a free page");
    }

    /** Nobody would ever give its pages back. */
    @Test
    void aValueThatNoRowRefersToIsFound() {
        firstPage(DELETED, page -> page.putLong(at("deleter"), 0));
        expect("expected a row of table \"t\" that refers to its value, found none; so on 3 pages");
    }

    @Test
    void aValueOfTwoRowsIsFound() {
        List<byte[]> references = new ArrayList<>();
        for (long row : new long[] {1, 5}) {
            firstPage(row, page -> {
                ByteBuffer reference =
                        ByteBuffer.allocate(OverflowReference.BYTES).order(ByteOrder.LITTLE_ENDIAN);
                new OverflowReference(
                                page.getInt(PageHeader.LAYOUT.offset("pageNo")),
                                page.getLong(at("creator")),
                                page.getInt(at("value")),
                                page.getInt(at("length")))
                        .put(reference);
                references.add(reference.array());
            });
        }
        int[] replaced = new int[1];
        pages(PageKind.HEAP, (file, pageNo, page) -> {
            for (int at = PageHeader.BYTES; at + OverflowReference.BYTES <= PAGE; at++) {
                if (Arrays.equals(page.array(), at, at + OverflowReference.BYTES, references.get(1), 0, 20)) {
                    page.put(at, references.get(0));
                    replaced[0]++;
                }
            }
        });
        assertEquals(1, replaced[0]);
        expect("expected it to belong to one row, found a second one");
        expect("that refers to its value, found none");
    }

    private final List<String> notes = new ArrayList<>();

    private Salvage.Result salvage(Database destination) {
        return Salvage.run(MemoryDisk.of(closed), destination, Environment.system(), new SalvageListener() {
            @Override
            public void note(String text) {
                notes.add(text);
            }

            @Override
            public void table(TableOutcome outcome) {}
        });
    }

    private static void expectRows(Database database, List<Long> ids) {
        try (Transaction tx = database.begin()) {
            List<Long> found = new ArrayList<>();
            try (Scan scan = tx.table("t").scan(KeyRange.all("t_pkey"))) {
                while (scan.hasNext()) {
                    Row row = scan.next();
                    found.add(row.getLong("id"));
                    assertArrayEquals(body(row.getLong("id")), (byte[]) row.get("body"));
                }
            }
            assertEquals(ids, found);
            tx.table("t").verifyIndexes();
        }
    }

    @Test
    void whatIsSoundIsSavedWholeWithItsIndex() {
        try (Database saved = Database.open(new MemoryDisk(), OPTIONS, Environment.system())) {
            Salvage.Result result = salvage(saved);
            assertTrue(result.complete(), notes::toString);
            expectRows(saved, List.of(0L, 1L, 2L, 4L, 5L, 6L, 7L));
        }
    }

    /** A row is saved with all its values or not at all. */
    @Test
    void aDamagedValueTakesOnlyItsRow() {
        firstPage(4, page -> page.putInt(at("next"), 0));
        pages(PageKind.OVERFLOW, (file, pageNo, page) -> {
            if (page.getInt(at("value")) == 7 && page.getInt(at("index")) == 1) {
                page.putInt(at("value"), 9_999);
            }
        });
        try (Database saved = Database.open(new MemoryDisk(), OPTIONS, Environment.system())) {
            Salvage.Result result = salvage(saved);
            assertFalse(result.complete());
            assertEquals(2, result.lostRows(), notes::toString);
            assertEquals(5, result.rows());
            expectRows(saved, List.of(0L, 1L, 2L, 5L, 7L));
        }
    }
}
