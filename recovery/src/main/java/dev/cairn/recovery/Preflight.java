package dev.cairn.recovery;

import dev.cairn.recovery.RedoDecision.Carries;
import dev.cairn.recovery.RedoDecision.FileState;
import dev.cairn.storage.base.ForeignFileException;
import dev.cairn.storage.base.LogCorruptException;
import dev.cairn.storage.cache.FileTable;
import dev.cairn.storage.file.Disk;
import dev.cairn.storage.file.DiskFile;
import dev.cairn.storage.file.OpenMode;
import dev.cairn.storage.page.FileHeaderPage;
import dev.cairn.storage.page.PageChecks;
import dev.cairn.storage.page.PageHeader;
import dev.cairn.wal.DatabaseId;
import dev.cairn.wal.WalOptions;
import dev.cairn.wal.WalReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Looks at everything whose damage would make recovery give up half-way, before recovery writes anything: a refused opening
 * leaves the directory as it was, so that whoever mends it finds the evidence.
 *
 * <p>That is: the pages that redo needs from disk as they are, the header page of every data file, the pages of the
 * catalog, and the header of every log segment. A page that the log replaces is not looked at: a crash may have torn it.
 * Other pages of tables are checked when they are read; one damaged row's page must not keep the rest from being saved.
 */
final class Preflight {

    private final Disk disk;
    private final ControlState control;
    private final LogScan scan;
    private final PageChecks checks;
    private final ByteBuffer page;
    private final Set<Integer> present;
    private final Set<Integer> blank = new HashSet<>();

    private Preflight(Disk disk, ControlState control, LogScan scan, List<Integer> dataFileIds) {
        this.disk = disk;
        this.control = control;
        this.scan = scan;
        this.checks = new PageChecks(control.databaseId().seed());
        this.page = ByteBuffer.allocate(control.pageSize()).order(ByteOrder.LITTLE_ENDIAN);
        this.present = new HashSet<>(dataFileIds);
    }

    /**
     * Looks, and changes nothing.
     *
     * @return ids of data files that hold nothing but zeros, and whose creation is not in the log: a crash came between the
     *     making of the file and its record
     * @throws dev.cairn.storage.base.CorruptionException as the damage found demands
     */
    static Set<Integer> run(
            Disk disk, WalOptions options, ControlState control, LogScan scan, List<Integer> dataFileIds) {
        Preflight preflight = new Preflight(disk, control, scan, dataFileIds);
        preflight.checkSegments(options);
        preflight.checkNeeded();
        for (int fileId : dataFileIds) {
            if (!scan.drops(fileId)) {
                preflight.checkFile(fileId);
            }
        }
        return preflight.blank;
    }

    /** A segment that is only half made is no evidence of anything; another database's, or another version's, is. */
    private void checkSegments(WalOptions options) {
        for (long segmentNo : WalReader.segments(disk)) {
            try (WalReader reader = WalReader.fromSegment(disk, options, control.databaseId(), segmentNo)) {
                reader.next();
            } catch (LogCorruptException e) {
                continue; // what of it was needed, the scan has read
            }
        }
    }

    private void checkNeeded() {
        for (int fileId : scan.changedFiles()) {
            if (fileState(fileId) == FileState.MISSING && !scan.creates(fileId)) {
                throw Redo.refusal(
                        RedoDecision.FILE_MISSING,
                        fileId,
                        0,
                        0,
                        scan.end().lsn(),
                        scan.end().lsn());
            }
        }
        for (LogScan.NeededPage needed : scan.needed()) {
            int fileId = needed.fileId();
            RedoDecision decision = RedoDecision.ofFile(fileState(fileId), Carries.NOTHING);
            if (decision == null) {
                try (DiskFile file = disk.open(FileTable.fileName(fileId), OpenMode.READ)) {
                    judge(file, fileId, needed.pageNo(), needed.recordEnd());
                }
            } else if (decision.refuses()) {
                throw Redo.refusal(
                        decision,
                        fileId,
                        needed.pageNo(),
                        0,
                        needed.recordEnd(),
                        scan.end().lsn());
            }
        }
    }

    private FileState fileState(int fileId) {
        if (scan.drops(fileId)) {
            return FileState.DROPPED;
        }
        return present.contains(fileId) ? FileState.PRESENT : FileState.MISSING;
    }

    private void checkFile(int fileId) {
        try (DiskFile file = disk.open(FileTable.fileName(fileId), OpenMode.READ)) {
            int usedPages = -1;
            if (!scan.changes(fileId, 0)) {
                read(file, 0);
                if (PageChecks.isZero(page) && isZero(file)) {
                    blank.add(fileId); // If a table needs it all the same, reading it will tell.
                    return;
                }
                checkOwner(fileId);
                judge(file, fileId, 0, 0);
                usedPages = page.getInt(FileHeaderPage.LAYOUT.offset("usedPages"));
            }
            if (fileId == Recovery.CATALOG_FILE_ID) {
                checkAllPages(file, fileId, usedPages);
            }
        }
    }

    /** @param usedPages negative if unknown: then a page of zeros is taken for one that is not in use */
    private void checkAllPages(DiskFile file, int fileId, int usedPages) {
        long pages = usedPages < 0 ? file.size() / control.pageSize() : usedPages;
        for (int pageNo = 1; pageNo < pages; pageNo++) {
            if (!scan.changes(fileId, pageNo)) {
                read(file, pageNo);
                if (usedPages >= 0 || !PageChecks.isZero(page)) {
                    judge(file, fileId, pageNo, 0);
                }
            }
        }
    }

    /** Page 0 has been read. If it is intact under the seed of the id that it names, it is another database's. */
    private void checkOwner(int fileId) {
        DatabaseId owner = new DatabaseId(
                page.getLong(FileHeaderPage.LAYOUT.offset("databaseIdHigh")),
                page.getLong(FileHeaderPage.LAYOUT.offset("databaseIdLow")));
        if (!owner.equals(control.databaseId()) && new PageChecks(owner.seed()).fault(page, fileId, 0) == null) {
            throw new ForeignFileException("data file " + FileTable.fileName(fileId) + " belongs to database " + owner
                    + ", expected " + control.databaseId());
        }
    }

    /** Reads a page that the log does not bring along, and refuses it if it is damaged or newer than the log. */
    private void judge(DiskFile file, int fileId, int pageNo, long recordEnd) {
        read(file, pageNo);
        checks.verify(page, fileId, pageNo);
        long logEnd = scan.end().lsn();
        long pageLsn = PageHeader.pageLsn(page);
        RedoDecision decision = RedoDecision.ofPage(true, pageLsn, recordEnd, logEnd);
        if (decision.refuses()) {
            throw Redo.refusal(decision, fileId, pageNo, pageLsn, recordEnd, logEnd);
        }
    }

    /** What lies behind the end of the file reads as zeros. */
    private void read(DiskFile file, int pageNo) {
        Arrays.fill(page.array(), (byte) 0);
        file.readFully((long) pageNo * control.pageSize(), page.clear());
        page.clear();
    }

    private boolean isZero(DiskFile file) {
        for (int pageNo = 0; (long) pageNo * control.pageSize() < file.size(); pageNo++) {
            read(file, pageNo);
            if (!PageChecks.isZero(page)) {
                return false;
            }
        }
        return true;
    }
}
