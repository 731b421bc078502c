package dev.cairn.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.storage.base.Environment;
import dev.cairn.storage.base.Health;
import dev.cairn.storage.file.Disk;
import dev.cairn.storage.file.RealDisk;
import dev.cairn.wal.DatabaseId;
import dev.cairn.wal.Durability;
import dev.cairn.wal.IncarnationId;
import dev.cairn.wal.LoggedRecord;
import dev.cairn.wal.WalOptions;
import dev.cairn.wal.WalReader;
import dev.cairn.wal.WalWriter;
import dev.cairn.wal.record.WalRecord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Transactions over the real log on a real disk, with real threads, and what redo makes of that log. */
class RealLogTest {

    private static final int THREADS = 4;
    private static final int TRANSACTIONS = 150;
    private static final DatabaseId DATABASE = new DatabaseId(11, 22);
    private static final IncarnationId LIFE = new IncarnationId(1, 33);
    private static final WalOptions OPTIONS = WalOptions.of(1 << 20, 64 << 10, Store.PAGE_SIZE);

    private final Environment environment = Environment.system();

    private TransactionSystem system(WalWriter wal, TransactionStatus status, Health health) {
        return new TransactionSystem(wal, status, environment, health, TransactionSettings.DEFAULT);
    }

    /** Id and whether it must be committed. */
    private void work(TransactionSystem system, int seed, Map<Long, Boolean> outcome) {
        for (int i = 0; i < TRANSACTIONS; i++) {
            Xact xact = system.begin(IsolationLevel.READ_COMMITTED, "worker " + seed);
            List<Long> kept = new ArrayList<>();
            List<Long> undone = new ArrayList<>();
            kept.add(xact.currentXid());
            for (int s = 0; s < 1 + (i + seed) % 20; s++) {
                xact.savepoint("s");
                long xid = xact.currentXid();
                if ((s + i) % 4 == 0) {
                    xact.rollbackTo("s");
                    undone.add(xid);
                } else {
                    kept.add(xid);
                }
                xact.release("s");
            }
            boolean commits = i % 7 != 3;
            undone.forEach(xid -> outcome.put(xid, false));
            kept.forEach(xid -> outcome.put(xid, commits));
            if (commits) {
                xact.commit(Durability.values()[i % 3]);
            } else {
                xact.rollback(null);
            }
        }
    }

    @Test
    void redoAndStatusFileAgreeWithWhatWasAcknowledged(@TempDir Path directory) throws Exception {
        Disk disk = new RealDisk(directory);
        Health health = new Health();
        Map<Long, Boolean> outcome = new ConcurrentHashMap<>();
        long redoPoint;
        long digest;
        long openXid;
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try (WalWriter wal = WalWriter.create(disk, OPTIONS, DATABASE, LIFE, environment, health);
                TransactionStatus status = TransactionStatus.create(disk, Store.PAGE_SIZE, DATABASE.seed())) {
            TransactionSystem system = system(wal, status, health);
            system.restoreAfterRecovery(XidAllocator.FIRST, wal.insertLsn());
            Xact open = system.begin(IsolationLevel.READ_COMMITTED, "never ends");
            openXid = open.currentXid();
            List<Future<?>> workers = new ArrayList<>();
            for (int t = 0; t < THREADS; t++) {
                int seed = t;
                workers.add(threads.submit(() -> work(system, seed, outcome)));
            }
            redoPoint = wal.beginCheckpoint(() -> system.checkpointBegin(1));
            digest = system.writeStatus(redoPoint, 0);
            for (Future<?> worker : workers) {
                worker.get();
            }
            assertEquals(List.of(open), system.open());
        } finally {
            threads.shutdownNow();
        }
        verifyRedo(disk, redoPoint, digest, openXid, outcome);
    }

    private void verifyRedo(Disk disk, long redoPoint, long digest, long openXid, Map<Long, Boolean> outcome) {
        Health health = new Health();
        try (TransactionStatus status =
                        TransactionStatus.open(disk, Store.PAGE_SIZE, DATABASE.seed(), redoPoint, digest);
                WalReader reader = WalReader.from(disk, OPTIONS, DATABASE, redoPoint, LIFE)) {
            long nextXid = XidAllocator.FIRST;
            boolean begun = false;
            List<LoggedRecord> commits = new ArrayList<>();
            for (LoggedRecord logged = reader.next(); logged != null; logged = reader.next()) {
                nextXid = Math.max(nextXid, logged.xid() + 1);
                if (logged.record() instanceof WalRecord.CheckpointBegin begin) {
                    begun = true;
                    nextXid = Math.max(nextXid, begin.nextXid());
                    assertEquals(redoPoint, logged.start());
                    assertEquals(openXid, begin.activeXids()[0]);
                } else if (logged.record() instanceof WalRecord.Commit) {
                    commits.add(logged);
                }
            }
            assertTrue(begun);
            try (WalWriter wal = WalWriter.open(
                    disk, OPTIONS, DATABASE, reader.end(), new IncarnationId(2, 44), redoPoint, environment, health)) {
                TransactionSystem system = system(wal, status, health);
                for (LoggedRecord commit : commits) {
                    system.redoCommit(commit.xid(), ((WalRecord.Commit) commit.record()).runs());
                }
                system.restoreAfterRecovery(nextXid, wal.insertLsn());
                assertFalse(status.isCommitted(openXid));
                outcome.forEach((xid, committed) -> assertEquals(committed, status.isCommitted(xid), "id " + xid));
                Xact after = system.begin(IsolationLevel.READ_COMMITTED, "");
                assertTrue(outcome.keySet().stream().allMatch(xid -> xid < after.currentXid()));
                after.commit(Durability.SYNC);
            }
        }
    }
}
