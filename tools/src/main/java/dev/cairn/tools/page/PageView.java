package dev.cairn.tools.page;

import dev.cairn.recovery.ControlState;
import dev.cairn.storage.cache.FileTable;
import dev.cairn.storage.file.Disk;
import dev.cairn.storage.file.DiskFile;
import dev.cairn.storage.file.OpenMode;
import dev.cairn.storage.file.RealDisk;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.page.PageChecks;
import dev.cairn.tools.console.UnreadableException;
import dev.cairn.tools.console.UsageException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A page as it lies on disk.
 *
 * @param bytes little-endian, a page long
 * @param page the same bytes
 * @param fault what its checks say is wrong with it; null if nothing
 */
record PageView(
        int fileId,
        int pageNo,
        long filePages,
        ByteBuffer bytes,
        PageBuffer page,
        @Nullable String fault) {

    /**
     * Reads a page. A page that fails its checks is read once more: somebody may have been writing it.
     *
     * @throws UnreadableException if there is no such file
     * @throws UsageException if the file has no such page
     */
    static PageView read(Path directory, ControlState control, int fileId, int pageNo) {
        Disk disk = new RealDisk(directory);
        String name = FileTable.fileName(fileId);
        if (!disk.list().contains(name)) {
            throw new UnreadableException(directory + " has no file " + name);
        }
        try (DiskFile file = disk.open(name, OpenMode.READ)) {
            long pages = file.size() / control.pageSize();
            if (pageNo >= pages) {
                throw new UsageException(name + " has " + pages + " pages of " + control.pageSize()
                        + " bytes, there is no page " + pageNo);
            }
            PageView first = read(file, control, fileId, pageNo, pages);
            return first.fault == null ? first : read(file, control, fileId, pageNo, pages);
        }
    }

    private static PageView read(DiskFile file, ControlState control, int fileId, int pageNo, long pages) {
        ByteBuffer bytes = ByteBuffer.allocate(control.pageSize()).order(ByteOrder.LITTLE_ENDIAN);
        file.read((long) pageNo * control.pageSize(), bytes);
        bytes.clear();
        PageBuffer page = PageBuffer.allocate(control.pageSize());
        page.readFrom(bytes);
        bytes.clear();
        String fault = new PageChecks(control.databaseId().seed()).fault(bytes, fileId, pageNo);
        return new PageView(fileId, pageNo, pages, bytes, page, fault);
    }
}
