package dev.cairn.txn.btree;

import dev.cairn.storage.btree.BTreePage;
import dev.cairn.storage.btree.KeyBytes;
import dev.cairn.storage.memory.PageBuffer;

/**
 * Where a full page is parted: in the middle of its bytes, but at the tree's right edge so that nine tenths stay, because
 * keys that ascend never come back.
 *
 * @param at the first entry that goes to the right
 * @param separator where the right page's range begins; on leaves as short as can be
 */
record SplitPoint(int at, byte[] separator) {

    private static final int EDGE_PERCENT = 90;
    private static final int MIDDLE_PERCENT = 50;

    /** @param key what had no room, and is not on the page */
    static SplitPoint of(PageBuffer page, byte[] key) {
        int count = BTreePage.count(page);
        if (BTreePage.level(page) == 0 && count == 1) {
            byte[] only = BTreePage.key(page, 0);
            return KeyBytes.compare(key, only) < 0
                    ? new SplitPoint(0, KeyBytes.separator(key, only))
                    : new SplitPoint(1, KeyBytes.separator(only, key));
        }
        boolean edge = BTreePage.right(page) == 0 && BTreePage.lowerBound(page, key) == count;
        int at = atPercent(page, count, edge ? EDGE_PERCENT : MIDDLE_PERCENT);
        byte[] first = BTreePage.key(page, at);
        return new SplitPoint(
                at, BTreePage.level(page) > 0 ? first : KeyBytes.separator(BTreePage.key(page, at - 1), first));
    }

    private static int atPercent(PageBuffer page, int count, int percent) {
        long all = 0;
        for (int slot = 0; slot < count; slot++) {
            all += BTreePage.entryBytes(page, BTreePage.keyBytes(page, slot));
        }
        long left = 0;
        int at = 0;
        while (at < count - 1 && (at == 0 || left * 100 < all * percent)) {
            left += BTreePage.entryBytes(page, BTreePage.keyBytes(page, at));
            at++;
        }
        return at;
    }
}
