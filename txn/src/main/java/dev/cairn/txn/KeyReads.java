package dev.cairn.txn;

import dev.cairn.storage.btree.KeyBytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What serializable transactions have read by way of indexes, whether there was anything or not: single keys, which are looked
 * up by hashing, and ranges, of which there are few. Who reads many has read the whole index. Guarded by {@link
 * Serializability}'s monitor.
 */
final class KeyReads {

    /** Single keys of one index that a transaction may have read before they become the whole index. */
    static final int MOST_KEYS = 256;

    /** The same for ranges. */
    static final int MOST_RANGES = 32;

    /** Entries from the first bound on, and before the second one if there is one. */
    private record Range(byte[] from, byte @Nullable [] end) {
        boolean contains(byte[] entry) {
            return KeyBytes.compare(from, entry) <= 0 && (end == null || KeyBytes.compare(entry, end) < 0);
        }
    }

    /** What one transaction has read of one index. */
    static final class Reads {
        private final Set<ByteBuffer> keys = new HashSet<>();
        private final List<Range> ranges = new ArrayList<>();
        private boolean whole;

        private boolean covers(byte[] entry) {
            return whole || ranges.stream().anyMatch(range -> range.contains(entry));
        }
    }

    /** Who has read of one index. */
    private static final class Readers {
        private final Map<ByteBuffer, Set<SerialXact>> byKey = new HashMap<>();
        private final Set<SerialXact> ofRanges = identitySet();
    }

    private final Map<Integer, Readers> indexes = new HashMap<>();

    private static Set<SerialXact> identitySet() {
        return Collections.newSetFromMap(new IdentityHashMap<>());
    }

    private static Reads readsOf(SerialXact serial, int fileId) {
        return serial.keyReads.computeIfAbsent(fileId, id -> new Reads());
    }

    private Readers readersOf(int fileId) {
        return indexes.computeIfAbsent(fileId, id -> new Readers());
    }

    void readKey(SerialXact serial, int fileId, byte[] key) {
        Reads reads = readsOf(serial, fileId);
        ByteBuffer wrapped = ByteBuffer.wrap(key);
        if (reads.whole || !reads.keys.add(wrapped)) {
            return;
        }
        if (reads.keys.size() > MOST_KEYS) {
            readWhole(serial, fileId, reads);
        } else {
            readersOf(fileId)
                    .byKey
                    .computeIfAbsent(wrapped, id -> identitySet())
                    .add(serial);
        }
    }

    void readRange(SerialXact serial, int fileId, byte[] from, byte @Nullable [] end) {
        Reads reads = readsOf(serial, fileId);
        if (reads.whole) {
            return;
        }
        reads.ranges.add(new Range(from, end));
        if (reads.ranges.size() > MOST_RANGES) {
            readWhole(serial, fileId, reads);
        } else {
            readersOf(fileId).ofRanges.add(serial);
        }
    }

    private void readWhole(SerialXact serial, int fileId, Reads reads) {
        forgetKeys(serial, readersOf(fileId), reads);
        reads.whole = true;
        reads.ranges.clear();
        readersOf(fileId).ofRanges.add(serial);
    }

    /** Adds those who have read where that entry, with that key, has been made or has lost its row. */
    void addReaders(int fileId, byte[] key, byte[] entry, List<SerialXact> found) {
        Readers readers = indexes.get(fileId);
        if (readers == null) {
            return;
        }
        found.addAll(readers.byKey.getOrDefault(ByteBuffer.wrap(key), Set.of()));
        for (SerialXact reader : readers.ofRanges) {
            Reads reads = reader.keyReads.get(fileId);
            if (reads != null && reads.covers(entry)) {
                found.add(reader);
            }
        }
    }

    void forget(SerialXact serial) {
        serial.keyReads.forEach((fileId, reads) -> {
            Readers readers = indexes.get(fileId);
            if (readers != null) {
                forgetKeys(serial, readers, reads);
                readers.ofRanges.remove(serial);
                if (readers.byKey.isEmpty() && readers.ofRanges.isEmpty()) {
                    indexes.remove(fileId);
                }
            }
        });
        serial.keyReads.clear();
    }

    private static void forgetKeys(SerialXact serial, Readers readers, Reads reads) {
        for (ByteBuffer key : reads.keys) {
            Set<SerialXact> ofKey = readers.byKey.get(key);
            if (ofKey != null && ofKey.remove(serial) && ofKey.isEmpty()) {
                readers.byKey.remove(key);
            }
        }
        reads.keys.clear();
    }

    /** Indexes that somebody has read. */
    int size() {
        return indexes.size();
    }
}
