package dev.cairn.txn.heap;

import dev.cairn.storage.cache.Frame;
import dev.cairn.txn.Snapshot;
import dev.cairn.txn.Xact;
import org.jspecify.annotations.Nullable;

/**
 * The versions that a snapshot sees of several rows to which entries of an index lead. Rows that follow one another in an index
 * stand anywhere in the heap, so what a row costs is the waiting for memory: here it is spent for all of them at once, before the first
 * is read.
 *
 * <p>Used again and again, it allocates nothing once its views have grown to the rows' size. Not thread-safe.
 */
public final class VersionBatch {

    /** The most rows at a time: their pages' lines fit the processor's nearest cache. */
    public static final int MOST = 64;

    private final TupleReader reader;
    private final VersionChain versions;
    private final @Nullable Frame[] frames = new @Nullable Frame[MOST];
    private final TupleView[] found = new TupleView[MOST];
    private int count;
    private int touched;

    VersionBatch(TupleReader reader, VersionChain versions) {
        this.reader = reader;
        this.versions = versions;
    }

    /**
     * Finds the versions, as {@link VersionChain#find} does one by one.
     *
     * @param rowIds at most {@link #MOST}
     * @return how many of them the snapshot sees; they stand in the same order
     */
    public int find(Xact xact, Snapshot snapshot, long[] rowIds, int rows) {
        touched += reader.touch(rowIds, rows, frames);
        count = 0;
        for (int i = 0; i < rows; i++) {
            if (versions.find(xact, snapshot, rowIds[i], frames[i])) {
                TupleView spare = found[count];
                found[count++] = versions.exchange(spare == null ? new TupleView() : spare);
            }
        }
        return count;
    }

    /** One of the versions found, counted from 0; good until others are looked for. */
    public TupleView tuple(int i) {
        return found[i];
    }

    /** As {@link #tuple}, but the view is given away for another one. */
    public TupleView exchange(int i, TupleView spare) {
        TupleView view = found[i];
        found[i] = spare;
        return view;
    }

    @Override
    public String toString() {
        return count + " versions (" + touched + ")";
    }
}
