package dev.cairn.txn.btree;

import dev.cairn.storage.base.CorruptPageException;
import dev.cairn.storage.btree.BTreePage;
import dev.cairn.storage.btree.KeyBytes;
import dev.cairn.storage.memory.PageBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Judges a whole tree while nobody changes it: every page by itself, the chain of each level, that exactly those pages
 * have an entry in the level above that say so, and that all others are free.
 */
public final class BTreeVerifier {

    /** Where the tree's pages come from. */
    public interface Pages {
        /** The tree's file. */
        int fileId();

        /** How many pages of the file are in use. */
        int usedPages();

        /** A buffer of a page's size. */
        PageBuffer take();

        /** Gives a buffer back. */
        void give(PageBuffer buffer);

        /**
         * Copies a page.
         *
         * @throws dev.cairn.storage.base.CorruptionException if it is damaged, or none of the pages in use
         */
        void copy(int pageNo, PageBuffer into);
    }

    /** Takes the keys of the leaves, in order, with the places where they stand. */
    @FunctionalInterface
    public interface Keys {
        void key(int pageNo, int slot, byte[] key);
    }

    /** A tree in the page cache. */
    private record CachedPages(BTree tree) implements Pages {
        @Override
        public int fileId() {
            return tree.fileId();
        }

        @Override
        public int usedPages() {
            return tree.context().cache.usedPages(tree.fileId());
        }

        @Override
        public PageBuffer take() {
            return tree.context().takeBuffer();
        }

        @Override
        public void give(PageBuffer buffer) {
            tree.context().giveBuffer(buffer);
        }

        @Override
        public void copy(int pageNo, PageBuffer into) {
            tree.context().cache.copy(tree.fileId(), pageNo, into);
        }
    }

    private final Pages pages;
    private final Keys keys;
    private final BitSet inTree = new BitSet();

    private BTreeVerifier(Pages pages, Keys keys) {
        this.pages = pages;
        this.keys = keys;
    }

    /**
     * Judges the tree.
     *
     * @param keys gets every key, in order
     * @throws CorruptPageException naming the page and what is wrong with it
     */
    public static void run(BTree tree, Consumer<byte[]> keys) {
        run(new CachedPages(tree), (pageNo, slot, key) -> keys.accept(key));
    }

    /** Judges a tree wherever its pages are; errors as above. */
    public static void run(Pages pages, Keys keys) {
        BTreeVerifier verifier = new BTreeVerifier(pages, keys);
        verifier.levels();
        verifier.others();
    }

    private void levels() {
        PageBuffer page = pages.take();
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
            pages.give(page);
        }
    }

    /** What is not in the tree must be free, or it would never be used again. */
    private void others() {
        PageBuffer page = pages.take();
        try {
            int used = pages.usedPages();
            for (int pageNo = inTree.nextClearBit(BTreePage.ROOT);
                    pageNo < used;
                    pageNo = inTree.nextClearBit(pageNo + 1)) {
                read(pageNo, page);
                if (!BTreePage.isFree(page)) {
                    throw corrupt(pageNo, "expected it to be free, as nothing leads to it, found it in use");
                }
            }
        } finally {
            pages.give(page);
        }
    }

    /** Walks one level; returns the downlinks that it holds, each with the key where its page's range begins. */
    private Map<Integer, byte[]> level(int first, int level, Map<Integer, byte[]> linked) {
        PageBuffer page = pages.take();
        try {
            Map<Integer, byte[]> downlinks = new HashMap<>();
            Map<Integer, byte[]> missing = new HashMap<>(linked);
            byte[] low = KeyBytes.LEAST;
            int left = pages.usedPages();
            for (int pageNo = first; pageNo != 0; pageNo = BTreePage.right(page)) {
                read(pageNo, page);
                inTree.set(pageNo);
                judge(page, pageNo, level, low, missing.remove(pageNo));
                collect(page, pageNo, downlinks);
                low = BTreePage.high(page);
                if (--left == 0) {
                    throw corrupt(pageNo, "its level has no end");
                }
            }
            if (!missing.isEmpty()) {
                int lost = missing.keySet().iterator().next();
                throw corrupt(lost, "the level above leads to it, the chain of its own level does not");
            }
            return downlinks;
        } finally {
            pages.give(page);
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

    private void collect(PageBuffer page, int pageNo, Map<Integer, byte[]> downlinks) {
        for (int slot = 0; slot < BTreePage.count(page); slot++) {
            byte[] key = BTreePage.key(page, slot);
            if (BTreePage.level(page) == 0) {
                keys.key(pageNo, slot, key);
            } else {
                downlinks.put(BTreePage.child(page, slot), slot == 0 ? BTreePage.low(page) : key);
            }
        }
    }

    private void read(int pageNo, PageBuffer into) {
        pages.copy(pageNo, into);
        BTreePage.check(into);
    }

    private CorruptPageException corrupt(int pageNo, String fault) {
        return new CorruptPageException(pages.fileId(), pageNo, fault);
    }
}
