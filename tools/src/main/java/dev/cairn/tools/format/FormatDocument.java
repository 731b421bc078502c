package dev.cairn.tools.format;

import dev.cairn.recovery.ControlSlot;
import dev.cairn.recovery.LiveFigures;
import dev.cairn.storage.btree.BTreePage;
import dev.cairn.storage.format.FormatDoc;
import dev.cairn.storage.format.FormatDoc.Section;
import dev.cairn.storage.format.Layout;
import dev.cairn.storage.heap.HeapPage;
import dev.cairn.storage.heap.TupleFlags;
import dev.cairn.storage.heap.TupleHeader;
import dev.cairn.storage.overflow.OverflowPage;
import dev.cairn.storage.overflow.OverflowReference;
import dev.cairn.storage.page.FileHeaderPage;
import dev.cairn.storage.page.PageHeader;
import dev.cairn.txn.StatusPage;
import dev.cairn.wal.record.WalLayouts;
import dev.cairn.wal.record.WalRecordType;
import dev.cairn.wal.segment.RecordFrame;
import dev.cairn.wal.segment.SegmentHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Everything that stands on disk, in the order in which one would read a database: collected from the code. */
public final class FormatDocument {

    private static final String FILES = """
            This file is written by `./cairn format`; a test compares it with the code. All numbers are little-endian;
            u means unsigned, i signed, the number after it bits. Every checksum is CRC-32C.

            A database is a directory with these files:

            | file | holds |
            |---|---|
            | `control` | who the database is and where recovery begins: two slots, 64 KiB apart, written in turns |
            | `control.new` | the same while the database is being made; one that stays behind means: start over |
            | `wal-` + 16 hexadecimal digits | a log segment, by its number |
            | `wal-spare-` + 8 hexadecimal digits | a segment that is no longer needed, kept to be used again |
            | `wal-new` | a segment that is being made; one that stays behind is worthless |
            | `heap-` + 8 hexadecimal digits | a data file, by its file id: pages of the size that the control file says |
            | `status` | what became of each transaction, two bits each, in pages with two slots |
            | `statistics` | figures of an open database, if the option is on; nothing depends on it |
            | `lock` | empty; locked by the process that has the database open |

            A log sequence number (LSN) is a position in the endless log: segment number times segment size plus the
            offset in the segment. A page is trusted only if its checksum, seeded with the database's id, and its own
            identity in the header are right. A page of zeros is legal only above the used mark of its file.""";

    private static final String HEAP = """
            After the page header come the line pointers, up to `lower`; from `upper` to the end of the page lie the row
            versions. A row id is page and slot: page number times 65536 plus the number of the line pointer, from 0.""";

    private static final String TUPLE = """
            Followed by the row. The flags' bits:

            """;

    private static final String STATUS = """
            After the page header, in the file `status`; the bits follow, two an id, the lowest id in the lowest bits:
            0 undecided (aborted, once the log has been replayed), 1 committed, 2 aborted. Page n of the status stands in
            the file's pages 2n and 2n + 1, of which a checkpoint writes the older one.""";

    private static final String FRAME = """
            Around every log record. A record begins directly behind the one before, or behind its segment's header, and
            is filled up with zeros to a multiple of 8; if less than 32 bytes of the segment are left then, it takes those
            too. A SEGMENT_END takes the whole rest of its segment.

            The checksum's seed (8 bytes, put before the data) is *m*(*L* + *start* * *g*), where *L* =
            *m*(*m*(*m*(*D*) + *counter* * *g*) xor *salt*), *D* = *m*(*high*) xor *low* of the database's id, counter and
            salt are the incarnation's (the process life that wrote the record), *g* = 0x9E3779B97F4A7C15, and *m* is the
            finaliser of SplitMix64. So zeros, recycled bytes, another database's segment and records of an earlier life
            are never valid. An INCARNATION record is seeded with the life before the one that it announces.""";

    private static final String PAYLOAD = """
            What follows the frame. An image is the page after the change, with pageLsn and checksum of before: whoever
            restores it sets pageLsn to the end of the record.""";

    private static final String ROW = """
            | part | bytes |
            |---|---|
            | number of columns | u16; plus 2^15 if there is the second bitmap |
            | nulls | one bit a column, set for null, in whole bytes |
            | large values | in the same way, set for a value on overflow pages; only if there is one |
            | values that are not null, in order | by type; an overflow reference for a large one |

            bigint 8, integer 4, smallint 2, double precision 8 (IEEE 754), boolean 1, date i32 days since 1970-01-01,
            timestamp i64 microseconds since then; text (UTF-8) and bytea: length, bytes; numeric: scale, length, the
            unscaled value in two's complement, most significant byte first. Lengths and the scale are unsigned LEB128
            of at most 5 bytes.""";

    private static final String OVERFLOW = """
            After the page header of a page of an overflow file; the value's bytes follow, up to `lower`. A value in blocks is
            cut into pieces of 65536 bytes, the last one shorter; each has a u32 before it: the bytes that follow, plus 2^31 if
            they are the piece as it is and not LZ4's.""";

    private static final String INDEX = """
            After the page header of a page of an index. A B-link tree: page 1 is the root, the pages of a level are chained
            to the right, and each says by its fences which keys it holds. From here to `lower` come the slots, in the
            order of the keys; from `upper` to the fences lie the bodies of the entries. Page flags: 1 no entry of the level
            above leads here, only the page to the left; 2 free, not part of the tree.""";

    private static final String INDEX_SLOT = """
            A body holds, above the leaves, the child's page number (u32), and then what of the key is neither prefix nor
            head. The first entry of a page above the leaves has no key: it stands for the low fence.""";

    private static final String KEY = """
            Compared as unsigned bytes; column by column, then the row id (6 bytes, most significant first). Which columns are
            marked stands with the index in the catalog: those that may be null, or might when the index was built. Where it does
            not say so, as in the first databases, all that may be null are.

            | part | bytes |
            |---|---|
            | column in which keys are marked | 00 null that sorts first, 01 a value follows, 02 null that sorts last |
            | bigint, integer, smallint, date, timestamp | most significant byte first, sign bit inverted |
            | double precision | IEEE 754 bits, sign bit inverted if positive, else all; -0 as 0, one NaN above all |
            | boolean | 00 or 01 |
            | text | UTF-8, then 00 |
            | bytea | 00 as 00 FF, then 00 00 |
            | numeric | 00 negative, 01 zero, 02 positive; decimal exponent of 0.ddd as integer; digits in pairs, each plus 1; 00. All but the first byte inverted if negative |
            | descending column | the bytes of the value inverted, not those of null |""";

    private FormatDocument() {}

    /** FORMAT.md. */
    public static String render() {
        return FormatDoc.render("Cairn's files, format version " + ControlSlot.FORMAT_VERSION, sections());
    }

    static List<Section> sections() {
        List<Section> sections = new ArrayList<>();
        sections.add(new Section("Files", FILES, null));
        sections.add(
                Section.of(ControlSlot.LAYOUT, "At offsets 0 and 65536 of `control`; the older one is overwritten."));
        sections.add(Section.of(
                PageHeader.LAYOUT, "The first bytes of every page of every file but the log and `control`."));
        sections.add(Section.of(FileHeaderPage.LAYOUT, "Page 0 of every data file, after the page header."));
        sections.add(Section.of(HeapPage.LINE_POINTER, HEAP));
        sections.add(Section.of(TupleHeader.LAYOUT, TUPLE + TupleFlags.BITS.table()));
        sections.add(new Section("row", ROW, null));
        sections.add(Section.of(OverflowReference.LAYOUT, "In a row, in place of a value on pages of its own."));
        sections.add(Section.of(OverflowPage.LAYOUT, OVERFLOW));
        sections.add(Section.of(BTreePage.LAYOUT, INDEX));
        sections.add(Section.of(BTreePage.SLOT, INDEX_SLOT));
        sections.add(new Section("key", KEY, null));
        sections.add(Section.of(StatusPage.LAYOUT, STATUS));
        sections.add(
                Section.of(LiveFigures.LAYOUT, "The file `statistics`, written anew every second and never synced."));
        sections.add(Section.of(SegmentHeader.LAYOUT, "The first bytes of a log segment; its first record follows."));
        sections.add(Section.of(RecordFrame.LAYOUT, FRAME));
        sections.add(Section.of(RecordFrame.PAYLOAD_LAYOUT, PAYLOAD));
        sections.add(new Section("log record types", recordTypes(), null));
        for (WalRecordType type : WalRecordType.values()) {
            Layout body = WalLayouts.of(type);
            if (body != null) {
                sections.add(new Section("record " + type, "Body: " + type.meaning() + ".", body));
            }
        }
        return sections;
    }

    private static String recordTypes() {
        StringBuilder table = new StringBuilder("| code | record | meaning |\n|---:|---|---|\n");
        for (WalRecordType type : WalRecordType.values()) {
            table.append(String.format(Locale.ROOT, "| 0x%02x | %s | %s |\n", type.code(), type, type.meaning()));
        }
        return table.toString();
    }
}
