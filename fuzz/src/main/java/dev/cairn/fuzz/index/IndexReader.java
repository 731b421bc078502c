package dev.cairn.fuzz.index;

import dev.cairn.storage.base.CrashPoint;
import dev.cairn.storage.base.Scheduler;
import dev.cairn.storage.btree.KeyCodec;
import dev.cairn.txn.btree.BTree;
import dev.cairn.txn.btree.BTreeCursor;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NavigableSet;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;

/** Goes through ranges of keys while they are changed: those that nobody touches come all, in order and once. One machine's. */
final class IndexReader {

    private static final int LOOKUPS = 8;

    private final BTree tree;
    private final NavigableSet<byte[]> stay;
    private final SplittableRandom random;
    private final boolean descending;
    private final Scheduler scheduler;
    private final LongSupplier progress;
    private long seen = -1;

    /**
     * @param scheduler lets others run between two keys, so that the tree changes under the cursor
     * @param progress of the writers: a reader that nobody interrupts waits for it, lest it keeps them from running
     */
    IndexReader(
            BTree tree,
            NavigableSet<byte[]> stay,
            SplittableRandom random,
            boolean descending,
            Scheduler scheduler,
            LongSupplier progress) {
        this.scheduler = scheduler;
        this.tree = tree;
        this.stay = stay;
        this.random = random;
        this.descending = descending;
        this.progress = progress;
    }

    boolean step() {
        long now = progress.getAsLong();
        if (now == seen) {
            return false;
        }
        seen = now;
        byte[] from = IndexWriter.key(random.nextInt(IndexWriter.NUMBERS / 2));
        byte[] to = IndexWriter.key(IndexWriter.NUMBERS / 2 + random.nextInt(IndexWriter.NUMBERS / 2));
        NavigableSet<byte[]> range = stay.subSet(from, true, to, false);
        Iterator<byte[]> wanted = (descending ? range.descendingSet() : range).iterator();
        byte[] before = null;
        try (BTreeCursor cursor = descending ? tree.descending(from, to) : tree.ascending(from, to)) {
            while (cursor.next()) {
                byte[] key = cursor.key();
                int order = before == null ? 0 : Arrays.compareUnsigned(key, before);
                if (before != null && (descending ? order >= 0 : order <= 0)) {
                    throw new IllegalStateException("a scan" + way() + " gives keys out of order");
                }
                before = key;
                scheduler.point(CrashPoint.CACHE_READ);
                if (stay.contains(key) && !(wanted.hasNext() && Arrays.equals(wanted.next(), key))) {
                    throw new IllegalStateException("a scan" + way() + " leaves out a key that is there all the time");
                }
            }
        }
        if (wanted.hasNext()) {
            throw new IllegalStateException("a scan" + way() + " ends before its range");
        }
        lookUp(range);
        return true;
    }

    /** Some of the keys that are there all the time, each by all but its row id. */
    private void lookUp(NavigableSet<byte[]> range) {
        long[] rowIds = new long[2];
        int count = 0;
        for (byte[] key : descending ? range.descendingSet() : range) {
            int found = tree.rowIds(Arrays.copyOf(key, key.length - KeyCodec.ROW_ID_BYTES), rowIds);
            // Less than 0: a cursor is to look for it, as it may go on behind the page.
            if (found >= 0 && (found != 1 || !Arrays.equals(IndexWriter.key((int) rowIds[0]), key))) {
                throw new IllegalStateException("a key that is there all the time is found " + found + " times");
            }
            if (++count == LOOKUPS) {
                return;
            }
        }
    }

    private String way() {
        return descending ? " backwards" : "";
    }
}
