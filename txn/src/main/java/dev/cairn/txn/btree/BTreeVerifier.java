package dev.cairn.txn.btree;

import dev.cairn.storage.base.CorruptPageException;
import dev.cairn.storage.btree.BTreePage;
import dev.cairn.storage.btree.KeyBytes;
import dev.cairn.storage.memory.PageBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Judges a whole tree while nobody changes it: every page by itself, the chain of each level, and that exactly those pages
 * have an entry in the level above that say so.
 */
public final class BTreeVerifier {

    private final BTree tree;
    private final Consumer<byte[]> keys;

    private BTreeVerifier(BTree tree, Consumer<byte[]> keys) {
        this.tree = tree;
        this.keys = keys;
    }

    /**
     * Judges the tree.
     *
     * @param keys gets every key, in order
     * @throws CorruptPageException naming the page and what is wrong with it
     */
    public static void run(BTree tree, Consumer<byte[]> keys) {
        new BTreeVerifier(tree, keys).levels();
    }

    private void levels() {
        PageBuffer page = tree.context().takeBuffer();
        try {
            read(BTreePage.ROOT, page);
            Map<Integer, byte[]> linked = Map.of(BTreePage.ROOT, KeyBytes.LEAST);
            int first = BTreePage.ROOT;
            for (int level = BTreePage.level(page); level >= 0; level--) {
                read(first, page);
                int below = level > 0 ? BTreePage.child(page, 0) : 0;
                linked = level(first, level, linked);
                first = below;
            }
        } finally {
            tree.context().giveBuffer(page);
        }
    }

    /** Walks one level; returns the downlinks that it holds, each with the key where its page's range begins. */
    private Map<Integer, byte[]> level(int first, int level, Map<Integer, byte[]> linked) {
        PageBuffer page = tree.context().takeBuffer();
        try {
            Map<Integer, byte[]> downlinks = new HashMap<>();
            Map<Integer, byte[]> missing = new HashMap<>(linked);
            byte[] low = KeyBytes.LEAST;
            int pages = tree.context().cache.usedPages(tree.fileId());
            for (int pageNo = first; pageNo != 0; pageNo = BTreePage.right(page)) {
                read(pageNo, page);
                judge(page, pageNo, level, low, missing.remove(pageNo));
                collect(page, downlinks);
                low = BTreePage.high(page);
                if (--pages == 0) {
                    throw corrupt(pageNo, "its level has no end");
                }
            }
            if (!missing.isEmpty()) {
                int lost = missing.keySet().iterator().next();
                throw corrupt(lost, "the level above leads to it, the chain of its own level does not");
            }
            return downlinks;
        } finally {
            tree.context().giveBuffer(page);
        }
    }

    private void judge(
            PageBuffer page, int pageNo, int level, byte[] low, byte @org.jspecify.annotations.Nullable [] downlink) {
        if (BTreePage.isFree(page) || BTreePage.level(page) != level) {
            throw corrupt(
                    pageNo,
                    "expected a page of level " + level + ", found one of level " + BTreePage.level(page)
                            + (BTreePage.isFree(page) ? " that is free" : ""));
        }
        if (!Arrays.equals(low, BTreePage.low(page))) {
            throw corrupt(pageNo, "its range does not begin where its left neighbour's ends");
        }
        if (BTreePage.hasDownlink(page) != (downlink != null)) {
            throw corrupt(pageNo, "the level above " + (downlink == null ? "does not lead" : "leads") + " to it");
        }
        if (downlink != null && !Arrays.equals(downlink, low)) {
            throw corrupt(pageNo, "the level above says that its range begins elsewhere");
        }
    }

    private void collect(PageBuffer page, Map<Integer, byte[]> downlinks) {
        for (int slot = 0; slot < BTreePage.count(page); slot++) {
            byte[] key = BTreePage.key(page, slot);
            if (BTreePage.level(page) == 0) {
                keys.accept(key);
            } else {
                downlinks.put(BTreePage.child(page, slot), slot == 0 ? BTreePage.low(page) : key);
            }
        }
    }

    private void read(int pageNo, PageBuffer into) {
        tree.context().cache.copy(tree.fileId(), pageNo, into);
        BTreePage.check(into);
    }

    private CorruptPageException corrupt(int pageNo, String fault) {
        return new CorruptPageException(tree.fileId(), pageNo, fault);
    }
}
