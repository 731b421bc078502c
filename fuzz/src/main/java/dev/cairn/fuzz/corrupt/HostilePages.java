package dev.cairn.fuzz.corrupt;

import dev.cairn.recovery.ControlState;
import dev.cairn.storage.btree.BTreePage;
import dev.cairn.storage.cache.FileTable;
import dev.cairn.storage.format.Layout;
import dev.cairn.storage.heap.HeapPage;
import dev.cairn.storage.heap.TupleHeader;
import dev.cairn.storage.overflow.OverflowPage;
import dev.cairn.storage.overflow.OverflowReference;
import dev.cairn.storage.page.FileHeaderPage;
import dev.cairn.storage.page.PageChecks;
import dev.cairn.storage.page.PageHeader;
import dev.cairn.storage.page.PageKind;
import dev.cairn.txn.StatusPage;
import dev.cairn.txn.TransactionStatus;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/** Pages of a {@link HostileImage} that lie under a valid checksum: fields that break code, and links that lead astray. */
final class HostilePages {

    private static final List<Layout> LAYOUTS =
            List.of(PageHeader.LAYOUT, FileHeaderPage.LAYOUT, StatusPage.LAYOUT, BTreePage.LAYOUT, OverflowPage.LAYOUT);
    private static final int[] LENGTHS = {
        0, 1, 1 << 16, (1 << 16) + 1, OverflowReference.MAX_LENGTH - 1, OverflowReference.MAX_LENGTH, 1 << 30, -1
    };
    /** Bytes of a block that expands, but for those that say how often. */
    private static final int SMALLEST_BOMB = 11;

    private final ByteImage image;
    private final int pageSize;
    private final PageChecks checks;
    private final SplittableRandom random;
    private final Lies lies;

    HostilePages(ByteImage image, ControlState control, SplittableRandom random, Lies lies) {
        this.image = image;
        this.pageSize = control.pageSize();
        this.checks = new PageChecks(control.databaseId().seed());
        this.random = random;
        this.lies = lies;
    }

    /** A page taken out of its file, to be put back under a valid checksum. */
    private record Taken(String file, int pageNo, ByteBuffer bytes) {
        String where() {
            return file + " page " + pageNo;
        }
    }

    private Taken take(String file, int pageNo) {
        byte[] bytes = image.bytes(file);
        return new Taken(
                file,
                pageNo,
                ByteBuffer.wrap(Arrays.copyOfRange(bytes, pageNo * pageSize, (pageNo + 1) * pageSize))
                        .order(ByteOrder.LITTLE_ENDIAN));
    }

    private void seal(Taken page) {
        checks.seal(page.bytes());
        System.arraycopy(page.bytes().array(), 0, image.bytes(page.file()), page.pageNo() * pageSize, pageSize);
    }

    /** Any field of any page. */
    void lieOnAPage() {
        List<String> files = new ArrayList<>();
        for (String name : image.list()) {
            if (FileTable.fileIdOf(name) > 0 || name.equals(TransactionStatus.FILE_NAME)) {
                files.add(name);
            }
        }
        String name = files.get(random.nextInt(files.size()));
        Taken taken = take(name, random.nextInt(image.bytes(name).length / pageSize));
        ByteBuffer page = taken.bytes();
        int fields = 1 + random.nextInt(3);
        for (int i = 0; i < fields; i++) {
            int at;
            int width;
            int choice = random.nextInt(4);
            if (choice == 0) {
                Layout.Field field = field(LAYOUTS.get(random.nextInt(LAYOUTS.size())));
                at = field.offset();
                width = Math.min(Long.BYTES, field.bytes());
            } else if (choice == 1) {
                at = PageHeader.BYTES + 2 * random.nextInt(20);
                width = Short.BYTES;
            } else if (choice == 2) {
                int tuple = page.getShort(PageHeader.BYTES + HeapPage.LINE_POINTER_BYTES * random.nextInt(6)) & 0xFFFF;
                Layout.Field field = field(TupleHeader.LAYOUT);
                at = tuple + field.offset();
                width = field.bytes();
            } else {
                at = random.nextInt(pageSize);
                width = 1 << random.nextInt(4);
            }
            lies.put(page, at, width, taken.where());
        }
        seal(taken);
    }

    private Layout.Field field(Layout layout) {
        return layout.fields().get(random.nextInt(layout.fields().size()));
    }

    /** A link, a level, a fence, an entry or a whole page of an index. */
    void lieInAnIndex() {
        Taken taken = any(PageKind.BTREE, every -> true);
        ByteBuffer page = taken.bytes();
        String where = taken.where();
        int count = (page.getShort(PageHeader.LAYOUT.offset("lower")) - BTreePage.LAYOUT.end()) / BTreePage.SLOT.end();
        int slot = BTreePage.LAYOUT.end() + BTreePage.SLOT.end() * random.nextInt(Math.max(1, count));
        switch (random.nextInt(8)) {
            case 0 -> lies.put(page, BTreePage.LAYOUT.offset("rightPage"), Integer.BYTES, aPage(taken), where);
            case 1, 2 -> {
                int body = page.getShort(slot + BTreePage.SLOT.offset("offset"));
                lies.put(page, body, Integer.BYTES, aPage(taken), where); // a child, if this is no leaf
            }
            case 3 -> lies.put(page, BTreePage.LAYOUT.offset("level"), Short.BYTES, random.nextInt(4), where);
            case 4 -> {
                String name = List.of("prefixBytes", "lowBytes", "highBytes").get(random.nextInt(3));
                lies.put(page, BTreePage.LAYOUT.offset(name), Short.BYTES, random.nextInt(24), where);
            }
            case 5 -> {
                Layout.Field field = field(BTreePage.SLOT);
                lies.put(page, slot + field.offset(), field.bytes(), where);
            }
            case 6 -> lies.put(page, pageSize - 1 - random.nextInt(40), 1, where); // fences end the page
            default -> become(taken, any(PageKind.BTREE, every -> true));
        }
        seal(taken);
    }

    /** A link, a length, a block or a whole page of a large value. */
    void lieInALargeValue() {
        int choice = random.nextInt(8);
        boolean first = choice > 3;
        Taken taken = any(PageKind.OVERFLOW, every -> !first || get(every, OverflowPage.LAYOUT, "length") > 0);
        ByteBuffer page = taken.bytes();
        String where = taken.where();
        switch (choice) {
            case 0 -> lies.put(page, OverflowPage.LAYOUT.offset("next"), Integer.BYTES, aPage(taken), where);
            case 1 -> become(taken, any(PageKind.OVERFLOW, every -> true));
            case 2 ->
                lies.put(
                        page,
                        PageHeader.LAYOUT.offset("lower"),
                        Short.BYTES,
                        OverflowPage.DATA + (long) random.nextInt(pageSize),
                        where);
            case 3 -> {
                Layout.Field field = field(OverflowPage.LAYOUT);
                lies.put(page, field.offset(), Math.min(Long.BYTES, field.bytes()), where);
            }
            case 4 -> length(taken, LENGTHS[random.nextInt(LENGTHS.length)]);
            case 5 -> lies.put(page, OverflowPage.LAYOUT.offset("form"), 1, random.nextInt(3), where);
            case 6 -> lies.put(page, OverflowPage.DATA + random.nextInt(8), 1 + random.nextInt(4), where);
            default -> bomb(taken);
        }
        seal(taken);
    }

    /** One of the pages of that kind that are in use and so. */
    private Taken any(PageKind kind, Predicate<Taken> which) {
        List<Taken> found = new ArrayList<>();
        for (String name : image.list()) {
            if (FileTable.fileIdOf(name) > 0) {
                for (int pageNo = 1; (pageNo + 1) * pageSize <= image.bytes(name).length; pageNo++) {
                    Taken page = take(name, pageNo);
                    int offset = PageHeader.LAYOUT.offset("kind");
                    if (page.bytes().get(offset) == kind.code() && which.test(page)) {
                        found.add(page);
                    }
                }
            }
        }
        return found.get(random.nextInt(found.size()));
    }

    private static int get(Taken page, Layout layout, String field) {
        return page.bytes().getInt(layout.offset(field));
    }

    /** A page of the same file, itself among them, or one that there is not. */
    private long aPage(Taken from) {
        int pages = image.bytes(from.file()).length / pageSize;
        return random.nextInt(5) == 0 ? pages + random.nextLong(1L << random.nextInt(1, 33)) : random.nextInt(pages);
    }

    /** The page holds what the other one holds, of the same file or not, and says that it is itself. */
    private void become(Taken page, Taken other) {
        System.arraycopy(other.bytes().array(), 0, page.bytes().array(), 0, pageSize);
        page.bytes().putInt(PageHeader.LAYOUT.offset("fileId"), FileTable.fileIdOf(page.file()));
        page.bytes().putInt(PageHeader.LAYOUT.offset("pageNo"), page.pageNo());
        lies.add(page.where() + " holds what " + other.where() + " holds");
    }

    /** A value's length, in the row as well. */
    private void length(Taken first, int length) {
        ByteBuffer page = first.bytes();
        String where = first.where();
        ByteBuffer reference = ByteBuffer.allocate(OverflowReference.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        new OverflowReference(
                        first.pageNo(),
                        page.getLong(OverflowPage.LAYOUT.offset("creator")),
                        get(first, OverflowPage.LAYOUT, "value"),
                        get(first, OverflowPage.LAYOUT, "length"))
                .put(reference);
        lies.put(page, OverflowPage.LAYOUT.offset("length"), Integer.BYTES, length, where);
        if (page.get(OverflowPage.LAYOUT.offset("form")) == OverflowPage.PLAIN && random.nextBoolean()) {
            lies.put(page, OverflowPage.LAYOUT.offset("stored"), Integer.BYTES, length, where);
        }
        for (String name : image.list()) {
            if (FileTable.fileIdOf(name) > 0) {
                for (int pageNo = 1; (pageNo + 1) * pageSize <= image.bytes(name).length; pageNo++) {
                    Taken rows = take(name, pageNo);
                    int at = indexOf(rows.bytes().array(), reference.array());
                    if (at >= 0) {
                        int offset = at + OverflowReference.LAYOUT.offset("length");
                        lies.put(rows.bytes(), offset, Integer.BYTES, length, rows.where());
                        seal(rows);
                    }
                }
            }
        }
    }

    private static int indexOf(byte[] bytes, byte[] wanted) {
        for (int at = 0; at + wanted.length <= bytes.length; at++) {
            if (Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length)) {
                return at;
            }
        }
        return -1;
    }

    /** A block of LZ4 that expands as far as it can, for a value that is said to be longer, shorter, or just as long. */
    private void bomb(Taken first) {
        ByteBuffer page = first.bytes();
        int most = pageSize - OverflowPage.DATA - Integer.BYTES - SMALLEST_BOMB;
        int times = random.nextBoolean() ? most : 1 + random.nextInt(most);
        byte[] stream = new byte[times + SMALLEST_BOMB];
        Arrays.fill(stream, (byte) -1);
        stream[0] = 0x1F; // one byte as it is, then a match of 19 bytes and more
        stream[2] = 1; // which begins one byte before
        stream[3] = 0;
        stream[stream.length - 7] = 0; // all bytes until here add 255 to the match
        stream[stream.length - 6] = 0x50; // the last five bytes are as they are, as the format wants it
        int expanded = times * 255 + 25;
        page.put(OverflowPage.DATA + Integer.BYTES, stream);
        page.putInt(OverflowPage.DATA, stream.length);
        page.put(OverflowPage.LAYOUT.offset("form"), (byte) OverflowPage.BLOCKS);
        page.putShort(PageHeader.LAYOUT.offset("lower"), (short) (OverflowPage.DATA + Integer.BYTES + stream.length));
        page.putInt(OverflowPage.LAYOUT.offset("next"), 0);
        page.putInt(OverflowPage.LAYOUT.offset("stored"), stream.length + Integer.BYTES);
        lies.add(first.where() + " is a block that expands to " + expanded + " bytes");
        boolean near = random.nextBoolean();
        length(first, near ? expanded + random.nextInt(3) - 1 : LENGTHS[random.nextInt(LENGTHS.length)]);
    }
}
