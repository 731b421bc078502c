package dev.cairn.engine;

import static dev.cairn.engine.TestTables.put;
import static dev.cairn.engine.TestTables.rows;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cairn.storage.base.EngineFailedException;
import dev.cairn.storage.base.Environment;
import dev.cairn.storage.base.InlineScheduler;
import dev.cairn.storage.base.SystemClock;
import dev.cairn.storage.testing.MemoryDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever has become of the engine and its transactions, closing gives the directory back. */
class CloseTest {

    private static final int OPEN = 1_000;

    @TempDir
    Path directory;

    /** The rollback of an open transaction once kept a failed engine from closing: nobody could open the database until the process was over. */
    @Test
    void aFailedEngineWithOpenTransactionsCloses() {
        Database db = Database.open(directory);
        TestTables.create(db);
        TestTables.committed(db, 1, 1);
        Transaction one = db.begin();
        Transaction other = db.begin();
        put(one, 2, 2);
        put(other, 3, 3);
        db.health().fail(new IOException("a test"));
        db.close();
        assertEquals(0, db.statistics().openTransactions());
        try (Database again = Database.open(directory)) {
            assertFalse(again.recoveryReport().clean());
            assertEquals(List.of("1=1"), rows(again));
        }
    }

    /** Their records do not all find room in the log's buffer, so one of the rollbacks has to wait for the disk. */
    @Test
    void aFailureUnderTheRollbacksIsTold() {
        MemoryDisk disk = new MemoryDisk();
        Database db = open(disk);
        TestTables.create(db);
        TestTables.committed(db, 1, 1);
        for (int i = 0; i < OPEN; i++) {
            put(db.begin(), 2, i);
        }
        disk.failFrom(disk.operations());
        assertThrows(EngineFailedException.class, db::close);
        assertEquals(0, db.statistics().openTransactions());
        assertEquals(0, disk.openFiles());
        db.close();
        disk.heal();
        try (Database again = open(disk)) {
            assertEquals(List.of("1=1"), rows(again));
        }
    }

    private static Database open(MemoryDisk disk) {
        DatabaseOptions options = DatabaseOptions.builder()
                .pageSize(512)
                .segmentBytes(16 << 10)
                .walBufferBytes(4096)
                .checkpointBytes(1 << 20)
                .growthBytes(4096)
                .build();
        return Database.open(
                disk, options, new Environment(new SystemClock(), new InlineScheduler(), new Random(1)::nextLong));
    }
}
