package dev.cairn.txn;

import dev.cairn.storage.btree.KeyBytes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one serializable transaction has read: of each table rows, of each index keys and ranges; who reads many of them has read the
 * whole. Others meet it through {@link Readers}, where it is entered. Guarded by its own monitor, under which nothing else is taken but
 * what {@link Readers} needs; filled by the transaction's thread, emptied by whoever finds that it cannot matter any more.
 */
final class ReadSet {

    /** Rows of one table, or keys of one index, that a transaction may have read before they become the whole. */
    private static final int MOST_SINGLE = 256;

    /** The same for ranges. */
    private static final int MOST_RANGES = 32;

    /** Entries from the first bound on, and before the second one if there is one. */
    private record Range(byte[] from, byte @Nullable [] end) {
        boolean contains(byte[] entry) {
            return KeyBytes.compare(from, entry) <= 0 && (end == null || KeyBytes.compare(entry, end) < 0);
        }
    }

    /** Of one table or index. */
    private static final class FileReads {
        private final List<Object> single = new ArrayList<>();
        private final List<Range> ranges = new ArrayList<>();
        private boolean whole;
    }

    private final Readers readers;
    private final SerialXact serial;
    private final Map<Integer, FileReads> files = new HashMap<>();
    private boolean closed;

    ReadSet(Readers readers, SerialXact serial) {
        this.readers = readers;
        this.serial = serial;
    }

    /** @param target a {@link Readers.RowTarget} or {@link Readers.KeyTarget} of that file */
    synchronized void addSingle(int fileId, Object target) {
        FileReads reads = toAddTo(fileId);
        if (reads != null && readers.enter(target, serial)) {
            reads.single.add(target);
            if (reads.single.size() > MOST_SINGLE) {
                becomeWhole(fileId, reads);
            }
        }
    }

    synchronized void addRange(int indexId, byte[] from, byte @Nullable [] end) {
        FileReads reads = toAddTo(indexId);
        if (reads != null) {
            reads.ranges.add(new Range(from, end));
            readers.enterWide(indexId, serial);
            if (reads.ranges.size() > MOST_RANGES) {
                becomeWhole(indexId, reads);
            }
        }
    }

    synchronized void addWhole(int fileId) {
        FileReads reads = toAddTo(fileId);
        if (reads != null) {
            becomeWhole(fileId, reads);
        }
    }

    /** Null if nothing is to be added any more. */
    private @Nullable FileReads toAddTo(int fileId) {
        FileReads reads = closed ? null : files.computeIfAbsent(fileId, id -> new FileReads());
        return reads == null || reads.whole ? null : reads;
    }

    private void becomeWhole(int fileId, FileReads reads) {
        reads.whole = true;
        readers.enterWide(fileId, serial);
        reads.single.forEach(target -> readers.remove(target, serial));
        reads.single.clear();
        reads.ranges.clear();
    }

    /** Whether that entry of an index is in a range that was read; for writers. */
    synchronized boolean covers(int indexId, byte[] entry) {
        FileReads reads = files.get(indexId);
        return reads != null && (reads.whole || reads.ranges.stream().anyMatch(range -> range.contains(entry)));
    }

    /** Forgets everything, and what is read from now on. Idempotent. */
    synchronized void close() {
        closed = true;
        files.forEach((fileId, reads) -> {
            reads.single.forEach(target -> readers.remove(target, serial));
            readers.removeWide(fileId, serial);
        });
        files.clear();
    }
}
