package dev.cairn.txn;

import dev.cairn.storage.base.CorruptPageException;
import dev.cairn.storage.file.Disk;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.page.PageHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which ids committed: two bits each, all of them in memory, durable in the file {@value #FILE_NAME} as of the last
 * checkpoint. What has happened since stands in the log, from which redo sets the bits again, unconditionally.
 *
 * <p>Only checkpoints write the file, after the log is durable past every commit in it: its pages stand outside the
 * pageLsn rule. Commits and aborts may come from any thread at any time; the methods that use the file, from one at a time.
 */
public final class TransactionStatus implements AutoCloseable {

    public static final String FILE_NAME = "status";

    private static final int PAGES_PER_BATCH = 32;

    private final Disk disk;
    private final StatusFile file;
    private final int wordsPerPage;
    private final StatusBits bits = new StatusBits();

    /** Status pages to write at the next checkpoint. Guarded by itself. */
    private final TreeSet<Integer> dirty = new TreeSet<>();
    /** One that is in {@link #dirty}, or -1: mostly it is the same again, which need not be looked up. Guarded as that is. */
    private int lastDirty = -1;

    private TransactionStatus(Disk disk, StatusFile file, int pageSize) {
        this.disk = disk;
        this.file = file;
        this.wordsPerPage = StatusPage.words(pageSize);
    }

    /** Makes the file of a new database; the caller syncs the directory. */
    public static TransactionStatus create(Disk disk, int pageSize, long databaseSeed) {
        return new TransactionStatus(disk, StatusFile.create(disk, FILE_NAME, pageSize, databaseSeed), pageSize);
    }

    /**
     * Reads the state that the checkpoint with this redo point left. Changes nothing on disk.
     *
     * @param digest what {@link TransactionSystem#writeStatus} returned then
     * @throws dev.cairn.storage.base.CorruptionException if a page is damaged or missing
     */
    public static TransactionStatus open(Disk disk, int pageSize, long databaseSeed, long redoPoint, long digest) {
        StatusFile file = StatusFile.open(disk, FILE_NAME, pageSize, databaseSeed);
        boolean loaded = false;
        try {
            TransactionStatus status = new TransactionStatus(disk, file, pageSize);
            status.dirty.addAll(file.load(redoPoint, digest, status::load));
            loaded = true;
            return status;
        } finally {
            if (!loaded) {
                file.close();
            }
        }
    }

    private void load(int pageNo, PageBuffer page) {
        long firstXid = firstXid(pageNo);
        if (StatusPage.firstXid(page) != firstXid) {
            throw new CorruptPageException(
                    PageHeader.fileId(page),
                    PageHeader.pageNo(page),
                    "first id expected " + firstXid + ", found " + StatusPage.firstXid(page));
        }
        for (int i = 0; i < wordsPerPage; i++) {
            long word = page.getLong(StatusPage.offset(i));
            if ((word & word >>> 1 & StatusBits.LOW_BITS) != 0) {
                throw new CorruptPageException(
                        PageHeader.fileId(page), PageHeader.pageNo(page), "an id is both committed and aborted");
            }
            if (word != 0) {
                bits.setWord((long) pageNo * wordsPerPage + i, word);
            }
        }
    }

    private long firstXid(int pageNo) {
        return (long) pageNo * wordsPerPage * StatusBits.IDS_PER_WORD;
    }

    /** Whether its COMMIT is in the log. No lock. */
    public boolean isCommitted(long xid) {
        return bits.get(xid) == StatusBits.COMMITTED;
    }

    /** Whether it is known to have committed or aborted; what a crash cut short never is. No lock. */
    public boolean isFinal(long xid) {
        return bits.get(xid) != 0;
    }

    /** The least id of those from {@code first} to before {@code end} that has committed or aborted; {@code end} if none has. */
    public long firstFinal(long first, long end) {
        long xid = first;
        while (xid < end && !isFinal(xid)) {
            // A word of zeros holds no such id.
            xid = bits.word(xid / StatusBits.IDS_PER_WORD) == 0
                    ? (xid / StatusBits.IDS_PER_WORD + 1) * StatusBits.IDS_PER_WORD
                    : xid + 1;
        }
        return Math.min(xid, end);
    }

    void commit(long first, long length) {
        set(first, length, StatusBits.COMMITTED);
    }

    void abort(long first, long length) {
        set(first, length, StatusBits.ABORTED);
    }

    private void set(long first, long length, int state) {
        bits.set(first, length, state);
        // After the bits: a checkpoint that clears the mark in between has found them.
        long idsPerPage = (long) wordsPerPage * StatusBits.IDS_PER_WORD;
        int from = Math.toIntExact(first / idsPerPage);
        int to = Math.toIntExact((first + length - 1) / idsPerPage);
        synchronized (dirty) {
            if (from == to && from == lastDirty) {
                return;
            }
            for (int pageNo = from; pageNo <= to; pageNo++) {
                dirty.add(pageNo);
            }
            lastDirty = to;
        }
    }

    /**
     * Writes and syncs what has changed since the last checkpoint, each page into the slot on which the former checkpoint
     * does not rely, after the log is durable past every commit in it.
     *
     * @param redoPoint above that of every checkpoint before, finished or not
     * @param formerRedoPoint of the last checkpoint that the control file knows
     * @return the digest for the control file
     * @throws dev.cairn.storage.base.DiskFullException if there is no room; may be tried again
     */
    long writeForCheckpoint(long redoPoint, long formerRedoPoint, TransactionLog log) {
        List<Integer> pageNos;
        synchronized (dirty) {
            pageNos = List.copyOf(dirty);
            dirty.clear();
            lastDirty = -1;
        }
        boolean done = false;
        try {
            if (!pageNos.isEmpty()) {
                file.reach(pageNos.get(pageNos.size() - 1));
            }
            for (int from = 0; from < pageNos.size(); from += PAGES_PER_BATCH) {
                int to = Math.min(pageNos.size(), from + PAGES_PER_BATCH);
                writeBatch(pageNos.subList(from, to), redoPoint, formerRedoPoint, log);
            }
            file.sync();
            done = true;
            return file.digest(redoPoint);
        } finally {
            if (!done) {
                synchronized (dirty) {
                    dirty.addAll(pageNos);
                }
            }
        }
    }

    private void writeBatch(List<Integer> pageNos, long redoPoint, long formerRedoPoint, TransactionLog log) {
        List<long[]> copies = new ArrayList<>(pageNos.size());
        for (int pageNo : pageNos) {
            long[] words = new long[wordsPerPage];
            for (int i = 0; i < wordsPerPage; i++) {
                words[i] = bits.word((long) pageNo * wordsPerPage + i);
            }
            copies.add(words);
        }
        // Whatever commit is in the copies had its record appended before its bits were set.
        log.awaitDurable(log.insertLsn());
        for (int k = 0; k < copies.size(); k++) {
            int pageNo = pageNos.get(k);
            PageBuffer page = file.prepare(pageNo, redoPoint, formerRedoPoint, firstXid(pageNo));
            for (int i = 0; i < wordsPerPage; i++) {
                page.putLong(StatusPage.offset(i), copies.get(k)[i]);
            }
            file.write();
        }
    }

    /** Memory for ids of which the status is not all there is to know; null if the disk has none. */
    @Nullable ByteBuffer scratch(int bytes) {
        return disk.scratch(bytes);
    }

    /** The digest of a file in which no page has been written. */
    public static long emptyDigest() {
        return 0;
    }

    /** Bytes of heap that the bits take. */
    public long memoryBytes() {
        return bits.memoryBytes();
    }

    @Override
    public void close() {
        file.close();
    }
}
