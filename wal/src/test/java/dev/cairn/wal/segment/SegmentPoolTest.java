package dev.cairn.wal.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.storage.base.DiskException;
import dev.cairn.storage.base.DiskFullException;
import dev.cairn.storage.base.ForeignFileException;
import dev.cairn.storage.base.FormatVersionException;
import dev.cairn.storage.base.InlineScheduler;
import dev.cairn.storage.base.LogCorruptException;
import dev.cairn.storage.file.DiskFile;
import dev.cairn.storage.testing.MemoryDisk;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SegmentPoolTest {

    private static final int BYTES = 16 << 10;

    private final MemoryDisk disk = new MemoryDisk();

    private SegmentPool pool(int retained) {
        return new SegmentPool(disk, new SegmentGeometry(BYTES), 1, 2, retained, new InlineScheduler());
    }

    @Test
    void aSegmentGetsItsNameLastAndDurably() {
        SegmentPool pool = pool(2);
        pool.open(0);
        int before = disk.events().size();
        pool.take(1, 5, 6).close();
        assertEquals(
                List.of(
                        "create wal-new",
                        "allocate wal-new 0 16384",
                        "write wal-new 0 64",
                        "sync wal-new",
                        "rename wal-new wal-0000000000000001",
                        "syncDirectory"),
                disk.events().subList(before, disk.events().size()));
        SegmentHeader header = header(SegmentNames.of(1));
        assertEquals(new SegmentHeader(1, 2, 1, BYTES, 5, 6), header);
        assertThrows(IllegalStateException.class, () -> pool.take(3, 5, 6));
    }

    @Test
    void aRecycledSegmentLosesItsNameDurablyBeforeItIsWritten() {
        SegmentPool pool = pool(2);
        pool.open(0);
        for (int no = 1; no <= 5; no++) {
            pool.take(no, 1, 1).close();
        }
        int before = disk.events().size();
        pool.recycle(4);
        pool.recycle(4);
        assertEquals(
                List.of(
                        "rename wal-0000000000000001 wal-spare-00000000",
                        "rename wal-0000000000000002 wal-spare-00000001",
                        "delete wal-0000000000000003",
                        "syncDirectory"),
                disk.events().subList(before, disk.events().size()));
        before = disk.events().size();
        pool.take(6, 1, 1).close();
        assertEquals(
                List.of(
                        "through wal-spare-00000000 0 64",
                        "rename wal-spare-00000000 wal-0000000000000006",
                        "syncDirectory"),
                disk.events().subList(before, disk.events().size()));
        assertEquals(6, header(SegmentNames.of(6)).segmentNo());
        assertEquals(List.of(4L, 5L, 6L), SegmentNames.segments(disk));
    }

    @Test
    void openingGivesUpWhatIsBehindTheEndAndWhatIsUnfinished() {
        SegmentPool first = pool(3);
        first.open(0);
        for (int no = 1; no <= 4; no++) {
            first.take(no, 1, 1).close();
        }
        first.prepareNext(1, 1);
        disk.put("wal-new", new byte[10]);
        disk.put("wal-spare-00000007", new byte[10]);
        SegmentPool second = pool(2);
        second.open(2);
        assertEquals("syncDirectory", disk.events().get(disk.events().size() - 1));
        assertEquals(List.of(1L, 2L), SegmentNames.segments(disk));
        assertFalse(disk.list().contains("wal-new"));
        assertEquals(
                List.of("wal-0000000000000001", "wal-0000000000000002", "wal-spare-00000008", "wal-spare-00000009"),
                disk.list());
        second.take(3, 2, 2).close();
        assertEquals(2, header(SegmentNames.of(3)).incarnation());
    }

    @Test
    void aForeignSegmentIsNotTouched() {
        byte[] foreign =
                Arrays.copyOf(new SegmentHeader(8, 8, 3, BYTES, 1, 1).encode().array(), BYTES);
        disk.put(SegmentNames.of(3), foreign);
        long before = disk.operations();
        assertThrows(ForeignFileException.class, () -> pool(2).open(1));
        assertThrows(ForeignFileException.class, () -> pool(2).reopen(3));
        assertEquals(before, disk.operations());
    }

    @Test
    void onlyAWholeSegmentIsReopened() {
        assertThrows(LogCorruptException.class, () -> pool(2).reopen(1));
        byte[] own =
                Arrays.copyOf(new SegmentHeader(1, 2, 1, BYTES, 1, 1).encode().array(), BYTES);
        disk.put(SegmentNames.of(1), own);
        pool(2).reopen(1).close();
        disk.put(SegmentNames.of(1), Arrays.copyOf(own, BYTES - 1));
        assertThrows(LogCorruptException.class, () -> pool(2).reopen(1));
        disk.put(SegmentNames.of(2), own);
        assertThrows(LogCorruptException.class, () -> pool(2).reopen(2));
    }

    @Test
    void namesAreRecognisedExactly() {
        assertEquals(0xABCL, SegmentNames.segmentNo(SegmentNames.of(0xABC)));
        for (String other : List.of(
                "wal-",
                "wal-00000000000000AB",
                "wal-00000000000000_1",
                "heap-00000001",
                "wal-ffffffffffffffff",
                "wal-spare-00000001",
                "wal-new")) {
            assertEquals(-1, SegmentNames.segmentNo(other), other);
        }
        assertEquals(0x7FFF_FFFF_FFFF_FFFFL, SegmentNames.segmentNo("wal-7fffffffffffffff"));
        for (String other : List.of("wal-000000000000000g", "wal-000000000000000\u0663", "wal-00000000000000001")) {
            assertEquals(-1, SegmentNames.segmentNo(other), other);
        }
        assertTrue(SegmentNames.isLogFile("wal-new"));
        assertTrue(SegmentNames.isLogFile("wal-0000000000000000"));
        assertTrue(SegmentNames.isLogFile("wal-spare-00000001"));
        assertFalse(SegmentNames.isLogFile("wal-spare-1"));
    }

    @Test
    void aReopenedSegmentMustBeOfTheDatabasesGeometry() {
        byte[] larger = Arrays.copyOf(
                new SegmentHeader(1, 2, 1, 2 * BYTES, 1, 1).encode().array(), BYTES);
        disk.put(SegmentNames.of(1), larger);
        LogCorruptException e = assertThrows(LogCorruptException.class, () -> pool(2).reopen(1));
        assertTrue(e.getMessage().contains("segment 1 of 32768 bytes, expected 16384"), e.getMessage());
    }

    /** What is kept for reuse is bounded, and must be of full length: a reused segment is not allocated again. */
    @Test
    void sparesOfAnotherLengthAreNotKept() {
        disk.put("wal-spare-00000001", new byte[BYTES]);
        disk.put("wal-spare-00000002", new byte[BYTES - 1]);
        disk.put("wal-spare-00000003", new byte[BYTES]);
        disk.put("wal-spare-00000004", new byte[BYTES]);
        SegmentPool pool = pool(2);
        pool.open(0);
        assertEquals(List.of("wal-spare-00000001", "wal-spare-00000003"), disk.list());
        pool.take(1, 1, 1).close();
        disk.put(SegmentNames.of(1), new byte[BYTES + 1]);
        pool.take(2, 1, 1).close();
        pool.recycle(3);
        assertEquals(List.of("wal-spare-00000005"), disk.list(), "a new number, and of segment 1 nothing");
    }

    /** The next segment is prepared once, in the life that asks for it, and closed if nobody takes it. */
    @Test
    void aPreparedSegmentIsTakenAsItIs() {
        SegmentPool pool = pool(2);
        pool.open(0);
        pool.prepareNext(7, 8);
        long operations = disk.operations();
        pool.prepareNext(9, 9);
        assertEquals(operations, disk.operations());
        DiskFile taken = pool.take(1, 9, 9);
        assertEquals(operations, disk.operations());
        assertEquals(new SegmentHeader(1, 2, 1, BYTES, 7, 8), header(SegmentNames.of(1)));
        pool.close();
        assertEquals(BYTES, taken.size());
        taken.sync(false);
        pool.prepareNext(7, 8);
        assertEquals(List.of(1L, 2L), SegmentNames.segments(disk));
        pool.close();
        pool.close();
    }

    /** When the log ends, what it needs stays, and nothing that was kept or made for more. */
    @Test
    void whatIsNotNeededIsGivenBackAtTheEnd() {
        SegmentPool pool = pool(2);
        pool.open(0);
        for (int no = 1; no <= 6; no++) {
            pool.take(no, 1, 1).close();
        }
        pool.recycle(3);
        pool.prepareNext(1, 1);
        pool.prepareNext(1, 1);
        disk.put("elsewhere", new byte[1]);
        pool.close();
        pool.giveBack(5);
        assertEquals(List.of("elsewhere", SegmentNames.of(5), SegmentNames.of(6)), disk.list());
        assertEquals("syncDirectory", disk.events().get(disk.events().size() - 1));
        SegmentPool next = pool(2);
        next.open(6);
        next.take(7, 2, 2).close();
        assertEquals(List.of(5L, 6L, 7L), SegmentNames.segments(disk));
    }

    /** Without space nothing is left behind, and the same segment is not tried again until it is needed. */
    @Test
    void withoutSpaceThePreparationWaitsForTheNeed() {
        SegmentPool pool = pool(2);
        pool.open(0);
        disk.limitSpace(0);
        pool.prepareNext(1, 1);
        assertEquals(List.of(), disk.list());
        long operations = disk.operations();
        disk.limitSpace(Long.MAX_VALUE);
        pool.prepareNext(1, 1);
        assertEquals(operations, disk.operations(), "left to take");
        pool.take(1, 1, 1).close();
        pool.prepareNext(1, 1);
        assertEquals(List.of(1L, 2L), SegmentNames.segments(disk));
        disk.limitSpace(0);
        pool.take(2, 1, 1).close();
        assertThrows(DiskFullException.class, () -> pool.take(3, 1, 1));
        assertEquals(List.of(1L, 2L), SegmentNames.segments(disk));
    }

    /** Wherever a disk fails, the pool passes that on and leaves no file open. */
    @Test
    void failuresArePassedOn() {
        for (int at = 0; at < 6; at++) {
            MemoryDisk failing = new MemoryDisk();
            SegmentPool pool = new SegmentPool(failing, new SegmentGeometry(BYTES), 1, 2, 2, new InlineScheduler());
            pool.open(0);
            failing.failFrom(failing.operations() + at);
            assertThrows(DiskException.class, () -> pool.take(1, 1, 1));
            failing.heal();
        }
        disk.put("wal-spare-00000001", new byte[BYTES]);
        SegmentPool pool = pool(2);
        pool.open(0);
        disk.failFrom(disk.operations());
        assertThrows(DiskException.class, () -> pool.take(1, 1, 1));
    }

    /** A header that is damaged says nothing; one of another version is not ours to give up. */
    @Test
    void segmentsBehindTheEnd() {
        byte[] damaged = new byte[BYTES];
        disk.put(SegmentNames.of(3), damaged);
        pool(0).open(2);
        assertEquals(List.of(), disk.list());
        ByteBuffer newer = new SegmentHeader(1, 2, 3, BYTES, 1, 1).encode().order(java.nio.ByteOrder.LITTLE_ENDIAN);
        newer.putShort(SegmentHeader.LAYOUT.offset("version"), (short) 2);
        newer.putInt(SegmentHeader.LAYOUT.offset("crc"), 0);
        newer.putInt(SegmentHeader.LAYOUT.offset("crc"), dev.cairn.storage.base.Crc.of(0, newer.duplicate()));
        disk.put(SegmentNames.of(3), Arrays.copyOf(newer.array(), BYTES));
        long operations = disk.operations();
        assertThrows(FormatVersionException.class, () -> pool(0).open(2));
        assertEquals(operations, disk.operations());
        pool(0).open(3);
        assertEquals(List.of(3L), SegmentNames.segments(disk), "the last segment itself is not behind the end");
    }

    /** Nothing is looked up when nothing can be old enough. */
    @Test
    void recyclingIsIdleBelowTheOldest() {
        SegmentPool pool = pool(4);
        pool.open(0);
        pool.take(1, 1, 1).close();
        pool.take(2, 1, 1).close();
        long operations = disk.operations();
        pool.recycle(1);
        assertEquals(operations, disk.operations());
        pool.recycle(2);
        assertEquals(List.of(2L), SegmentNames.segments(disk));
        operations = disk.operations();
        pool.recycle(2);
        assertEquals(operations, disk.operations());
    }

    private SegmentHeader header(String name) {
        return SegmentHeader.decode(ByteBuffer.wrap(disk.bytes(name), 0, 64), name, 1, 2);
    }
}
