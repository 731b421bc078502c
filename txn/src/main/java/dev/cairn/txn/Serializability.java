package dev.cairn.txn;

import dev.cairn.storage.base.SqlState;
import dev.cairn.storage.base.TransactionException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Serializable snapshot isolation after Ports and Grittner, "Serializable Snapshot Isolation in PostgreSQL" (2012): every
 * cycle among transactions that read snapshots has a pivot with an rw-conflict in and one out, T1 to T2 to T3, where T3 is the
 * first of the three to commit; if T1 only reads, T3 has committed before T1's snapshot. Whoever completes such a structure
 * fails, or the pivot does, so that no cycle can form. Some fail without need.
 *
 * <p>What a transaction has read is remembered row by row, key by key and range by range, or as a whole table or index where
 * it has scanned it or has read much of it ({@link ReadSet}). A writer looks for its readers ({@link Readers}) after it has written; a
 * reader has remembered before it looks: one of the two sees the other.
 * Transactions are remembered after their commit as long as somebody is open who was concurrent. Reads of a rolled-back
 * savepoint count.
 *
 * <p>Conflicts and the ends of transactions are guarded by this object's monitor, which may be taken under every other lock and latch;
 * under it only read sets are emptied. Reading takes it only where a conflict is found, and so does writing. Thread-safe.
 */
final class Serializability {

    /** Finished transactions that are kept for the sake of the oldest open one, before that one has to fail. */
    static final int MOST_FINISHED = 16_384;

    private final Map<Long, SerialXact> byTop = new ConcurrentHashMap<>();
    private final Map<Long, SerialXact> byCommit = new ConcurrentHashMap<>();
    private final Set<SerialXact> open = new LinkedHashSet<>();
    private final ArrayDeque<SerialXact> finished = new ArrayDeque<>();
    private final Readers readers = new Readers();
    private long lastOrder;

    /** Registers a transaction before its snapshot is taken, so that nothing it will be concurrent with is forgotten. */
    synchronized SerialXact register(Xact xact, boolean readOnly) {
        SerialXact serial = new SerialXact(this, readers, xact);
        serial.readOnly = readOnly;
        open.add(serial);
        return serial;
    }

    /** Its snapshot has been taken. Those who were open then may have ended meanwhile. */
    synchronized void begun(SerialXact serial, long snapshotLsn) {
        serial.snapshotLsn = snapshotLsn;
        if (!serial.readOnly || serial.doomed) {
            return;
        }
        for (SerialXact other : finished) {
            serial.unsafe |= other.commitLsn > snapshotLsn && other.earliestOutLsn <= snapshotLsn;
        }
        for (SerialXact other : open) {
            if (!other.readOnly) {
                serial.undecided.add(other);
                other.watchers.add(serial);
            }
        }
        serial.safe = serial.undecided.isEmpty() && !serial.unsafe;
        if (serial.safe) {
            open.remove(serial);
        }
    }

    /** The transaction has an id now, under which others meet what it writes. */
    void assigned(SerialXact serial, long top) {
        serial.top = top;
        byTop.put(top, serial);
    }

    // --- safe snapshots

    synchronized boolean isDecided(SerialXact serial) {
        return serial.safe || serial.unsafe;
    }

    synchronized boolean enter(SerialXact serial, SafeSnapshotWait wait) {
        serial.waiter = wait;
        return !isDecided(serial);
    }

    synchronized void leave(SerialXact serial) {
        serial.waiter = null;
    }

    synchronized List<Xact> undecided(SerialXact serial) {
        return serial.undecided.stream().map(other -> other.xact).toList();
    }

    private void decide(SerialXact writer, List<SafeSnapshotWait> decided) {
        for (SerialXact reader : writer.watchers) {
            reader.undecided.remove(writer);
            if (writer.finished && writer.earliestOutLsn <= reader.snapshotLsn) {
                reader.unsafe = true;
            }
            if (reader.undecided.isEmpty() && !reader.unsafe && !reader.finished) {
                reader.safe = true;
                forget(reader);
                open.remove(reader);
            }
            if (reader.waiter != null && isDecided(reader)) {
                decided.add(reader.waiter);
            }
        }
        writer.watchers.clear();
    }

    // --- reads and writes

    /** @throws TransactionException 40001 if the transaction has to fail */
    static void requireFit(SerialXact serial) {
        if (serial.doomed) {
            throw failure();
        }
    }

    private static TransactionException failure() {
        return new TransactionException(
                SqlState.SERIALIZATION_FAILURE,
                "could not serialize access due to read/write dependencies among transactions");
    }

    /** To be called before a table is read whole. */
    void readTable(SerialXact serial, int fileId) {
        requireFit(serial);
        if (!serial.safe) {
            serial.reads.addWhole(fileId);
        }
    }

    /** To be called before a row is read by its id. */
    void readRow(SerialXact serial, int fileId, long rowId) {
        requireFit(serial);
        if (!serial.safe) {
            serial.reads.addSingle(fileId, new Readers.RowTarget(fileId, rowId));
        }
    }

    /** To be called before all entries of an index with exactly that key are read. */
    void readKey(SerialXact serial, int indexId, byte[] key) {
        requireFit(serial);
        if (!serial.safe) {
            serial.reads.addSingle(indexId, new Readers.KeyTarget(indexId, key));
        }
    }

    /** To be called before the entries of an index in that range are read. */
    void readKeys(SerialXact serial, int indexId, byte[] from, byte @Nullable [] end) {
        requireFit(serial);
        if (!serial.safe) {
            serial.reads.addRange(indexId, from, end);
        }
    }

    /**
     * A reader has met what it does not see: {@code xid}, whose status word is {@code word}, has written it.
     *
     * @throws TransactionException 40001
     */
    void readPast(SerialXact reader, long xid, long word) {
        requireFit(reader);
        SerialXact writer = reader.safe ? null : writerOf(xid, word);
        if (writer != null && writer != reader) {
            synchronized (this) {
                conflict(reader, writer, reader);
            }
        }
    }

    private @Nullable SerialXact writerOf(long xid, long word) {
        SerialXact writer = byTop.get(xid);
        if (writer != null) {
            return writer;
        }
        return switch (StatusWindow.tag(word)) {
            case StatusWindow.IN_PROGRESS, StatusWindow.SUBCOMMITTED -> byTop.get(StatusWindow.value(word));
            case StatusWindow.COMMITTED -> byCommit.get(StatusWindow.value(word));
            default -> null;
        };
    }

    /**
     * To be called after a row has been written: inserted, if {@code rowId} is -1, or replaced or deleted.
     *
     * @throws TransactionException 40001
     */
    void wrote(SerialXact writer, int fileId, long rowId) {
        requireFit(writer);
        writer.wrote = true;
        List<SerialXact> found = new ArrayList<>();
        readers.ofRow(fileId, rowId, found);
        conflicts(found, writer);
    }

    /**
     * To be called after an entry of an index has been made, or its row has been replaced or deleted.
     *
     * @throws TransactionException 40001
     */
    void wroteKey(SerialXact writer, int indexId, byte[] key, byte[] entry) {
        requireFit(writer);
        writer.wrote = true;
        List<SerialXact> found = new ArrayList<>();
        readers.ofEntry(indexId, key, entry, found);
        conflicts(found, writer);
    }

    // --- conflicts

    /** Whoever has been forgotten since it was found is not concurrent any more, or will never commit. */
    private void conflicts(List<SerialXact> found, SerialXact writer) {
        if (found.isEmpty()) {
            return;
        }
        synchronized (this) {
            for (SerialXact reader : found) {
                if (reader.isConcurrentWith(writer)) {
                    conflict(reader, writer, writer);
                }
            }
        }
    }

    private void conflict(SerialXact reader, SerialXact writer, SerialXact self) {
        if (reader == writer || reader.doomed || writer.doomed || reader.safe || !reader.out.add(writer)) {
            return;
        }
        writer.in.add(reader);
        noteOut(reader, writer);
        if (!isDangerous(reader, writer)) {
            return;
        }
        if (self == writer || writer.isPrepared()) {
            doom(self);
            throw failure();
        }
        doom(writer);
    }

    private static void noteOut(SerialXact reader, SerialXact writer) {
        reader.earliestOutOrder = Math.min(reader.earliestOutOrder, writer.order);
        reader.earliestOutLsn = Math.min(reader.earliestOutLsn, writer.commitLsn);
    }

    /** Whether the new conflict completes a structure whose last transaction commits first, seen from either end. */
    private static boolean isDangerous(SerialXact reader, SerialXact writer) {
        boolean writerIsPivot = writer.earliestOutOrder != SerialXact.NOT_YET
                && writer.earliestOutOrder <= reader.order
                && writer.earliestOutOrder <= writer.order
                && (!reader.readOnly || writer.earliestOutLsn <= reader.snapshotLsn);
        return writerIsPivot || (writer.isPrepared() && isPivotBefore(reader, writer));
    }

    /** Whether somebody has a conflict to {@code pivot} that makes its conflict to {@code last} dangerous. */
    private static boolean isPivotBefore(SerialXact pivot, SerialXact last) {
        for (SerialXact first : pivot.in) {
            if (!first.doomed
                    && first.order >= last.order
                    && pivot.order >= last.order
                    && (!first.readOnly || first.snapshotLsn >= last.commitLsn)) {
                return true;
            }
        }
        return false;
    }

    /** It will never commit, so nobody needs to mind it. */
    private void doom(SerialXact serial) {
        serial.doomed = true;
        forget(serial);
        open.remove(serial);
    }

    // --- the end

    /**
     * The transaction is about to commit; from here on it cannot be made to fail. Those that have written come here in the
     * order of their COMMITs: who was prepared first is also the first that others see.
     *
     * @throws TransactionException 40001
     */
    synchronized void prepare(SerialXact serial) {
        if (serial.doomed) {
            throw failure();
        }
        if (serial.safe) {
            return;
        }
        for (SerialXact pivot : List.copyOf(serial.in)) {
            if (!pivot.isPrepared() && !pivot.doomed && hasOpenReader(pivot, serial)) {
                doom(pivot);
            }
        }
        serial.order = ++lastOrder;
        serial.readOnly |= !serial.wrote;
        for (SerialXact reader : serial.in) {
            noteOut(reader, serial);
        }
    }

    private static boolean hasOpenReader(SerialXact pivot, SerialXact last) {
        for (SerialXact first : pivot.in) {
            if (first == last || (!first.isPrepared() && !first.doomed && !first.readOnly)) {
                return true;
            }
        }
        return false;
    }

    /** Its COMMIT has this LSN, and is not published yet. */
    synchronized void logged(SerialXact serial, long commitLsn) {
        serial.commitLsn = commitLsn;
        byCommit.put(commitLsn, serial);
        for (SerialXact reader : serial.in) {
            noteOut(reader, serial);
        }
    }

    /** It has committed. Returns the waits that can go on, to be settled. */
    List<SafeSnapshotWait> committed(SerialXact serial, long publishLsn) {
        List<SafeSnapshotWait> decided = new ArrayList<>();
        if (serial.safe) {
            return decided;
        }
        List<SerialXact> old;
        synchronized (this) {
            serial.finished = true;
            if (serial.commitLsn == SerialXact.NOT_YET) {
                serial.commitLsn = publishLsn;
            }
            decide(serial, decided);
            if (open.remove(serial)) {
                finished.add(serial);
            }
            old = takeTheOld();
        }
        old.forEach(forgotten -> forgotten.reads.close());
        return decided;
    }

    /** It has rolled back, perhaps after {@link #prepare}. Returns the waits that can go on, to be settled. */
    List<SafeSnapshotWait> rolledBack(SerialXact serial) {
        List<SafeSnapshotWait> decided = new ArrayList<>();
        List<SerialXact> old;
        synchronized (this) {
            doom(serial);
            decide(serial, decided);
            for (SerialXact writer : serial.undecided) {
                writer.watchers.remove(serial);
            }
            old = takeTheOld();
        }
        old.forEach(forgotten -> forgotten.reads.close());
        return decided;
    }

    /**
     * Takes leave of those that committed before the snapshots of all who are open. What they have read is left to be forgotten without
     * the monitor, as it may be much; who still meets it finds that they are not concurrent.
     */
    private List<SerialXact> takeTheOld() {
        List<SerialXact> old = new ArrayList<>();
        long oldest = Long.MAX_VALUE;
        for (SerialXact serial : open) {
            oldest = Math.min(oldest, serial.snapshotLsn);
        }
        while (!finished.isEmpty() && finished.peek().commitLsn <= oldest) {
            SerialXact serial = finished.remove();
            unlink(serial);
            old.add(serial);
        }
        if (finished.size() > MOST_FINISHED && !open.isEmpty()) {
            doom(open.iterator().next());
        }
        return old;
    }

    private void forget(SerialXact serial) {
        unlink(serial);
        serial.reads.close();
    }

    private void unlink(SerialXact serial) {
        for (SerialXact reader : serial.in) {
            reader.out.remove(serial);
        }
        for (SerialXact writer : serial.out) {
            writer.in.remove(serial);
        }
        serial.in.clear();
        serial.out.clear();
        byTop.remove(serial.top, serial);
        byCommit.remove(serial.commitLsn, serial);
    }

    /** How much is remembered: transactions and reads. */
    synchronized int size() {
        return open.size() + finished.size() + readers.size() + byTop.size() + byCommit.size();
    }
}
