package dev.cairn.txn.heap;

import dev.cairn.storage.cache.ResidentPages;
import dev.cairn.storage.heap.HeapPage;
import dev.cairn.storage.heap.RowIds;
import dev.cairn.storage.heap.TupleFlags;
import dev.cairn.storage.heap.TupleHeader;
import dev.cairn.storage.memory.CacheLines;
import dev.cairn.storage.memory.LineBatch;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.page.PageHeader;
import dev.cairn.txn.Snapshot;
import dev.cairn.txn.Visibility;
import dev.cairn.txn.Xact;
import java.util.Arrays;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The versions that a snapshot sees of several rows to which entries of an index lead. Rows that follow one another in an index
 * stand anywhere in the heap, so what a row costs is the waiting for memory. Here each step of the way to a row is taken for all of them
 * before the next one is: what one step loads for them, and what it decides, does not depend on each other, and the processor
 * does much of it at the same time.
 *
 * <p>Each row is read optimistically, from the moment when its page was found to when its copy is complete. What was disturbed, and
 * rows whose first version is not what the snapshot sees, are read one by one, as {@link VersionChain} does. Of a page on which all
 * versions are equally long and in order that is noted once, and then neither its header nor its line pointers are read.
 *
 * <p>The rows are copied one behind the other, and shown where they then stand. A view keeps showing its row until it is given
 * another one: as long as one view has got all of them, their place is used again, else it is left to those views.
 *
 * <p>Used again and again, it allocates nothing once it has grown to the rows' size. Not thread-safe.
 */
public final class VersionBatch {

    /** The most rows at a time: enough to wait for together, and their pages' lines fit the processor's nearest cache with room to spare. */
    public static final int MOST = 32;

    private static final int FIRST_CAPACITY = 1024;
    /** A power of two. */
    private static final int REMEMBERED = 1024;

    private static final long[] NONE = {};
    private static final ToIntFunction<PageBuffer> LAYOUT = HeapPage::layout;

    private final HeapContext context;
    private final int fileId;
    private final VersionChain versions;
    private final ResidentPages pages;
    private final int[] pointers = new int[MOST];
    private final LineBatch lines = new LineBatch((2 + LineBatch.STRETCH_LINES) * MOST);
    // Of what was found.
    private final long[] ids = new long[MOST];
    private final long[] xmin = new long[MOST];
    private final int[] starts = new int[MOST];
    private final int[] lengths = new int[MOST];
    private byte[] rows = new byte[FIRST_CAPACITY];
    private int end;

    /** How long versions are, if all are like the last one. */
    private int versionBytes;

    /** Whether most of the versions stood where they would stand if all were like the one before. */
    private boolean guesses;

    private final TupleView single = new TupleView();
    private @Nullable TupleView shownIn;
    private boolean shownElsewhere;

    /** Ids, each at its lowest bits, that the snapshot sees since they have committed before it was taken. */
    private long[] seen;

    private final long[] lastSeen = new long[1];
    private long[] allSeen = NONE;
    private @Nullable Snapshot seenBy;
    /** Of no meaning: it keeps the compiler from leaving loads away. */
    private int loaded;

    VersionBatch(HeapContext context, int fileId, VersionChain versions) {
        this.context = context;
        this.fileId = fileId;
        this.versions = versions;
        this.pages = context.cache.residentPages(MOST);
        this.seen = lastSeen;
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
        pages.find(fileId, rowIds, RowIds.PAGE_SHIFT, count);
        findPointers(rowIds, count);
        return copy(xact, snapshot, rowIds, count);
    }

    /** For another snapshot, or in a scan that has turned out to be a long one: what was seen is to be found anew. */
    @SuppressWarnings("ReferenceEquality")
    private void remember(Snapshot snapshot, int count) {
        if (seenBy != snapshot || (count == MOST && seen == lastSeen)) {
            if (count == MOST && allSeen == NONE) {
                allSeen = new long[REMEMBERED];
            }
            seen = count == MOST ? allSeen : lastSeen;
            Arrays.fill(seen, 0);
            seenBy = snapshot;
        }
    }

    /** Also has the versions loaded: where they are known to stand, or should, together with their page's header; else afterwards. */
    private void findPointers(long[] rowIds, int count) {
        for (int i = 0; i < count; i++) {
            pointers[i] = 0;
            if (pages.isFound(i)) {
                gather(i, RowIds.slot(rowIds[i]));
            }
        }
        loaded += lines.load();
        int looked = 0;
        int right = 0;
        for (int i = 0; i < count; i++) {
            if (pages.isFound(i) && !isRegular(i)) {
                looked++;
                right += look(i, RowIds.slot(rowIds[i])) ? 1 : 0;
                if (count == MOST && pages.layout(i) == 0) {
                    pages.describe(i, LAYOUT);
                }
            }
        }
        loaded += lines.load();
        versionBytes = HeapPage.versionBytes(pointers[count - 1]);
        if (looked > 0) {
            guesses = right > looked / 2;
        }
    }

    /** Whether it is known where the versions of a page stand. */
    private boolean isRegular(int i) {
        return pages.layout(i) > 0;
    }

    private void gather(int i, int slot) {
        PageBuffer page = pages.page(i);
        if (isRegular(i)) {
            int pointer = HeapPage.pointer(pages.layout(i), page, slot);
            lines.addStretch(page, HeapPage.versionAt(pointer), HeapPage.versionBytes(pointer));
            pointers[i] = pointer;
            return;
        }
        lines.add(page, 0);
        lines.add(page, HeapPage.pointerAt(slot));
        if (guesses) {
            lines.addStretch(page, HeapPage.expectedAt(page, slot, versionBytes), versionBytes);
        }
    }

    /** Takes over a line pointer; returns whether the version stands where it was expected. */
    private boolean look(int i, int slot) {
        PageBuffer page = pages.page(i);
        int pointer = HeapPage.pointer(page, slot);
        int at = HeapPage.versionAt(pointer);
        boolean expected = Math.abs(at - HeapPage.expectedAt(page, slot, versionBytes)) < CacheLines.BYTES;
        if (!expected || !guesses) {
            lines.addStretch(page, at, HeapPage.versionBytes(pointer));
        }
        pointers[i] = pointer;
        return expected;
    }

    private int copy(Xact xact, Snapshot snapshot, long[] rowIds, int count) {
        int found = 0;
        boolean hasSeen = false;
        for (int i = 0; i < count; i++) {
            if (copy(xact, snapshot, rowIds[i], i, found)) {
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

    /** Takes over the version of a row as the one of that number if the snapshot sees it, and it was not disturbed. */
    private boolean copy(Xact xact, Snapshot snapshot, long rowId, int i, int number) {
        int pointer = pointers[i];
        if (!pages.isFound(i)) {
            return false;
        }
        PageBuffer page = pages.page(i);
        if (!HeapPage.isInside(page, pointer)) {
            return false;
        }
        int at = HeapPage.versionAt(pointer);
        int length = HeapPage.versionBytes(pointer) - TupleHeader.BYTES;
        long xidBase = isRegular(i) ? 0 : PageHeader.xidBase(page);
        long madeBy = HeapPage.xminAt(page, at, xidBase);
        long deletedBy = HeapPage.xmaxAt(page, at, xidBase);
        int command = HeapPage.commandAt(page, at);
        int flags = HeapPage.flagsAt(page, at);
        makeRoom(length);
        page.get(at + TupleHeader.BYTES, rows, end, length);
        if ((flags & TupleFlags.HEAP_ONLY) != 0
                || !pages.validate(i)
                || !isSeen(madeBy, deletedBy, command, flags, xact, snapshot)) {
            return false;
        }
        keep(number, rowId, madeBy, length);
        return true;
    }

    /** The row behind the ones before becomes the one of that number. */
    private void keep(int number, long rowId, long madeBy, int length) {
        ids[number] = rowId;
        xmin[number] = madeBy;
        starts[number] = end;
        lengths[number] = length;
        end += length;
    }

    private void makeRoom(int bytes) {
        if (bytes > rows.length - end) {
            rows = Arrays.copyOf(rows, Integer.highestOneBit(end + bytes) << 1);
        }
    }

    private boolean isSeen(long madeBy, long deletedBy, int command, int flags, Xact xact, Snapshot snapshot) {
        int place = (int) madeBy & seen.length - 1;
        if (deletedBy == 0 && seen[place] == madeBy) {
            return true;
        }
        boolean visible = Visibility.isVisible(madeBy, deletedBy, command, flags, xact, snapshot, context.window);
        if (visible && (flags & TupleFlags.FROZEN) == 0 && !xact.isMine(madeBy)) {
            seen[place] = madeBy;
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
        keep(number, single.rowId(), single.xmin(), single.length());
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
