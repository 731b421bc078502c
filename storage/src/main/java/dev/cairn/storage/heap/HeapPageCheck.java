package dev.cairn.storage.heap;

import dev.cairn.storage.base.CorruptPageException;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.page.PageHeader;
import dev.cairn.storage.page.PageKind;
import java.util.BitSet;

/** The structural check of a heap page, in the order in which the fields can be trusted. */
final class HeapPageCheck {

    private final PageBuffer page;

    private HeapPageCheck(PageBuffer page) {
        this.page = page;
    }

    static void run(PageBuffer page) {
        HeapPageCheck check = new HeapPageCheck(page);
        check.header();
        check.versions();
    }

    /** Header and line pointers: nothing outside of the page, lengths that add up. */
    static void bounds(PageBuffer page) {
        HeapPageCheck check = new HeapPageCheck(page);
        check.header();
        int count = HeapPage.slotCount(page);
        int upper = PageHeader.upper(page);
        int bytes = 0;
        for (int slot = 0; slot < count; slot++) {
            int offset = HeapPage.tupleOffset(page, slot);
            int length = HeapPage.tupleLength(page, slot);
            if (offset == 0 && length != 0) {
                check.redirect(slot, length - 1, count);
            } else if (offset != 0) {
                if (length < TupleHeader.BYTES || offset < upper || offset + length > page.size()) {
                    throw check.misplaced(slot, offset, length);
                }
                bytes += length;
            }
        }
        check.garbage(bytes);
    }

    private void header() {
        if (PageHeader.kind(page) != PageKind.HEAP) {
            throw corrupt("its kind is " + PageHeader.kind(page) + ", not HEAP");
        }
        int flags = PageHeader.flags(page);
        if ((flags & ~HeapPage.HAS_UNUSED_SLOTS) != 0) {
            throw corrupt("unknown page flags " + Integer.toHexString(flags));
        }
        int lower = PageHeader.lower(page);
        int upper = PageHeader.upper(page);
        if (lower < PageHeader.BYTES || lower > upper || upper > page.size()) {
            throw corrupt("expected " + PageHeader.BYTES + " <= lower <= upper <= " + page.size() + ", found lower "
                    + lower + ", upper " + upper);
        }
        if ((lower - PageHeader.BYTES) % HeapPage.LINE_POINTER_BYTES != 0) {
            throw corrupt("lower " + lower + " is inside a line pointer");
        }
        if (PageHeader.xidBase(page) < 0) {
            throw corrupt("its id base is " + PageHeader.xidBase(page));
        }
    }

    private void versions() {
        int count = HeapPage.slotCount(page);
        BitSet taken = new BitSet(page.size());
        boolean unused = false;
        int bytes = 0;
        for (int slot = 0; slot < count; slot++) {
            int offset = HeapPage.tupleOffset(page, slot);
            int length = HeapPage.tupleLength(page, slot);
            if (offset == 0 && length == 0) {
                unused = true;
            } else if (offset == 0) {
                redirect(slot, length - 1, count);
            } else {
                place(slot, offset, length, taken);
                version(slot, offset);
                bytes += length;
            }
        }
        if (count > 0 && HeapPage.tupleOffset(page, count - 1) == 0 && HeapPage.tupleLength(page, count - 1) == 0) {
            throw corrupt("its last slot " + (count - 1) + " is unused");
        }
        successors(count);
        if (unused != ((PageHeader.flags(page) & HeapPage.HAS_UNUSED_SLOTS) != 0)) {
            throw corrupt("its flag for unused slots says the contrary of its slots");
        }
        garbage(bytes);
    }

    private void garbage(int bytes) {
        int garbage = page.size() - PageHeader.upper(page) - bytes;
        if (garbage < 0) {
            throw corrupt("its versions have " + bytes + " bytes, more than there are");
        }
        if (PageHeader.garbage(page) != garbage) {
            throw corrupt("garbage is " + PageHeader.garbage(page) + " bytes, its versions leave " + garbage);
        }
    }

    private void redirect(int slot, int to, int count) {
        if (to >= count) {
            throw corrupt("slot " + slot + " leads to slot " + to + " of " + count);
        }
    }

    private void successors(int count) {
        for (int slot = 0; slot < count; slot++) {
            int to = HeapPage.redirect(page, slot);
            if (HeapPage.isRedirect(page, slot) && !(HeapPage.isUsed(page, to) && HeapPage.isHeapOnly(page, to))) {
                throw corrupt("slot " + slot + " leads to slot " + to + ", which has no heap-only version");
            }
        }
    }

    private void place(int slot, int offset, int length, BitSet taken) {
        if (length < TupleHeader.BYTES || offset < PageHeader.upper(page) || offset + length > page.size()) {
            throw misplaced(slot, offset, length);
        }
        int clash = taken.nextSetBit(offset);
        if (clash >= 0 && clash < offset + length) {
            throw corrupt("slot " + slot + " overlaps another version at " + clash);
        }
        taken.set(offset, offset + length);
    }

    private void version(int slot, int offset) {
        int flags = page.getU16(offset + TupleHeader.FLAGS);
        if ((flags & ~TupleFlags.ALL) != 0) {
            throw corrupt("slot " + slot + " has unknown flags " + Integer.toHexString(flags));
        }
        if (page.getInt(offset + TupleHeader.XMIN) == 0) {
            throw corrupt("slot " + slot + " has no xmin");
        }
    }

    private CorruptPageException misplaced(int slot, int offset, int length) {
        return corrupt("slot " + slot + " points to " + length + " bytes at " + offset + ", versions lie from "
                + PageHeader.upper(page) + " to " + page.size());
    }

    private CorruptPageException corrupt(String fault) {
        return new CorruptPageException(PageHeader.fileId(page), PageHeader.pageNo(page), fault);
    }
}
