package dev.cairn.txn;

import dev.cairn.storage.base.CorruptPageException;
import dev.cairn.storage.base.CorruptionException;
import dev.cairn.storage.base.Crc;
import dev.cairn.storage.file.Disk;
import dev.cairn.storage.file.DiskFile;
import dev.cairn.storage.file.OpenMode;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.page.PageChecks;
import dev.cairn.storage.page.PageHeader;
import dev.cairn.storage.page.PageKind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.TreeSet;

/**
 * The status pages on disk, two slots each. Used by one thread at a time.
 *
 * <p>Which slot counts is told by the control file: of each page the intact slot with the highest sequence that is not
 * above the redo point. A checkpoint writes the other one, so one that is cut short leaves the state before it intact. The
 * sequences of all pages that count are summed up in a digest that the control file keeps: a slot that was lost or damaged
 * cannot be mistaken for an older state of its page.
 */
final class StatusFile implements AutoCloseable {

    /** No data file has it; it is the owner that the pages' checks expect. */
    private static final int FILE_ID = 0;

    private static final int GROWTH_PAGES = 16;
    private static final long NEVER = 0;

    private final DiskFile file;
    private final int pageSize;
    private final PageChecks checks;
    private final PageBuffer page;
    private final ByteBuffer buffer;

    /** Of slot i (0 or 1) of status page n at 2n + i: the sequence it holds, or {@link #NEVER}. */
    private long[] sequences = new long[32];

    private int pages;
    private boolean unsynced;

    private StatusFile(DiskFile file, int pageSize, long databaseSeed) {
        this.file = file;
        this.pageSize = pageSize;
        this.checks = new PageChecks(databaseSeed);
        this.page = PageBuffer.allocate(pageSize);
        this.buffer = ByteBuffer.allocateDirect(pageSize).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Makes the file, empty; its name is durable after the directory's sync. */
    static StatusFile create(Disk disk, String name, int pageSize, long databaseSeed) {
        return new StatusFile(disk.open(name, OpenMode.CREATE), pageSize, databaseSeed);
    }

    static StatusFile open(Disk disk, String name, int pageSize, long databaseSeed) {
        if (!disk.list().contains(name)) {
            throw new CorruptionException("file " + name + " is missing in " + disk.describe());
        }
        return new StatusFile(disk.open(name, OpenMode.WRITE), pageSize, databaseSeed);
    }

    /** Takes what a slot holds. */
    @FunctionalInterface
    interface Loader {
        void load(int pageNo, PageBuffer content);
    }

    /**
     * Finds the slots that count and hands their pages on.
     *
     * @return the pages that must be written at the next checkpoint although they may not change: their other slot holds
     *     what an unfinished checkpoint left, which would count as soon as the redo point has passed it
     * @throws CorruptionException if the digest is not that of what was found
     */
    TreeSet<Integer> load(long redoPoint, long digest, Loader loader) {
        TreeSet<Integer> stale = new TreeSet<>();
        TreeSet<Integer> damaged = new TreeSet<>();
        long filePages = (file.size() + pageSize - 1) / pageSize;
        pages = Math.toIntExact((filePages + 1) / 2);
        sequences = new long[Math.max(32, 2 * pages)];
        for (int filePage = 0; filePage < 2 * pages; filePage++) {
            long sequence = read(filePage, damaged);
            if (sequence > redoPoint) {
                stale.add(filePage / 2);
            } else {
                sequences[filePage] = sequence;
            }
        }
        long found = digest(redoPoint);
        if (found != digest) {
            throw new CorruptionException("the status file does not hold what the checkpoint at " + redoPoint
                    + " wrote: digest expected " + Long.toHexString(digest) + ", found " + Long.toHexString(found)
                    + (damaged.isEmpty() ? "" : ", damaged pages of the file: " + damaged));
        }
        for (int n = 0; n < pages; n++) {
            int filePage = counting(n, redoPoint);
            if (sequences[filePage] != NEVER) {
                read(filePage, damaged);
                loader.load(n, page);
            }
        }
        return stale;
    }

    /** The page of the file that counts for a status page as of a redo point; if none does, its sequence is NEVER. */
    private int counting(int pageNo, long redoPoint) {
        long first = sequences[2 * pageNo] > redoPoint ? NEVER : sequences[2 * pageNo];
        long second = sequences[2 * pageNo + 1] > redoPoint ? NEVER : sequences[2 * pageNo + 1];
        return 2 * pageNo + (second > first ? 1 : 0);
    }

    /** The page of the file that a checkpoint may write: the one on which the former checkpoint does not rely. */
    private int writable(int pageNo, long formerRedoPoint) {
        return counting(pageNo, formerRedoPoint) ^ 1;
    }

    /** Reads a page of the file into {@link #page}; its sequence, or {@link #NEVER} if it holds nothing of use. */
    private long read(int filePage, TreeSet<Integer> damaged) {
        buffer.clear();
        int read = file.readFully((long) filePage * pageSize, buffer);
        buffer.clear();
        if (read < pageSize || PageChecks.isZero(buffer)) {
            return NEVER;
        }
        String fault = checks.fault(buffer, FILE_ID, filePage);
        if (fault != null) {
            damaged.add(filePage);
            return NEVER;
        }
        checks.verify(buffer, FILE_ID, filePage);
        page.readFrom(buffer);
        if (PageHeader.kind(page) != PageKind.STATUS) {
            throw new CorruptPageException(FILE_ID, filePage, "kind expected STATUS, found " + PageHeader.kind(page));
        }
        return StatusPage.sequence(page);
    }

    /**
     * Makes room for the status pages up to {@code lastPageNo}, so that no write fails for want of it.
     *
     * @throws dev.cairn.storage.base.DiskFullException if there is none; nothing has been changed
     */
    void reach(int lastPageNo) {
        long needed = 2L * (lastPageNo + 1) * pageSize;
        long size = file.size();
        if (needed > size) {
            long whole = size - size % pageSize;
            file.allocate(whole, Math.max(needed, whole + (long) GROWTH_PAGES * pageSize));
        }
        if (lastPageNo >= pages) {
            pages = lastPageNo + 1;
            if (2 * pages > sequences.length) {
                sequences = Arrays.copyOf(sequences, Math.max(2 * pages, sequences.length * 2));
            }
        }
    }

    /** An empty page for {@link #write} to be filled; {@link #reach} comes before. */
    PageBuffer prepare(int pageNo, long sequence, long formerRedoPoint, long firstXid) {
        PageHeader.init(page, PageKind.STATUS, FILE_ID, writable(pageNo, formerRedoPoint));
        page.putLong(StatusPage.SEQUENCE, sequence);
        page.putLong(StatusPage.FIRST_XID, firstXid);
        return page;
    }

    /** Writes the prepared page; not durable before {@link #sync}. */
    void write() {
        int filePage = PageHeader.pageNo(page);
        buffer.clear();
        page.writeTo(buffer);
        buffer.flip();
        checks.seal(buffer);
        unsynced = true;
        file.write((long) filePage * pageSize, buffer);
        sequences[filePage] = StatusPage.sequence(page);
    }

    /** Makes what was written durable. */
    void sync() {
        if (unsynced) {
            file.sync(true);
            unsynced = false;
        }
    }

    /** Over (page number, sequence) of all pages that count as of a redo point; 0 if there is none. */
    long digest(long redoPoint) {
        ByteBuffer pair = ByteBuffer.allocate(Integer.BYTES + Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        long digest = 0;
        for (int n = 0; n < pages; n++) {
            long sequence = sequences[counting(n, redoPoint)];
            if (sequence != NEVER) {
                pair.clear();
                pair.putInt(n).putLong(sequence).flip();
                digest = digest << 32 | Integer.toUnsignedLong(Crc.of(digest, pair));
            }
        }
        return digest;
    }

    @Override
    public void close() {
        file.close();
    }
}
