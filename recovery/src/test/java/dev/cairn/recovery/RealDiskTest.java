package dev.cairn.recovery;

import static dev.cairn.recovery.StoreFixture.begin;
import static dev.cairn.recovery.StoreFixture.insert;
import static dev.cairn.recovery.StoreFixture.rows;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.storage.base.DirectoryInUseException;
import dev.cairn.storage.base.Environment;
import dev.cairn.storage.file.RealDisk;
import dev.cairn.txn.Xact;
import dev.cairn.wal.Durability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same on the real file system, with real threads. */
class RealDiskTest {

    @TempDir
    Path directory;

    private OpenedStore open(Path where) {
        OpenedStore store = Recovery.open(
                RealDisk.create(where), StoreFixture.OPTIONS, Environment.system(), RecoveryListener.SILENT);
        store.startBackground();
        return store;
    }

    @Test
    void cleanAndCrashed() throws IOException {
        Path live = directory.resolve("live");
        Path copy = Files.createDirectory(directory.resolve("copy"));
        int table;
        try (OpenedStore store = open(live)) {
            table = RecoveryTest.fill(store, 100);
        }
        try (OpenedStore store = open(live)) {
            assertTrue(store.report().clean());
            assertEquals(RecoveryTest.expected(100), rows(store, table));
            Xact xact = begin(store);
            insert(store, xact, table, "one more");
            xact.commit(Durability.SYNC);
            Xact open = begin(store);
            insert(store, open, table, "in flight");
            copyAll(live, copy);
            open.rollback(null);
        }
        try (OpenedStore recovered = open(copy)) {
            assertFalse(recovered.report().clean());
            List<String> found = rows(recovered, table);
            assertEquals(101, found.size());
            assertEquals("one more", found.get(100));
        }
    }

    /** A spare segment that the log is just preparing changes its name: then it is empty and no loss. */
    private static void copyAll(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (!name.equals("wal-new")) {
                    Files.copy(file, to.resolve(name));
                }
            }
        }
    }

    @Test
    void anInterruptDisturbsNeitherOpeningNorClosing() {
        for (int round = 0; round < 3; round++) {
            Thread.currentThread().interrupt();
            OpenedStore store = open(directory);
            assertTrue(Thread.currentThread().isInterrupted());
            store.checkpointer().checkpoint();
            store.close();
            assertTrue(Thread.interrupted());
        }
    }

    @Test
    void theDirectoryIsOpenOnce() throws IOException {
        Path link = directory.resolve("link");
        Path real = Files.createDirectory(directory.resolve("real"));
        Files.createSymbolicLink(link, real);
        try (OpenedStore store = open(real)) {
            assertThrows(DirectoryInUseException.class, () -> open(real));
            assertThrows(DirectoryInUseException.class, () -> open(link));
            assertFalse(store.health().isFailed());
        }
        open(link).close();
    }
}
