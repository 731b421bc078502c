package dev.cairn.txn;

import dev.cairn.storage.format.Layout;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.page.PageHeader;

/**
 * A page of the status file: two bits per id, 32 ids to 8 bytes, the lowest id in the lowest bits; 0 undecided, 1
 * committed, 2 aborted. Status page n stands in the file's pages 2n and 2n + 1, its two slots, of which a checkpoint writes
 * the older. An undecided id below the next id is aborted once the log has been replayed.
 */
public final class StatusPage {

    /** Bytes of the fixed part, page header not counted. */
    public static final int BYTES = 16;

    public static final Layout LAYOUT = Layout.named("status page")
            .after(PageHeader.LAYOUT)
            .i64("sequence", "redo point of the checkpoint that wrote this slot")
            .i64("firstXid", "the id whose bits come first")
            .size(BYTES);

    static final int SEQUENCE = LAYOUT.offset("sequence");
    static final int FIRST_XID = LAYOUT.offset("firstXid");
    static final int BITS = LAYOUT.end();

    private StatusPage() {}

    /** 64-bit words of bits on a page: 56 on one of 512 bytes, 1,016 on one of 8 KiB. */
    static int words(int pageSize) {
        return (pageSize - BITS) / Long.BYTES;
    }

    /** Where word {@code i} of the bits stands. */
    static int offset(int i) {
        return BITS + i * Long.BYTES;
    }

    static long sequence(PageBuffer page) {
        return page.getLong(SEQUENCE);
    }

    static long firstXid(PageBuffer page) {
        return page.getLong(FIRST_XID);
    }
}
