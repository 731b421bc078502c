package dev.cairn.storage.cache;

/**
 * Pages of one file that were written since its last sync began, each with its pageLsn: if one of them comes back older,
 * the write was lost. Two generations, since writes go on while a sync runs. Thread-safe.
 */
final class UnsyncedWrites {

    private Generation current = new Generation();
    private Generation syncing = new Generation();

    /** To be called after the write is complete and before the page can be read back. */
    synchronized void record(int pageNo, long pageLsn) {
        current.put(pageNo, pageLsn);
    }

    /** The pageLsn of the page on disk; 0 if nothing is known. */
    synchronized long pageLsn(int pageNo) {
        // The latest write counts, not the highest LSN: redo may take a page back to an older image.
        return current.contains(pageNo) ? current.get(pageNo) : syncing.get(pageNo);
    }

    /** Pages that the next sync will cover. */
    synchronized int size() {
        return current.size;
    }

    /** A sync begins; false if it would have nothing to do. One at a time. */
    synchronized boolean beginSync() {
        if (current.size == 0) {
            return false;
        }
        syncing = current;
        current = new Generation();
        return true;
    }

    /** The sync that began last has succeeded. */
    synchronized void endSync() {
        syncing = new Generation();
    }

    /** An open-addressing map from page number to LSN. */
    private static final class Generation {
        private static final int FIRST_CAPACITY = 16;
        private static final int HASH = 0x9E3779B9;

        /** Page number + 1; 0 is free. */
        private int[] pages = new int[FIRST_CAPACITY];

        private long[] lsns = new long[FIRST_CAPACITY];
        private int size;

        boolean contains(int pageNo) {
            return pages[find(pageNo)] != 0;
        }

        long get(int pageNo) {
            int at = find(pageNo);
            return pages[at] == 0 ? 0 : lsns[at];
        }

        void put(int pageNo, long lsn) {
            int at = find(pageNo);
            if (pages[at] == 0) {
                if (size * 2 >= pages.length) {
                    grow();
                    at = find(pageNo);
                }
                pages[at] = pageNo + 1;
                size++;
            }
            lsns[at] = lsn;
        }

        private int find(int pageNo) {
            int mask = pages.length - 1;
            int at = ((pageNo * HASH) >>> 8) & mask;
            while (pages[at] != 0 && pages[at] != pageNo + 1) {
                at = (at + 1) & mask;
            }
            return at;
        }

        private void grow() {
            int[] oldPages = pages;
            long[] oldLsns = lsns;
            pages = new int[oldPages.length * 2];
            lsns = new long[pages.length];
            for (int i = 0; i < oldPages.length; i++) {
                if (oldPages[i] != 0) {
                    int at = find(oldPages[i] - 1);
                    pages[at] = oldPages[i];
                    lsns[at] = oldLsns[i];
                }
            }
        }
    }
}
