package dev.cairn.recovery;

import static dev.cairn.recovery.StoreFixture.begin;
import static dev.cairn.recovery.StoreFixture.createFile;
import static dev.cairn.recovery.StoreFixture.delete;
import static dev.cairn.recovery.StoreFixture.insert;
import static dev.cairn.recovery.StoreFixture.open;
import static dev.cairn.recovery.StoreFixture.update;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.storage.base.EngineFailedException;
import dev.cairn.storage.testing.MemoryDisk;
import dev.cairn.txn.Xact;
import dev.cairn.wal.Durability;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * A slice of the crash campaigns that is always the same and takes no two seconds: a loss of power before each change that a
 * short life of a database makes, its creation included. Of what was not synced everything is lost, or each sector and name
 * has some state it had. The campaigns proper are in the module fuzz.
 */
class CrashSliceTest {

    private static final int TRANSACTIONS = 6;

    /** What the workload was told. */
    private static final class Told {
        final List<String> acknowledged = new ArrayList<>();
        String inFlight = "";
    }

    @Test
    void i2_i7_losingEverythingUnsynced() {
        crashEverywhere(disk -> disk.crashLosingAll());
    }

    @Test
    void i2_i7_losingSomeOfIt() {
        Random choices = new Random(20_261_121);
        crashEverywhere(disk -> disk.crash(choices));
    }

    private interface Crash {
        MemoryDisk left(MemoryDisk disk);
    }

    private static void crashEverywhere(Crash crash) {
        MemoryDisk whole = new MemoryDisk();
        live(whole, new Told());
        for (long at = 0; at < whole.operations(); at++) {
            MemoryDisk dying = new MemoryDisk();
            dying.failFrom(at);
            Told told = new Told();
            boolean died = false;
            try {
                live(dying, told);
            } catch (EngineFailedException e) {
                died = true;
            }
            assertTrue(died, "change " + at + " was never asked for");
            MemoryDisk left = crash.left(dying);
            List<String> found = recover(left, told, "died before change " + at);
            // What recovery has shown is durable, and so is its own end: the second opening finds no more to do.
            MemoryDisk again = left.crashLosingAll();
            assertEquals(found, recover(again, told, "once more, died before change " + at));
        }
    }

    /** Opens, compares, works, closes cleanly. */
    private static List<String> recover(MemoryDisk disk, Told told, String where) {
        List<String> found;
        try (OpenedStore store = open(disk)) {
            int table = StoreFixture.firstTable(disk, store);
            found = table == 0 ? List.of() : StoreFixture.rows(store, table);
            List<String> next = new ArrayList<>(told.acknowledged);
            next.add(told.inFlight);
            assertTrue(
                    found.equals(told.acknowledged) || found.equals(next),
                    where + ": acknowledged " + told.acknowledged + ", in flight " + told.inFlight + ", found "
                            + found);
            assertFalse(store.health().isFailed());
        }
        return found;
    }

    private static void live(MemoryDisk disk, Told told) {
        try (OpenedStore store = open(disk)) {
            Xact first = begin(store);
            int table = createFile(store, first);
            first.commit(Durability.SYNC);
            for (int i = 0; i < TRANSACTIONS; i++) {
                Xact xact = begin(store);
                long kept = insert(store, xact, table, "kept " + i);
                long gone = insert(store, xact, table, "gone " + i);
                xact.savepoint("s");
                insert(store, xact, table, "never " + i);
                xact.rollbackTo("s");
                delete(store, xact, table, gone);
                xact.savepoint("t");
                update(store, xact, table, kept, "last " + i);
                xact.release("t");
                told.inFlight = "last " + i;
                xact.commit(Durability.SYNC);
                told.acknowledged.add("last " + i);
                if (i % 2 == 1) {
                    store.checkpointer().checkpoint();
                }
            }
        }
    }
}
