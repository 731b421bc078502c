package dev.cairn.engine;

import static dev.cairn.engine.TestTables.rows;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.engine.TestTables.Other;
import dev.cairn.storage.base.TransactionException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Interrupts at any moment: the interrupted call finishes or fails, everything else goes on, and nothing is lost. */
class InterruptTest {

    private static final int WRITERS = 3;
    private static final int COMMITS = 60;

    @TempDir
    Path directory;

    @Test
    void writersUnderAStormOfInterruptsLoseNothingAndBreakNothing() throws Throwable {
        AtomicLong committed = new AtomicLong();
        AtomicLong interrupted = new AtomicLong();
        DatabaseOptions tiny = DatabaseOptions.builder()
                .pageSize(1024)
                .cacheBytes(32 << 10)
                .segmentBytes(64 << 10)
                .checkpointBytes(64 << 10)
                .growthBytes(4096)
                .build();
        try (Database db = Database.open(directory, tiny)) {
            TestTables.create(db);
            TestTables.committed(db, 0, 0);
            List<Other> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                long writer = i + 1;
                writers.add(new Other(() -> write(db, writer, committed, interrupted)));
            }
            AtomicBoolean over = new AtomicBoolean();
            Other storm = new Other(() -> {
                while (!over.get()) {
                    writers.forEach(writer -> writer.thread().interrupt());
                    // A bystander whom no interrupt disturbs.
                    assertTrue(rows(db).size() > 0);
                }
                return null;
            });
            for (Other writer : writers) {
                writer.get();
            }
            over.set(true);
            storm.get();
            assertEquals(WRITERS * COMMITS, committed.get());
            check(db, committed.get());
        }
        try (Database db = Database.open(directory, tiny)) {
            check(db, committed.get());
        }
    }

    private static void check(Database db, long commits) {
        List<String> rows = rows(db);
        assertEquals(commits + 1, rows.size());
        assertTrue(rows.contains("0=" + commits), () -> "the counter must be " + commits);
    }

    /** Each commit adds a row and counts on a row that all writers fight for. */
    private static Object write(Database db, long writer, AtomicLong committed, AtomicLong interrupted) {
        for (long n = 0; n < COMMITS; ) {
            try (Transaction tx = db.begin()) {
                TestTables.put(tx, writer * 1_000_000 + n, n);
                tx.savepoint("undone");
                TestTables.put(tx, -writer, n);
                tx.rollbackTo("undone");
                TestTables.add(tx, 0, 1);
                tx.commit();
                committed.incrementAndGet();
                n++;
            } catch (TransactionException e) {
                assertEquals("57014", e.sqlState());
                assertTrue(Thread.interrupted(), "the flag stays set");
                interrupted.incrementAndGet();
            }
        }
        return null;
    }
}
