package dev.cairn.wal;

import dev.cairn.storage.format.FormatDoc;
import dev.cairn.storage.format.Layout;
import dev.cairn.wal.record.WalLayouts;
import dev.cairn.wal.record.WalRecordType;
import dev.cairn.wal.segment.RecordFrame;
import dev.cairn.wal.segment.SegmentHeader;
import java.util.ArrayList;
import java.util.List;

/** The log's part of {@code FORMAT.md}. */
public final class WalFormat {

    private WalFormat() {}

    public static List<FormatDoc.Section> sections() {
        List<FormatDoc.Section> sections = new ArrayList<>();
        sections.add(FormatDoc.Section.of(SegmentHeader.LAYOUT, """
                The log is one endless sequence of bytes, cut into segments of `segmentBytes`; segment *n* (from 1) holds the
                LSNs from *n* * `segmentBytes` on, in the file `wal-` *n* as 16 hexadecimal digits. `wal-spare-…` are segments
                waiting for reuse, `wal-new` is one that is being made. Every segment begins with this header."""));
        sections.add(FormatDoc.Section.of(RecordFrame.LAYOUT, """
                A record starts at a multiple of 8, directly behind the one before, or behind the header of its segment. Padding
                of zeros follows it, up to a multiple of 8; if less than 32 bytes of the segment are left then, those as well. A
                SEGMENT_END takes the whole rest of its segment.

                The seed of a record's CRC-32C (8 bytes, put before the data) is *m*(*L* + *start* * *g*), where *L* =
                *m*(*m*(*m*(*D*) + *counter* * *g*) xor *salt*), *D* = *m*(*high*) xor *low* of the database id, *g* =
                0x9E3779B97F4A7C15, and *m* is the finaliser of SplitMix64. An INCARNATION record is seeded with the life before
                the one that it announces."""));
        sections.add(FormatDoc.Section.of(RecordFrame.PAYLOAD_LAYOUT, """
                An image is the page after the change, with pageLsn and checksum of before: whoever restores it sets pageLsn to
                the end of the record."""));
        for (WalRecordType type : WalRecordType.values()) {
            Layout layout = WalLayouts.of(type);
            String heading = String.format("record 0x%02X %s", type.code(), type.name());
            sections.add(new FormatDoc.Section(heading, type.meaning() + ".", layout));
        }
        return List.copyOf(sections);
    }
}
