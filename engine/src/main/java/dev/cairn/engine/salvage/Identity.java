package dev.cairn.engine.salvage;

import dev.cairn.recovery.ControlFile;
import dev.cairn.recovery.ControlState;
import dev.cairn.storage.base.CorruptionException;
import dev.cairn.storage.cache.FileTable;
import dev.cairn.storage.file.Disk;
import dev.cairn.storage.file.DiskFile;
import dev.cairn.storage.file.OpenMode;
import dev.cairn.storage.page.FileHeaderPage;
import dev.cairn.storage.page.PageChecks;
import dev.cairn.storage.page.PageHeader;
import dev.cairn.wal.DatabaseId;
import dev.cairn.wal.segment.SegmentHeader;
import dev.cairn.wal.segment.SegmentNames;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Whose directory it is, and in which sizes it is laid out: without these no checksum can be computed. From the control file,
 * or from what the header of any data file says of itself, if its checksum bears it out.
 *
 * @param segmentBytes 0 if unknown: then the log cannot be read
 * @param control null if neither slot is valid
 */
record Identity(
        DatabaseId databaseId,
        int pageSize,
        int segmentBytes,
        @Nullable ControlState control) {

    /** @throws CorruptionException if nothing in the directory tells */
    static Identity of(Disk disk) {
        if (disk.list().contains(ControlFile.NAME)) {
            try (ControlFile file = ControlFile.open(disk)) {
                ControlState control = file.current();
                return new Identity(control.databaseId(), control.pageSize(), control.segmentBytes(), control);
            } catch (CorruptionException e) {
                return ofDataFiles(disk);
            }
        }
        return ofDataFiles(disk);
    }

    private static Identity ofDataFiles(Disk disk) {
        for (String name : disk.list()) {
            int fileId = FileTable.fileIdOf(name);
            if (fileId > 0) {
                Identity found = ofHeader(disk, name, fileId);
                if (found != null) {
                    return found;
                }
            }
        }
        throw new CorruptionException(
                "neither the control file nor the header of any data file tells whose directory this is");
    }

    private static @Nullable Identity ofHeader(Disk disk, String name, int fileId) {
        ByteBuffer page = ByteBuffer.allocate(PageHeader.MAX_PAGE_SIZE).order(ByteOrder.LITTLE_ENDIAN);
        try (DiskFile file = disk.open(name, OpenMode.READ)) {
            file.readFully(0, page);
        }
        int pageSize = page.getInt(FileHeaderPage.LAYOUT.offset("pageSize"));
        if (Integer.bitCount(pageSize) != 1
                || pageSize < PageHeader.MIN_PAGE_SIZE
                || pageSize > PageHeader.MAX_PAGE_SIZE) {
            return null;
        }
        DatabaseId id = new DatabaseId(
                page.getLong(FileHeaderPage.LAYOUT.offset("databaseIdHigh")),
                page.getLong(FileHeaderPage.LAYOUT.offset("databaseIdLow")));
        page.position(0).limit(pageSize);
        return new PageChecks(id.seed()).fault(page, fileId, 0) == null
                ? new Identity(id, pageSize, segmentBytes(disk, id), null)
                : null;
    }

    private static int segmentBytes(Disk disk, DatabaseId id) {
        for (long no : SegmentNames.segments(disk)) {
            ByteBuffer bytes = ByteBuffer.allocate(SegmentHeader.BYTES);
            try (DiskFile file = disk.open(SegmentNames.of(no), OpenMode.READ)) {
                file.readFully(0, bytes);
            }
            SegmentHeader header = SegmentHeader.decodeOrNull(bytes.flip());
            if (header != null && header.databaseHigh() == id.high() && header.databaseLow() == id.low()) {
                return header.segmentBytes();
            }
        }
        return 0;
    }
}
