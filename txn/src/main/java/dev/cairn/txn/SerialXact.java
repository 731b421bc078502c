package dev.cairn.txn;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One transaction's part in {@link Serializability}: what is known of a serializable transaction, until nobody is left who was concurrent with it: what it has read, and its
 * rw-conflicts. A conflict leads from the reader to the writer of something newer than what was read: the reader comes first
 * in any serial order. The fields are guarded by {@link Serializability}, but for the flags that say so; the public methods
 * are for the transaction's own thread.
 */
public final class SerialXact {

    /** Neither prepared nor committed yet: later than everything. */
    static final long NOT_YET = Long.MAX_VALUE;

    final Xact xact;
    private final Serializability serializability;
    long top;
    long snapshotLsn;
    /** Place in the order in which transactions were found fit to commit. */
    long order = NOT_YET;

    long commitLsn = NOT_YET;
    /** Of those that it has a conflict out to, the first to be found fit to commit; kept after they are forgotten. */
    long earliestOutOrder = NOT_YET;

    long earliestOutLsn = NOT_YET;
    boolean readOnly;
    /** Used by its own thread only. */
    boolean wrote;

    boolean finished;
    /** Has to fail. Read by its own thread without the lock. */
    volatile boolean doomed;
    /** Its snapshot can be part of no anomaly: nothing more is noted. Read by its own thread without the lock. */
    volatile boolean safe;

    boolean unsafe;
    /** Who waits for those who decide whether the snapshot is safe; null if nobody does. */
    @Nullable SafeSnapshotWait waiter;

    final Set<SerialXact> in = identitySet();
    final Set<SerialXact> out = identitySet();
    /** For a read-only transaction: writers at its begin that can still make its snapshot unsafe. */
    final Set<SerialXact> undecided = identitySet();
    /** For a writer: the read-only transactions that it is undecided for. */
    final Set<SerialXact> watchers = identitySet();

    final ReadSet reads;
    /** Itself, as {@link Readers} keeps it where nobody else has read. */
    final SerialXact[] alone = {this};

    SerialXact(Serializability serializability, Readers readers, Xact xact) {
        this.serializability = serializability;
        this.xact = xact;
        this.reads = new ReadSet(readers, this);
    }

    /**
     * To be called before a table is read whole.
     *
     * @throws dev.cairn.storage.base.TransactionException 40001, as from all these
     */
    public void readTable(int fileId) {
        serializability.readTable(this, fileId);
    }

    /** To be called before a row is read by its id. */
    public void readRow(int fileId, long rowId) {
        serializability.readRow(this, fileId, rowId);
    }

    /** To be called before all entries of an index with exactly that key are read. */
    public void readKey(int indexId, byte[] key) {
        serializability.readKey(this, indexId, key);
    }

    /** To be called before the entries of an index from {@code from} on, up to {@code end} if there is one, are read. */
    public void readKeys(int indexId, byte[] from, byte @Nullable [] end) {
        serializability.readKeys(this, indexId, from, end);
    }

    /** To be called after an entry of an index has been made, or its row has been replaced or deleted. */
    public void wroteKey(int indexId, byte[] key, byte[] entry) {
        serializability.wroteKey(this, indexId, key, entry);
    }

    /** A version was met whose writing, by that id with that status word, the snapshot does not see. */
    public void readPast(long xid, long word) {
        serializability.readPast(this, xid, word);
    }

    /** To be called after a row has been added. */
    public void inserted(int fileId) {
        serializability.wrote(this, fileId, -1);
    }

    /** To be called after a row has been replaced or deleted. */
    public void changed(int fileId, long rowId) {
        serializability.wrote(this, fileId, rowId);
    }

    private static Set<SerialXact> identitySet() {
        return Collections.newSetFromMap(new IdentityHashMap<>());
    }

    boolean isPrepared() {
        return order != NOT_YET;
    }

    boolean isConcurrentWith(SerialXact writer) {
        return commitLsn > writer.snapshotLsn && writer.commitLsn > snapshotLsn;
    }
}
