package dev.cairn.txn.heap;

import dev.cairn.storage.cache.Frame;
import dev.cairn.storage.heap.HeapPage;
import dev.cairn.storage.heap.RowIds;
import dev.cairn.storage.heap.TupleFlags;
import dev.cairn.storage.heap.TupleHeader;
import dev.cairn.storage.memory.CacheLines;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.page.PageHeader;
import dev.cairn.txn.Snapshot;
import dev.cairn.txn.Visibility;
import dev.cairn.txn.Xact;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The versions that a snapshot sees of several rows to which entries of an index lead. Rows that follow one another in an index
 * stand anywhere in the heap, so what a row costs is the waiting for memory. Here each step of the way to a row is taken for all of them
 * before the next one is: what one step loads for them, and what it decides, does not depend on each other, and the processor
 * does much of it at the same time.
 *
 * <p>Each row is read optimistically, from the moment when its frame was found to when its copy is complete. What was disturbed, and
 * rows whose first version is not what the snapshot sees, are read one by one, as {@link VersionChain} does.
 *
 * <p>The rows are copied one behind the other, and shown where they then stand. A view keeps showing its row until it is given
 * another one: as long as one view has got all of them, their place is used again, else it is left to those views.
 *
 * <p>Used again and again, it allocates nothing once it has grown to the rows' size. Not thread-safe.
 */
public final class VersionBatch {

    /** The most rows at a time: their pages' lines fit the processor's nearest cache. */
    public static final int MOST = 64;

    private static final int FIRST_CAPACITY = 1024;
    /** A power of two. */
    private static final int REMEMBERED = 1024;

    private static final int NOT_READ = -1;

    private final HeapContext context;
    private final int fileId;
    private final VersionChain versions;
    private final @Nullable Frame[] frames = new @Nullable Frame[MOST];
    private final long[] begun = new long[MOST];
    private final int[] pointers = new int[MOST];
    private final int[] offsets = new int[MOST];
    private final long[] xidBases = new long[MOST];
    private final long[] xmax = new long[MOST];
    private final int[] commands = new int[MOST];
    private final int[] flags = new int[MOST];
    // Of what was found, as far as that is known already.
    private final long[] ids = new long[MOST];
    private final long[] xmin = new long[MOST];
    private final int[] starts = new int[MOST];
    private final int[] lengths = new int[MOST];
    private byte[] rows = new byte[FIRST_CAPACITY];
    private int end;

    private final TupleView single = new TupleView();
    private @Nullable TupleView shownIn;
    private boolean shownElsewhere;

    /** Ids, each at its lowest bits, that the snapshot sees since they have committed before it was taken. */
    private long[] seen = {0};

    private @Nullable Snapshot seenBy;
    /** Of no meaning: it keeps the compiler from leaving loads away. */
    private int loaded;

    VersionBatch(HeapContext context, int fileId, VersionChain versions) {
        this.context = context;
        this.fileId = fileId;
        this.versions = versions;
    }

    /**
     * Finds the versions, as {@link VersionChain#find} does one by one.
     *
     * @param rowIds at most {@link #MOST}; one alone for a serializable transaction
     * @param into the view in which one will be shown next: what it shows is not needed any more
     * @return how many of them the snapshot sees; they stand in the same order
     */
    public int find(Xact xact, Snapshot snapshot, long[] rowIds, int count, TupleView into) {
        if (shownElsewhere || (shownIn != null && shownIn != into)) {
            rows = new byte[rows.length];
        }
        shownIn = null;
        shownElsewhere = false;
        end = 0;
        if (count == 1) {
            return findSingle(xact, snapshot, rowIds[0], 0) ? 1 : 0;
        }
        remember(snapshot, count);
        findPages(rowIds, count);
        findPointers(rowIds, count);
        copy(rowIds, count);
        return judge(xact, snapshot, rowIds, count);
    }

    /** For another snapshot, or in a scan that has turned out to be a long one: what was seen is to be found anew. */
    @SuppressWarnings("ReferenceEquality")
    private void remember(Snapshot snapshot, int count) {
        if (seenBy != snapshot || (count == MOST && seen.length < REMEMBERED)) {
            seen = new long[count == MOST ? REMEMBERED : 1];
            seenBy = snapshot;
        }
    }

    private void findPages(long[] rowIds, int count) {
        context.cache.findResident(fileId, rowIds, RowIds.PAGE_SHIFT, frames, count);
        for (int i = 0; i < count; i++) {
            Frame frame = frames[i];
            begun[i] = frame == null ? Frame.LATCHED : frame.beginRead();
        }
    }

    private void findPointers(long[] rowIds, int count) {
        for (int i = 0; i < count; i++) {
            pointers[i] = HeapPage.pointerAt(RowIds.slot(rowIds[i]));
        }
        loaded += CacheLines.loadHeaders(frames, pointers, count);
        for (int i = 0; i < count; i++) {
            Frame frame = frames[i];
            int pointer = 0;
            if (frame != null && begun[i] != Frame.LATCHED) {
                PageBuffer page = frame.page();
                pointer = HeapPage.pointer(page, RowIds.slot(rowIds[i]));
                xidBases[i] = PageHeader.xidBase(page);
            }
            pointers[i] = pointer;
            offsets[i] = HeapPage.versionAt(pointer);
            lengths[i] = HeapPage.versionBytes(pointer);
        }
        loaded += CacheLines.loadStretches(frames, offsets, lengths, count);
    }

    private void copy(long[] rowIds, int count) {
        for (int i = 0; i < count; i++) {
            Frame frame = frames[i];
            int pointer = pointers[i];
            starts[i] = NOT_READ;
            if (frame != null && HeapPage.isInside(frame.page(), pointer)) {
                copy(i, frame.page(), pointer);
                boolean root = (flags[i] & TupleFlags.HEAP_ONLY) == 0;
                if (root && frame.validate(begun[i], fileId, RowIds.page(rowIds[i]))) {
                    starts[i] = end;
                    end += lengths[i];
                }
            }
        }
    }

    private void copy(int i, PageBuffer page, int pointer) {
        int at = HeapPage.versionAt(pointer);
        int length = HeapPage.versionBytes(pointer) - TupleHeader.BYTES;
        makeRoom(length);
        xmin[i] = HeapPage.xminAt(page, at, xidBases[i]);
        xmax[i] = HeapPage.xmaxAt(page, at, xidBases[i]);
        commands[i] = HeapPage.commandAt(page, at);
        flags[i] = HeapPage.flagsAt(page, at);
        lengths[i] = length;
        page.get(at + TupleHeader.BYTES, rows, end, length);
    }

    private void makeRoom(int bytes) {
        if (bytes > rows.length - end) {
            rows = Arrays.copyOf(rows, Integer.highestOneBit(end + bytes) << 1);
        }
    }

    private int judge(Xact xact, Snapshot snapshot, long[] rowIds, int count) {
        int found = 0;
        boolean hasSeen = false;
        for (int i = 0; i < count; i++) {
            if (starts[i] != NOT_READ && isSeen(i, xact, snapshot)) {
                ids[found] = rowIds[i];
                xmin[found] = xmin[i];
                starts[found] = starts[i];
                lengths[found] = lengths[i];
                found++;
                hasSeen = true;
                continue;
            }
            if (hasSeen) {
                versions.hasSeen();
                hasSeen = false;
            }
            if (findSingle(xact, snapshot, rowIds[i], found)) {
                found++;
            }
        }
        return found;
    }

    private boolean isSeen(int i, Xact xact, Snapshot snapshot) {
        int place = (int) xmin[i] & seen.length - 1;
        if (xmax[i] == 0 && seen[place] == xmin[i]) {
            return true;
        }
        boolean visible = Visibility.isVisible(xmin[i], xmax[i], commands[i], flags[i], xact, snapshot, context.window);
        if (visible && (flags[i] & TupleFlags.FROZEN) == 0 && !xact.isMine(xmin[i])) {
            seen[place] = xmin[i];
        }
        return visible;
    }

    /** The row's version as the one of that number, if there is one. */
    private boolean findSingle(Xact xact, Snapshot snapshot, long rowId, int number) {
        if (!versions.find(xact, snapshot, rowId, single)) {
            return false;
        }
        makeRoom(single.length());
        System.arraycopy(single.bytes(), single.start(), rows, end, single.length());
        ids[number] = single.rowId();
        xmin[number] = single.xmin();
        starts[number] = end;
        lengths[number] = single.length();
        end += single.length();
        return true;
    }

    /** Shows one of the versions found, counted from 0. */
    public void show(int i, TupleView into) {
        if (shownIn != into) {
            shownElsewhere |= shownIn != null;
            shownIn = into;
        }
        into.show(rows, starts[i], lengths[i], ids[i], xmin[i]);
    }

    @Override
    public String toString() {
        return "versions of " + end + " bytes (" + loaded + ")";
    }
}
