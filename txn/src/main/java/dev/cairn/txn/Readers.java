package dev.cairn.txn;

import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Who has read what, of all serializable transactions that are remembered: single rows and single keys, looked up by hashing, and for
 * each table and index those who have read more of it.
 *
 * <p>Reading and writing meet here without a lock for all. A reader is entered before it looks at any page, and a writer looks for
 * readers after it has written, with a full fence between on both sides: one of the two sees the other. Who goes over from single
 * rows or keys to the whole is entered there before it is removed here, and writers look in the other order. Thread-safe.
 */
final class Readers {

    /** One row of a table. */
    record RowTarget(int fileId, long rowId) {}

    /** All entries of an index with one key, whether there are any or not. */
    static final class KeyTarget {
        private final int indexId;
        private final byte[] key;
        private final int hash;

        KeyTarget(int indexId, byte[] key) {
            this.indexId = indexId;
            this.key = key;
            this.hash = hash(indexId, key);
        }

        /** FNV-1a: keys that follow one another differ in their last bytes, which a multiplier of 31 maps to few numbers. */
        private static int hash(int indexId, byte[] key) {
            long mixed = 0xcbf29ce484222325L ^ indexId;
            for (byte part : key) {
                mixed = (mixed ^ (part & 0xff)) * 0x100000001b3L;
            }
            return (int) (mixed ^ (mixed >>> 32));
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof KeyTarget target
                    && target.hash == hash
                    && target.indexId == indexId
                    && Arrays.equals(target.key, key);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    /** Arrays are never changed. */
    private final ConcurrentHashMap<Object, SerialXact[]> ofOne = new ConcurrentHashMap<>();

    private final ConcurrentHashMap<Integer, SerialXact[]> ofMany = new ConcurrentHashMap<>();

    /** False if it was there already. */
    boolean enter(Object target, SerialXact reader) {
        return enter(ofOne, target, reader);
    }

    /** Enters one who has read all or ranges of that table or index; false if it was there already. */
    boolean enterWide(int fileId, SerialXact reader) {
        return enter(ofMany, fileId, reader);
    }

    void remove(Object target, SerialXact reader) {
        remove(ofOne, target, reader);
    }

    void removeWide(int fileId, SerialXact reader) {
        remove(ofMany, fileId, reader);
    }

    /** A reader only enters itself, so nobody else can enter it meanwhile. */
    private static <K> boolean enter(ConcurrentHashMap<K, SerialXact[]> readers, K key, SerialXact reader) {
        SerialXact[] present = readers.get(key);
        boolean isNew = present == null || indexOf(present, reader) < 0;
        if (isNew) {
            readers.merge(key, reader.alone, Readers::joined);
        }
        VarHandle.fullFence();
        return isNew;
    }

    private static SerialXact[] joined(SerialXact[] some, SerialXact[] more) {
        SerialXact[] all = Arrays.copyOf(some, some.length + more.length);
        System.arraycopy(more, 0, all, some.length, more.length);
        return all;
    }

    private static <K> void remove(ConcurrentHashMap<K, SerialXact[]> readers, K key, SerialXact reader) {
        if (!readers.remove(key, reader.alone)) {
            readers.computeIfPresent(key, (k, present) -> without(present, reader));
        }
    }

    private static SerialXact @Nullable [] without(SerialXact[] present, SerialXact reader) {
        int at = indexOf(present, reader);
        if (at < 0) {
            return present;
        }
        int last = present.length - 1;
        SerialXact[] rest = Arrays.copyOf(present, last);
        if (at < last) {
            rest[at] = present[last];
        }
        return last == 0 ? null : rest;
    }

    private static int indexOf(SerialXact[] present, SerialXact reader) {
        for (int i = 0; i < present.length; i++) {
            if (present[i] == reader) {
                return i;
            }
        }
        return -1;
    }

    /** Adds those who have read that row, or the table as a whole; a new row is -1. */
    void ofRow(int fileId, long rowId, List<SerialXact> found) {
        VarHandle.fullFence();
        if (rowId != -1) {
            addAll(ofOne.get(new RowTarget(fileId, rowId)), found);
        }
        addAll(ofMany.get(fileId), found);
    }

    /** Adds those who have read where that entry, with that key, has been made or has lost its row. */
    void ofEntry(int indexId, byte[] key, byte[] entry, List<SerialXact> found) {
        VarHandle.fullFence();
        addAll(ofOne.get(new KeyTarget(indexId, key)), found);
        SerialXact[] wide = ofMany.get(indexId);
        if (wide != null) {
            for (SerialXact reader : wide) {
                if (reader.reads.covers(indexId, entry)) {
                    found.add(reader);
                }
            }
        }
    }

    private static void addAll(SerialXact @Nullable [] readers, List<SerialXact> found) {
        if (readers != null) {
            found.addAll(Arrays.asList(readers));
        }
    }

    /** Rows, keys, tables and indexes that somebody has read. */
    int size() {
        return ofOne.size() + ofMany.size();
    }
}
