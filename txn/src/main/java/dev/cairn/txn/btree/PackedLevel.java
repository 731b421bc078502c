package dev.cairn.txn.btree;

import dev.cairn.storage.btree.BTreePage;
import dev.cairn.storage.btree.KeyBytes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One level of a tree that is built from the left to the right: the entries of its last page, which is still open. Where a page
 * ends is decided when the entry after the next is known, as only then its high fence, and with it the prefix that its keys
 * have in common, is.
 */
final class PackedLevel {

    /** Room is left for entries that come later, as PostgreSQL's fillfactor does. */
    private static final int FILL_PERCENT = 90;
    /** So many entries always fit a page, whatever its fences are. */
    private static final int ALWAYS_FIT = 2;

    private final BTreeLoad load;
    private final int level;
    private final List<byte[]> keys = new ArrayList<>();
    private final List<Integer> children = new ArrayList<>();
    private byte[] low = KeyBytes.LEAST;
    /** 0 as long as the open page is the only one of the level. */
    private int pageNo;

    private @Nullable PackedLevel parent;
    /** What the entries take, given that prefix. */
    private int entriesBytes;

    private int prefix;

    PackedLevel(BTreeLoad load, int level) {
        this.load = load;
        this.level = level;
    }

    /** @param child the page that the entry leads to; of no meaning on a leaf */
    void add(byte[] key, int child) {
        int count = keys.size();
        if (count > 0 && !fitsBefore(key)) {
            closeAt(count - 1);
        }
        keys.add(key);
        children.add(child);
        entriesBytes += entryBytes(keys.size() - 1);
    }

    /** Whether all entries would fit a page that ends before that key. */
    private boolean fitsBefore(byte[] next) {
        int last = keys.size() - 1;
        byte[] high = level > 0 ? next : KeyBytes.separator(keys.get(last), next);
        int common = KeyBytes.commonPrefix(low, high);
        if (common != prefix) {
            prefix = common;
            entriesBytes = 0;
            for (int i = 0; i <= last; i++) {
                entriesBytes += entryBytes(i);
            }
        }
        int room = last < ALWAYS_FIT ? load.pageSize() : load.pageSize() * FILL_PERCENT / 100;
        return BTreePage.SLOTS + low.length + high.length + entriesBytes <= room;
    }

    private int entryBytes(int i) {
        int length = level > 0 && i == 0 ? 0 : keys.get(i).length - prefix;
        return BTreePage.entryBytes(level, length);
    }

    /** Writes a page of the first entries; the others begin the next one. */
    private void closeAt(int count) {
        byte[] next = keys.get(count);
        byte[] high = level > 0 ? next : KeyBytes.separator(keys.get(count - 1), next);
        int written = pageNo != 0 ? pageNo : load.allocate();
        int right = load.allocate();
        write(written, high, right, count);
        keys.subList(0, count).clear();
        children.subList(0, count).clear();
        low = high;
        pageNo = right;
        prefix = -1;
    }

    private void write(int at, byte[] high, int right, int count) {
        int[] leadTo =
                children.subList(0, count).stream().mapToInt(Integer::intValue).toArray();
        load.write(at, level, low, high, right, keys.subList(0, count).toArray(new byte[0][]), leadTo);
        if (at != BTreePage.ROOT) {
            PackedLevel above = parent;
            if (above == null) {
                above = new PackedLevel(load, level + 1);
                parent = above;
            }
            above.add(low, at);
        }
    }

    /** Writes what is left: the last page of the level, which has no high fence, or the root; then the levels above. */
    void finish() {
        int first = firstOfLastPage();
        if (first > 0) {
            closeAt(first);
        }
        write(pageNo != 0 ? pageNo : BTreePage.ROOT, KeyBytes.LEAST, 0, keys.size());
        if (parent != null) {
            parent.finish();
        }
    }

    /** The first entry from which on all fit a page without a prefix. */
    private int firstOfLastPage() {
        int first = keys.size() - 1;
        int bytes = BTreePage.SLOTS + BTreePage.entryBytes(level, keys.get(first).length);
        while (first > 0) {
            int with = bytes + BTreePage.entryBytes(level, keys.get(first - 1).length);
            if (with + fenceBefore(first - 1) > load.pageSize()) {
                break;
            }
            bytes = with;
            first--;
        }
        return first;
    }

    /** Length of the low fence of a page that begins with that entry. */
    private int fenceBefore(int i) {
        return i == 0 ? low.length : keys.get(i).length;
    }
}
