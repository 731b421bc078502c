package dev.cairn.storage.btree;

import dev.cairn.storage.memory.CacheLines;
import dev.cairn.storage.memory.PageBuffer;

/**
 * Where on an index page a key should be if the heads of keys are spread evenly, as those of hashes and of numbers in a row are. Whoever
 * guesses well saves looks at memory; what is found does not depend on it. Stateless; provisional as all that {@link BTreePage} reads.
 */
public final class KeyGuess {

    /** What {@link #fraction} counts to. */
    private static final int ALL = 1 << 16;

    private KeyGuess() {}

    /** Where a key with that head would stand among the keys between two slots. */
    static int slot(PageBuffer page, int head, int first, int last) {
        long least = BTreePage.head(page, first) & 0xFFFF_FFFFL;
        long range = (BTreePage.head(page, last) & 0xFFFF_FFFFL) - least;
        long from = (head & 0xFFFF_FFFFL) - least;
        if (from <= 0 || range <= 0) {
            return first;
        }
        return from >= range ? last : first + (int) (from * (last - first) / range);
    }

    /**
     * About where among a child's keys a key stands.
     *
     * @param page the child's parent
     * @param slot the one that leads to the child
     * @return in 65536ths
     */
    public static int fraction(PageBuffer page, int slot, byte[] key) {
        if (slot == 0 || slot + 1 >= BTreePage.count(page)) {
            return ALL / 2;
        }
        long low = BTreePage.head(page, slot) & 0xFFFF_FFFFL;
        long range = (BTreePage.head(page, slot + 1) & 0xFFFF_FFFFL) - low;
        long from = (BTreePage.head(key, BTreePage.prefixBytes(page)) & 0xFFFF_FFFFL) - low;
        return from < 0 || range <= from ? ALL / 2 : (int) (from * ALL / range);
    }

    /**
     * Loads what a search will look at into the processor's caches, all at once: header, fences, and the slots about where a key may
     * be.
     *
     * @param keys about how many there are
     * @param fraction as {@link #fraction}
     * @return of no meaning, but to be kept: else the compiler leaves the loads away
     */
    public static int load(PageBuffer page, int keys, int fraction) {
        int at = BTreePage.slotAt(keys * fraction / ALL);
        return CacheLines.load(page, 0)
                + CacheLines.load(page, page.size() - 1)
                + CacheLines.load(page, at - CacheLines.BYTES)
                + CacheLines.load(page, at)
                + CacheLines.load(page, at + CacheLines.BYTES);
    }
}
