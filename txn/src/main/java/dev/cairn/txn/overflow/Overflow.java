package dev.cairn.txn.overflow;

import dev.cairn.storage.base.CorruptionException;
import dev.cairn.storage.base.Scheduler.Mutex;
import dev.cairn.storage.base.SqlState;
import dev.cairn.storage.base.TransactionException;
import dev.cairn.storage.cache.Frame;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.overflow.OverflowPage;
import dev.cairn.storage.overflow.OverflowPage.Chunk;
import dev.cairn.storage.overflow.OverflowReference;
import dev.cairn.storage.page.PageHeader;
import dev.cairn.txn.Xact;
import dev.cairn.wal.record.WalRecord;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The large values of one table: written, read and deleted as logged actions, one page at a time.
 *
 * <p>A value belongs to the transaction that wrote it, and ends with the one that deletes it; both stand on its pages. So rows may be
 * updated and removed without a look at the values that they keep, and nothing that a crash leaves is in doubt. A value
 * is never changed. The file is made for the first value of all and goes with its table; rolling that transaction back does
 * not take it away.
 *
 * <p>Thread-safe; each {@link Xact} is used by one thread at a time.
 */
public final class Overflow {

    private final OverflowContext context;
    private final int fileId;
    private final int tableId;
    private final OverflowSpace space;
    private final Mutex creation;
    private final AtomicInteger values = new AtomicInteger();
    private volatile boolean hasFile;

    /** @param isBlank whether a crash has left the file without its header */
    public Overflow(OverflowContext context, int fileId, int tableId, boolean isBlank) {
        this.context = context;
        this.fileId = fileId;
        this.tableId = tableId;
        this.space = new OverflowSpace(context, fileId);
        this.creation = context.environment.scheduler().newMutex();
        this.hasFile = context.files.get(fileId) != null && !isBlank;
    }

    public int fileId() {
        return fileId;
    }

    /**
     * Writes a value; the row that refers to it comes afterwards.
     *
     * @throws TransactionException 54000 if it is longer than {@link OverflowReference#MAX_LENGTH}, 53100 if the disk is full
     */
    public OverflowReference write(Xact xact, byte[] value) {
        if (value.length > OverflowReference.MAX_LENGTH) {
            throw new TransactionException(
                    SqlState.PROGRAM_LIMIT_EXCEEDED,
                    "value is too big: " + value.length + " bytes, at most " + OverflowReference.MAX_LENGTH
                            + " are possible");
        }
        requireFile(xact);
        int capacity = OverflowPage.capacity(context.pageSize);
        int plainPages = pages(value.length, capacity);
        byte[] blocks = plainPages < 2 ? null : ValueBlocks.compress(value, (plainPages - 1) * capacity + 1);
        byte[] stored = blocks == null ? value : blocks;
        int form = blocks == null ? OverflowPage.PLAIN : OverflowPage.BLOCKS;
        int number = values.incrementAndGet();
        long creator = xact.currentXid();
        int[] pages = space.allocate(pages(stored.length, capacity));
        // From here on a failure undoes the level, and with it whatever is written.
        space.written(creator, number, pages);
        boolean whole = false;
        try {
            int next = 0;
            for (int i = pages.length - 1; i >= 0; i--) {
                int from = i * capacity;
                byte[] data = Arrays.copyOfRange(stored, from, Math.min(stored.length, from + capacity));
                Chunk chunk = i == 0
                        ? new Chunk(number, i, next, value.length, stored.length, form, data)
                        : new Chunk(number, i, next, 0, 0, 0, data);
                while (!write(creator, pages[i], chunk)) {
                    pages[i] = space.allocate(1)[0];
                }
                next = pages[i];
            }
            whole = true;
            return new OverflowReference(next, creator, number, value.length);
        } finally {
            if (!whole) {
                space.lookAgain();
            }
        }
    }

    private static int pages(int bytes, int capacity) {
        return Math.max(1, (bytes + capacity - 1) / capacity);
    }

    /** False if the page is not free any more. */
    private boolean write(long creator, int pageNo, Chunk chunk) {
        WalRecord record = new WalRecord.OverflowWrite(fileId, pageNo, chunk);
        Frame frame = context.cache.latch(fileId, pageNo);
        try {
            PageBuffer page = frame.page();
            if (!OverflowPage.isFree(page)) {
                return false;
            }
            frame.markDirty();
            OverflowPage.init(page, fileId, pageNo, creator, chunk);
            PageHeader.pageLsn(page, context.wal.append(creator, record, page));
            return true;
        } finally {
            context.cache.unlatch(frame);
        }
    }

    private void requireFile(Xact xact) {
        if (hasFile) {
            return;
        }
        creation.lock();
        try {
            if (!hasFile) {
                context.headers.create(xact, fileId, tableId);
                hasFile = true;
            }
        } finally {
            creation.unlock();
        }
    }

    /**
     * Marks a value deleted. The caller has deleted or replaced the version that refers to it, so that nobody else can be at it.
     *
     * @throws CorruptionException if the value is not there
     */
    public void delete(Xact xact, OverflowReference reference) {
        long xid = xact.currentXid();
        requirePage(reference);
        WalRecord record = new WalRecord.OverflowDelete(fileId, reference.firstPage());
        Frame frame = context.cache.latch(fileId, reference.firstPage());
        try {
            PageBuffer page = frame.page();
            if (!OverflowPage.isOf(page, reference.creator(), reference.value(), 0)) {
                throw new CorruptionException("expected the first page of " + reference + " in file " + fileId
                        + ", found another's or a free one");
            }
            frame.markDirty();
            OverflowPage.delete(page, xid);
            PageHeader.pageLsn(page, context.wal.append(xid, record, page));
        } finally {
            context.cache.unlatch(frame);
        }
        space.deleted(xid, reference.creator(), reference.value(), reference.firstPage());
    }

    /** Gives back at once the pages of a value that no row has ever referred to. */
    public void discard(OverflowReference reference) {
        space.free(
                reference.creator(),
                reference.value(),
                space.chain(reference.creator(), reference.value(), reference.firstPage()));
    }

    /**
     * Reads a value that some version refers to which the caller may see.
     *
     * @throws CorruptionException if it is not as it should be
     */
    public byte[] read(OverflowReference reference) {
        requirePage(reference);
        return reading(reader -> reader.read(reference));
    }

    /**
     * Reads a value that some version refers to which the caller may see, piece by piece. Takes memory for one piece.
     *
     * @throws CorruptionException if it is not as it should be, here or when a piece is asked for
     */
    public OverflowReader.Pieces pieces(OverflowReference reference) {
        requirePage(reference);
        context.environment.memory().taking(context.pageSize);
        context.valuesRead.increment();
        return reader(PageBuffer.allocate(context.pageSize)).pieces(reference);
    }

    /** Reads a value to which a version refers that may be dead; null if its pages have been given back. */
    public byte @Nullable [] readIfThere(OverflowReference reference) {
        return hasFile ? reading(reader -> readIfThere(reader, reference)) : null;
    }

    private static byte @Nullable [] readIfThere(OverflowReader reader, OverflowReference reference) {
        if (!reader.isThere(reference)) {
            return null;
        }
        try {
            return reader.read(reference);
        } catch (CorruptionException e) {
            if (reader.isThere(reference)) {
                throw e;
            }
            return null; // its pages were given back meanwhile
        }
    }

    private <T extends @Nullable Object> T reading(java.util.function.Function<OverflowReader, T> what) {
        PageBuffer buffer = context.takeBuffer();
        try {
            context.valuesRead.increment();
            return what.apply(reader(buffer));
        } finally {
            context.giveBuffer(buffer);
        }
    }

    private OverflowReader reader(PageBuffer buffer) {
        int used = context.cache.usedPages(fileId);
        return new OverflowReader(fileId, used, buffer, (pageNo, into) -> context.cache.copy(fileId, pageNo, into));
    }

    private void requirePage(OverflowReference reference) {
        if (!hasFile || reference.firstPage() >= context.cache.usedPages(fileId)) {
            throw new CorruptionException("expected " + reference + " in file " + fileId + ", found no such page");
        }
    }
}
