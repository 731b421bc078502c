package dev.cairn.txn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.storage.base.CorruptionException;
import dev.cairn.storage.base.DiskFullException;
import dev.cairn.storage.base.Health;
import dev.cairn.storage.base.InlineScheduler;
import dev.cairn.storage.file.DiskFile;
import dev.cairn.storage.file.OpenMode;
import dev.cairn.storage.testing.MemoryDisk;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class TransactionStatusTest {

    private static final int PAGE = Store.PAGE_SIZE;
    /** Ids on a page of 512 bytes. */
    private static final int IDS = 56 * 32;

    private final MemoryDisk disk = new MemoryDisk();
    private final FakeLog log = new FakeLog(new InlineScheduler(), new Health());

    private TransactionStatus create() {
        return TransactionStatus.create(disk, PAGE, Store.SEED);
    }

    private TransactionStatus open(long redoPoint, long digest) {
        return TransactionStatus.open(disk, PAGE, Store.SEED, redoPoint, digest);
    }

    /** Flips a byte of a page of the file. */
    private void damage(int filePage) {
        disk.damage(TransactionStatus.FILE_NAME, filePage * PAGE + 100);
    }

    @Test
    void whatACheckpointWroteIsThereAgain() {
        TransactionStatus status = create();
        assertEquals(TransactionStatus.emptyDigest(), status.writeForCheckpoint(5, 0, log));
        status.commit(3, 1);
        status.abort(4, 1);
        status.commit(IDS - 2, 5);
        status.commit(10L * IDS, 3L * IDS);
        long digest = status.writeForCheckpoint(10, 5, log);
        status.commit(5, 1);
        status.close();
        TransactionStatus again = open(10, digest);
        assertTrue(again.isCommitted(3));
        assertFalse(again.isCommitted(4));
        assertTrue(again.isFinal(4));
        assertFalse(again.isFinal(5));
        for (long xid = IDS - 2; xid < IDS + 3; xid++) {
            assertTrue(again.isCommitted(xid));
        }
        assertFalse(again.isFinal(10L * IDS - 1));
        assertTrue(again.isCommitted(10L * IDS));
        assertTrue(again.isCommitted(13L * IDS - 1));
        assertFalse(again.isFinal(13L * IDS));
        assertEquals(digest, again.writeForCheckpoint(20, 10, log));
    }

    @Test
    void theLogIsDurableFirst() {
        TransactionStatus status = create();
        status.commit(3, 1);
        log.append(3, new dev.cairn.wal.record.WalRecord.Abort(1, null));
        long end = log.insertLsn();
        status.writeForCheckpoint(10, 0, log);
        assertTrue(log.durableLsn() >= end);
    }

    @Test
    void anUnfinishedCheckpointLeavesTheFormerIntact() {
        TransactionStatus status = create();
        status.commit(3, 1);
        long first = status.writeForCheckpoint(10, 0, log);
        status.commit(4, 1);
        long second = status.writeForCheckpoint(20, 10, log);
        status.commit(5, 1);
        status.writeForCheckpoint(30, 20, log);
        status.close();
        // Crash before the control file names the third: the second counts, and a slot that it does not use is
        // rewritten.
        TransactionStatus again = open(20, second);
        assertTrue(again.isCommitted(4));
        assertFalse(again.isFinal(5));
        long fourth = again.writeForCheckpoint(40, 20, log);
        again.close();
        assertFalse(open(40, fourth).isFinal(5));
        assertThrows(CorruptionException.class, () -> open(10, first));
    }

    @Test
    void aCheckpointThatIsGivenUpDoesNotCostTheFormer() {
        TransactionStatus status = create();
        status.commit(3, 1);
        long first = status.writeForCheckpoint(10, 0, log);
        for (int redoPoint = 20; redoPoint < 60; redoPoint += 10) {
            status.commit(redoPoint, 1);
            status.writeForCheckpoint(redoPoint, 10, log);
            TransactionStatus asOfFirst = open(10, first);
            assertTrue(asOfFirst.isCommitted(3));
            assertFalse(asOfFirst.isFinal(20));
        }
        long last = status.writeForCheckpoint(60, 10, log);
        assertTrue(open(60, last).isCommitted(50));
    }

    @Test
    void aDamagedSlotThatCountsIsFound() {
        TransactionStatus status = create();
        status.commit(3, 1);
        status.commit(IDS, 1);
        status.writeForCheckpoint(10, 0, log);
        status.commit(IDS + 1, 1);
        long digest = status.writeForCheckpoint(20, 10, log);
        status.close();
        byte[] before = disk.bytes(TransactionStatus.FILE_NAME);
        int damagedAndRefused = 0;
        for (int filePage = 0; filePage < 4; filePage++) {
            damage(filePage);
            try {
                assertTrue(open(20, digest).isCommitted(IDS + 1));
            } catch (CorruptionException e) {
                damagedAndRefused++;
                assertTrue(e.getMessage().contains("[" + filePage + "]"), e.getMessage());
            }
            damage(filePage);
        }
        assertEquals(2, damagedAndRefused);
        assertArrayEquals(before, disk.bytes(TransactionStatus.FILE_NAME));
    }

    @Test
    void aLostSlotIsNotTakenForAnOlderState() {
        TransactionStatus status = create();
        status.commit(3, 1);
        status.writeForCheckpoint(10, 0, log);
        byte[] before = disk.bytes(TransactionStatus.FILE_NAME);
        status.commit(4, 1);
        long digest = status.writeForCheckpoint(20, 10, log);
        status.close();
        try (DiskFile file = disk.open(TransactionStatus.FILE_NAME, OpenMode.WRITE)) {
            file.write(0, ByteBuffer.wrap(before));
        }
        CorruptionException lost = assertThrows(CorruptionException.class, () -> open(20, digest));
        assertTrue(lost.getMessage().contains("digest expected"), lost.getMessage());
        assertThrows(CorruptionException.class, () -> open(10, 99));
        disk.delete(TransactionStatus.FILE_NAME);
        assertThrows(CorruptionException.class, () -> open(20, digest));
    }

    @Test
    void pagesOfAnotherDatabaseAreRefused() {
        TransactionStatus status = create();
        status.commit(3, 1);
        long digest = status.writeForCheckpoint(10, 0, log);
        assertThrows(CorruptionException.class, () -> TransactionStatus.open(disk, PAGE, Store.SEED + 1, 10, digest));
    }

    @Test
    void aFullDiskMayBeTriedAgain() {
        TransactionStatus status = create();
        status.commit(3, 1);
        disk.limitSpace(0);
        assertThrows(DiskFullException.class, () -> status.writeForCheckpoint(10, 0, log));
        disk.limitSpace(Long.MAX_VALUE);
        long digest = status.writeForCheckpoint(20, 0, log);
        assertNotEquals(TransactionStatus.emptyDigest(), digest);
        assertTrue(open(20, digest).isCommitted(3));
    }

    @Test
    void chunksOfCommitsAreShared() {
        TransactionStatus status = create();
        status.commit(0, 10_000_000);
        assertTrue(status.memoryBytes() <= 8192, status.memoryBytes() + " bytes");
        assertTrue(status.isCommitted(9_999_999));
        assertFalse(status.isFinal(10_000_000));
        status.commit(5, 10);
        assertThrows(IllegalStateException.class, () -> status.abort(5, 1));
    }

    @Test
    void redoIsIdempotent() {
        Store store = Store.inline();
        for (int i = 0; i < 2; i++) {
            store.system.redoCommit(100, new long[] {101, 3, 110, 1});
            store.system.redoSubabort(105);
            store.system.redoAbort(120);
        }
        TransactionStatus status = store.system.status();
        assertTrue(status.isCommitted(100) && status.isCommitted(103) && status.isCommitted(110));
        assertFalse(status.isFinal(104) || status.isCommitted(105) || status.isCommitted(120));
    }
}
