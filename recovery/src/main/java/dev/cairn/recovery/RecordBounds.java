package dev.cairn.recovery;

import dev.cairn.storage.base.LogCorruptException;
import dev.cairn.storage.base.Lsn;
import dev.cairn.storage.cache.FileTable;
import dev.cairn.storage.file.Disk;
import dev.cairn.storage.file.DiskFile;
import dev.cairn.storage.file.OpenMode;
import dev.cairn.wal.LoggedRecord;
import dev.cairn.wal.record.WalRecord;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Numbers in log records that no checksum vouches for, as whoever writes a record also writes its checksum: before memory or
 * disk space is taken by such a number, it must be one that the log so far makes possible.
 *
 * <p>Ids inside a record were used by records before it, or before the redo point; so only a record's own id can be new.
 * Files grow page by page, and what lies before the redo point has been synced with its file.
 */
final class RecordBounds {

    /** Ids may be drawn and never logged, so the next one logged may be far off, but not as far as this. */
    private static final long MOST_IDS_SKIPPED = 1L << 31;

    private static final int MOST_FILES_SKIPPED = 1 << 20;
    /** Pages that a file may be ahead of what is known of it. */
    private static final int PAGES_AHEAD = 1024;

    private final Disk disk;
    private final int pageSize;
    private final List<String> names;
    /** Of each file that the log has named: pages that there are, or will be. */
    private final Map<Integer, Long> pages = new HashMap<>();

    RecordBounds(Disk disk, int pageSize) {
        this.disk = disk;
        this.pageSize = pageSize;
        this.names = disk.list();
    }

    /**
     * Judges a record before it is believed.
     *
     * @param nextXid above all ids so far
     * @param nextFileId above all file ids so far
     * @throws LogCorruptException if a number is impossible
     */
    void check(LoggedRecord logged, long nextXid, int nextFileId) {
        WalRecord record = logged.record();
        long own = logged.xid();
        if (record instanceof WalRecord.CheckpointBegin begin) {
            own = Math.max(own, begin.nextXid() - 1);
            require(logged, begin.nextFileId() > 0, "file id", begin.nextFileId());
        }
        require(logged, own >= 0 && own - nextXid < MOST_IDS_SKIPPED, "transaction id", own);
        long known = Math.max(nextXid, logged.xid() + 1);
        if (record instanceof WalRecord.SubxactAssign assign) {
            requireParent(logged, assign.top(), assign.parent());
        } else if (record instanceof WalRecord.Subcommit subcommit) {
            requireParent(logged, subcommit.top(), subcommit.parent());
        } else if (record instanceof WalRecord.Subabort subabort) {
            requireParent(logged, subabort.top(), subabort.top());
        } else if (record instanceof WalRecord.CommitChildren children) {
            requireRuns(logged, children.runs(), known);
        } else if (record instanceof WalRecord.Commit commit) {
            requireRuns(logged, commit.runs(), known);
        }
        int fileId = record.fileId();
        require(logged, fileId >= 0 && fileId - nextFileId < MOST_FILES_SKIPPED, "file id", fileId);
        for (int i = 0; i < record.pageCount(); i++) {
            requirePage(logged, fileId, record.pageNo(i));
        }
    }

    /** I3. */
    private static void requireParent(LoggedRecord logged, long top, long parent) {
        require(logged, top > 0 && top <= parent, "top-level transaction id", top);
        require(logged, parent < logged.xid(), "parent", parent);
    }

    private static void requireRuns(LoggedRecord logged, long[] runs, long nextXid) {
        require(logged, runs.length % 2 == 0, "number of runs", runs.length);
        long after = logged.xid();
        for (int i = 0; i < runs.length; i += 2) {
            long first = runs[i];
            long length = runs[i + 1];
            require(logged, first > after && first < nextXid, "child", first);
            require(logged, length > 0 && length <= nextXid - first, "number of children", length);
            after = first + length - 1;
        }
    }

    private void requirePage(LoggedRecord logged, int fileId, int pageNo) {
        long there = pages.computeIfAbsent(fileId, this::pagesOnDisk);
        require(logged, pageNo >= 0 && pageNo < there + PAGES_AHEAD, "page of file " + fileId, pageNo);
        if (pageNo >= there) {
            pages.put(fileId, pageNo + 1L);
        }
    }

    private long pagesOnDisk(int fileId) {
        String name = FileTable.fileName(fileId);
        if (!names.contains(name)) {
            return 0;
        }
        try (DiskFile file = disk.open(name, OpenMode.READ)) {
            return file.size() / pageSize;
        }
    }

    private static void require(LoggedRecord logged, boolean holds, String what, long found) {
        if (!holds) {
            throw new LogCorruptException("the log record at " + Lsn.format(logged.start())
                    + " is intact but makes no sense: expected a possible " + what + ", found " + found + " in a "
                    + logged.record().type() + " of transaction " + logged.xid());
        }
    }
}
