package dev.cairn.storage.btree;

import dev.cairn.storage.base.CorruptPageException;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.page.PageHeader;
import dev.cairn.storage.page.PageKind;
import java.util.BitSet;

/** The structural check of an index page, in the order in which the fields can be trusted. */
final class BTreePageCheck {

    private final PageBuffer page;

    private BTreePageCheck(PageBuffer page) {
        this.page = page;
    }

    static void run(PageBuffer page) {
        BTreePageCheck check = new BTreePageCheck(page);
        check.header();
        check.fences();
        check.bodies();
        check.order();
    }

    private void header() {
        if (PageHeader.kind(page) != PageKind.BTREE) {
            throw corrupt("its kind is " + PageHeader.kind(page) + ", not BTREE");
        }
        int flags = PageHeader.flags(page);
        if ((flags & ~BTreePage.ALL_FLAGS) != 0) {
            throw corrupt("unknown page flags " + Integer.toHexString(flags));
        }
        int lower = PageHeader.lower(page);
        int upper = PageHeader.upper(page);
        int end = page.size() - BTreePage.fenceBytes(page);
        if (lower < BTreePage.SLOTS || lower > upper || upper > end) {
            throw corrupt("expected " + BTreePage.SLOTS + " <= lower <= upper <= " + end + ", found lower " + lower
                    + ", upper " + upper);
        }
        if ((lower - BTreePage.SLOTS) % BTreePage.SLOT_BYTES != 0) {
            throw corrupt("lower " + lower + " is inside a slot");
        }
        if (BTreePage.level(page) > BTreePage.MAX_LEVEL) {
            throw corrupt("its level is " + BTreePage.level(page));
        }
        if (BTreePage.right(page) < 0) {
            throw corrupt("its right neighbour is page " + Integer.toUnsignedString(BTreePage.right(page)));
        }
        if (BTreePage.isFree(page) && BTreePage.count(page) > 0) {
            throw corrupt("it is free and has " + BTreePage.count(page) + " entries");
        }
    }

    private void fences() {
        byte[] low = BTreePage.low(page);
        byte[] high = BTreePage.high(page);
        boolean last = BTreePage.right(page) == 0;
        if (last ? high.length > 0 : KeyBytes.compare(low, high) >= 0) {
            throw corrupt("its fences are out of order");
        }
        int common = last ? 0 : KeyBytes.commonPrefix(low, high);
        if (BTreePage.prefixBytes(page) != common) {
            throw corrupt("its prefix has " + BTreePage.prefixBytes(page) + " bytes, its fences share " + common);
        }
    }

    private void bodies() {
        BitSet taken = new BitSet(page.size());
        int end = page.size() - BTreePage.fenceBytes(page);
        int bytes = 0;
        for (int slot = 0; slot < BTreePage.count(page); slot++) {
            int offset = BTreePage.bodyAt(page, slot);
            int length = BTreePage.bodyBytes(page, slot);
            if (length == 0 ? offset != 0 : offset < PageHeader.upper(page) || offset + length > end) {
                throw corrupt("entry " + slot + " points to " + length + " bytes at " + offset + ", bodies lie from "
                        + PageHeader.upper(page) + " to " + end);
            }
            int clash = taken.nextSetBit(offset);
            if (length > 0 && clash >= 0 && clash < offset + length) {
                throw corrupt("entry " + slot + " overlaps another one at " + clash);
            }
            taken.set(offset, offset + length);
            bytes += length;
        }
        int garbage = end - PageHeader.upper(page) - bytes;
        if (PageHeader.garbage(page) != garbage) {
            throw corrupt("garbage is " + PageHeader.garbage(page) + " bytes, its entries leave " + garbage);
        }
    }

    private void order() {
        boolean leaf = BTreePage.level(page) == 0;
        byte[] before = BTreePage.low(page);
        for (int slot = 0; slot < BTreePage.count(page); slot++) {
            if (!leaf && BTreePage.child(page, slot) <= 0) {
                throw corrupt("entry " + slot + " leads to page " + BTreePage.child(page, slot));
            }
            if (!leaf && slot == 0) {
                if (BTreePage.slotLength(page, 0) != 0) {
                    throw corrupt("its first entry has a key of its own");
                }
                continue;
            }
            byte[] key = BTreePage.key(page, slot);
            int order = KeyBytes.compare(before, key);
            if (order > 0 || (order == 0 && !(leaf && slot == 0))) {
                throw corrupt("entry " + slot + " is out of order");
            }
            before = key;
        }
        if (BTreePage.count(page) > 0 && !BTreePage.endsAfter(page, before)) {
            throw corrupt("its last entry is not below its high fence");
        }
        if (!leaf && BTreePage.count(page) == 0) {
            throw corrupt("it is of level " + BTreePage.level(page) + " and has no child");
        }
    }

    private CorruptPageException corrupt(String fault) {
        return new CorruptPageException(PageHeader.fileId(page), PageHeader.pageNo(page), fault);
    }
}
