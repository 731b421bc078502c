package dev.cairn.txn;

/**
 * Where one transaction's sub-transaction ids come from: the first 8 singly, then in blocks of 16, 32, ... 1,024, so that
 * its runs stay long beside other writers. What is left of a block is given back as spare at the end, never used.
 */
final class SubxactIds {

    private static final int SINGLY = 8;
    private static final int FIRST_BLOCK = 16;
    private static final int LARGEST_BLOCK = 1024;

    private final XidAllocator xids;
    private int drawnSingly;
    private int blockLength = FIRST_BLOCK;
    private long next;
    private long end;

    SubxactIds(XidAllocator xids) {
        this.xids = xids;
    }

    /** Above every id that this transaction has had. */
    long draw() {
        if (drawnSingly < SINGLY) {
            drawnSingly++;
            return xids.allocate();
        }
        if (next == end) {
            next = xids.allocateBlock(blockLength);
            end = next + blockLength;
            blockLength = Math.min(LARGEST_BLOCK, blockLength * 2);
        }
        return next++;
    }

    /** The first id drawn in a block and not used. */
    long spareFirst() {
        return next;
    }

    long spareCount() {
        return end - next;
    }
}
