package dev.cairn.fuzz.corrupt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.recovery.ControlFile;
import dev.cairn.storage.btree.BTreePage;
import dev.cairn.storage.cache.FileTable;
import dev.cairn.storage.heap.HeapPage;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.overflow.OverflowPage;
import dev.cairn.storage.page.PageHeader;
import dev.cairn.storage.page.PageKind;
import dev.cairn.wal.LoggedRecord;
import dev.cairn.wal.WalOptions;
import dev.cairn.wal.WalReader;
import dev.cairn.wal.record.WalRecord;
import dev.cairn.wal.record.WalRecordType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the reference of the damage campaign is worth depends on what is in it. */
class ReferenceTest {

    private static final Reference REFERENCE = Reference.of(1);

    private static List<PageBuffer> pages() {
        List<PageBuffer> pages = new ArrayList<>();
        for (String name : REFERENCE.image().list()) {
            if (FileTable.fileIdOf(name) > 0) {
                byte[] file = REFERENCE.image().bytes(name);
                for (int at = 0; at < file.length; at += Reference.PAGE_BYTES) {
                    PageBuffer page = PageBuffer.allocate(Reference.PAGE_BYTES);
                    page.readFrom(ByteBuffer.wrap(file, at, Reference.PAGE_BYTES)
                            .slice()
                            .order(ByteOrder.LITTLE_ENDIAN));
                    pages.add(page);
                }
            }
        }
        return pages;
    }

    private static void expect(String what, Predicate<PageBuffer> is) {
        assertTrue(
                pages().stream().filter(page -> PageHeader.kind(page) != null).anyMatch(is), what);
    }

    private interface OfSlot {
        boolean test(PageBuffer page, int slot);
    }

    private static Predicate<PageBuffer> slot(OfSlot is) {
        return page -> PageHeader.kind(page) == PageKind.HEAP
                && IntStream.range(0, HeapPage.slotCount(page)).anyMatch(slot -> is.test(page, slot));
    }

    private static Predicate<PageBuffer> index(Predicate<PageBuffer> is) {
        return page -> PageHeader.kind(page) == PageKind.BTREE && is.test(page);
    }

    private static Predicate<PageBuffer> overflow(Predicate<PageBuffer> is) {
        return page -> PageHeader.kind(page) == PageKind.OVERFLOW && is.test(page);
    }

    private static boolean isFirst(PageBuffer page, int form) {
        return !OverflowPage.isFree(page) && OverflowPage.index(page) == 0 && OverflowPage.form(page) == form;
    }

    @Test
    void itsPagesAreOfEveryKindAndState() {
        expect("a redirect of a chain that was pruned", slot(HeapPage::isRedirect));
        expect("a slot that is free again", slot((page, at) -> !HeapPage.isUsed(page, at)));
        expect(
                "a version that is no chain's first",
                slot((page, at) -> HeapPage.isUsed(page, at) && HeapPage.isHeapOnly(page, at)));
        expect("an index of two levels", index(page -> BTreePage.level(page) > 0 && BTreePage.count(page) > 1));
        expect("a leaf with deleted entries", index(page -> PageHeader.garbage(page) > 0));
        expect("a free page of an index", index(BTreePage::isFree));
        expect(
                "a plain value of several pages",
                overflow(page -> isFirst(page, OverflowPage.PLAIN) && OverflowPage.next(page) > 0));
        expect(
                "a compressed value of several pages",
                overflow(page -> isFirst(page, OverflowPage.BLOCKS) && OverflowPage.next(page) > 0));
        expect("a deleted value", overflow(page -> OverflowPage.deleter(page) > 0));
        expect("a free page of large values", overflow(OverflowPage::isFree));
    }

    @Test
    void itsLogHoldsSavepointsKeptAndUndone() {
        Set<WalRecordType> types = EnumSet.noneOf(WalRecordType.class);
        int most = 0;
        try (ControlFile file = ControlFile.open(REFERENCE.image())) {
            WalOptions options = WalOptions.of(Reference.SEGMENT_BYTES, 1 << 16, Reference.PAGE_BYTES);
            long first = WalReader.segments(REFERENCE.image()).get(0);
            try (WalReader reader = WalReader.fromSegment(
                    REFERENCE.image(), options, file.current().databaseId(), first)) {
                for (LoggedRecord logged = reader.next(); logged != null; logged = reader.next()) {
                    types.add(logged.record().type());
                    if (logged.record() instanceof WalRecord.Commit commit) {
                        most = Math.max(most, commit.runs().length / 2);
                    }
                }
            }
        }
        assertTrue(
                types.containsAll(EnumSet.of(
                        WalRecordType.SUBABORT,
                        WalRecordType.SUBCOMMIT,
                        WalRecordType.OVERFLOW_WRITE,
                        WalRecordType.OVERFLOW_FREE,
                        WalRecordType.OVERFLOW_DELETE,
                        WalRecordType.INDEX_DELETE,
                        WalRecordType.HEAP_PRUNE)),
                types::toString);
        assertTrue(most > 1, "a commit with children in several runs, found at most " + most);
    }

    @Test
    void itIsTheSameEveryTimeAndLargeEnough() {
        Reference other = Reference.of(1);
        assertTrue(REFERENCE.image().size() >= Reference.BYTES);
        assertEquals(REFERENCE.image().list(), other.image().list());
        for (String name : REFERENCE.image().list()) {
            assertArrayEquals(REFERENCE.image().bytes(name), other.image().bytes(name));
        }
        assertEquals(REFERENCE.contents(), other.contents());
    }

    @Test
    void itIsSound() {
        assertEquals(Outcome.UNREFERENCED, DamageCheck.run(REFERENCE.image(), REFERENCE.contents()));
    }
}
