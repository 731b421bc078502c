package dev.cairn.recovery;

import dev.cairn.recovery.RedoDecision.Carries;
import dev.cairn.storage.base.ControlFileException;
import dev.cairn.storage.base.LogCorruptException;
import dev.cairn.storage.base.Lsn;
import dev.cairn.storage.file.Disk;
import dev.cairn.wal.LoggedRecord;
import dev.cairn.wal.WalEnd;
import dev.cairn.wal.WalOptions;
import dev.cairn.wal.WalReader;
import dev.cairn.wal.record.WalRecord;
import dev.cairn.wal.record.WalRecordType;
import dev.cairn.wal.segment.RecordFrame;
import dev.cairn.wal.segment.SegmentHeader;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The first reading of the log, from the redo point to its end. Changes nothing on disk. It finds out what must be known
 * before the first record is replayed: where the log ends, which files it drops, which ids it has used, and which pages it
 * needs from disk as they are.
 *
 * <p>Why a reading of its own: the end decides whether a page on disk is too new, a drop far ahead decides about the first
 * record of a file, and a refusal must come before anything is written.
 */
final class LogScan {

    /** A page that the log changes first by a record that brings neither image nor initialisation. */
    record NeededPage(int fileId, int pageNo, long recordEnd) {}

    private final Set<Integer> dropped = new HashSet<>();
    private final Set<Integer> created = new HashSet<>();
    private final Map<Integer, BitSet> covered = new HashMap<>();
    private final List<NeededPage> needed = new ArrayList<>();
    private long records;
    private long nextXid;
    private int nextFileId;
    private long newestLife;
    private long durable;
    private WalEnd end;
    private boolean clean;

    private LogScan(ControlState control) {
        nextXid = control.nextXid();
        nextFileId = control.nextFileId();
        newestLife = control.incarnation().counter();
        durable = control.checkpointEnd();
        end = WalEnd.closed(control.redoPoint(), control.redoIncarnation());
    }

    /**
     * Reads and judges the end.
     *
     * <p>The rule for the tail: a log that stops before the last checkpoint's end, or before a point that a later record
     * proves to have been durable, has lost what somebody was told is safe. After a clean close the end is known exactly:
     * less is loss, more means that this control file and this log do not belong together. Unless the other slot cannot be
     * read: it may have announced the life that went on there.
     *
     * @throws LogCorruptException if acknowledged log is missing
     */
    static LogScan run(Disk disk, WalOptions options, ControlFile file, ProgressMeter progress) {
        ControlState control = file.current();
        requirePossible(control);
        LogScan scan = new LogScan(control);
        RecordBounds bounds = new RecordBounds(disk, control.pageSize());
        try (WalReader reader =
                WalReader.from(disk, options, control.databaseId(), control.redoPoint(), control.redoIncarnation())) {
            LoggedRecord logged = reader.next();
            if (logged != null && logged.record().type() != WalRecordType.CHECKPOINT_BEGIN) {
                throw new LogCorruptException(
                        "at the redo point " + Lsn.format(control.redoPoint()) + ": expected CHECKPOINT_BEGIN, found "
                                + logged.record().type());
            }
            while (logged != null) {
                bounds.check(logged, scan.nextXid, scan.nextFileId);
                scan.note(logged);
                progress.at(logged.end() - control.redoPoint());
                logged = reader.next();
            }
            scan.end = reader.end();
        }
        scan.judgeEnd(disk, options, control, file.isAlone());
        return scan;
    }

    /** A slot is intact and says what no checkpoint can have said. */
    private static void requirePossible(ControlState control) {
        long redoPoint = control.redoPoint();
        int offset = (int) (redoPoint & control.segmentBytes() - 1);
        if (redoPoint < control.segmentBytes()
                || redoPoint % RecordFrame.ALIGNMENT != 0
                || (offset != 0 && offset < SegmentHeader.BYTES)) {
            throw new ControlFileException("the control file's redo point " + Lsn.format(redoPoint)
                    + " is no place for a record in segments of " + control.segmentBytes() + " bytes");
        }
    }

    private void judgeEnd(Disk disk, WalOptions options, ControlState control, boolean mayHaveGoneOn) {
        if (control.phase() == ControlState.Phase.CLEAN) {
            clean = end.lsn() == control.endLsn();
            if (!clean && (end.lsn() < control.endLsn() || !mayHaveGoneOn)) {
                throw new LogCorruptException("the database was closed with its log ending at "
                        + Lsn.format(control.endLsn()) + ", found: " + end);
            }
        }
        if (clean) {
            return;
        }
        if (end.lsn() < durable) {
            throw new LogCorruptException("the log was durable up to " + Lsn.format(durable) + ", found: " + end);
        }
        LoggedRecord proof = WalReader.findLaterDurableMark(
                disk, options, control.databaseId(), end, List.of(control.incarnation()));
        if (proof != null) {
            throw new LogCorruptException("a record at " + Lsn.format(proof.start())
                    + " proves that the log was durable " + "beyond its end: " + proof.record() + ", found: " + end);
        }
    }

    private void note(LoggedRecord logged) {
        WalRecord record = logged.record();
        records++;
        nextXid = Math.max(nextXid, Math.max(logged.xid(), highestXid(record)) + 1);
        nextFileId = Math.max(nextFileId, record.fileId() + 1);
        if (record instanceof WalRecord.Incarnation life) {
            newestLife = Math.max(newestLife, life.counter());
        } else if (record instanceof WalRecord.DurableMark mark) {
            durable = Math.max(durable, mark.durableLsn());
        } else if (record instanceof WalRecord.CheckpointBegin begin) {
            nextFileId = Math.max(nextFileId, begin.nextFileId());
        } else if (record instanceof WalRecord.FileCreate create) {
            created.add(create.fileId());
        } else if (record instanceof WalRecord.FileDrop drop) {
            dropped.add(drop.fileId());
        }
        for (int i = 0; i < record.pageCount(); i++) {
            notePage(logged, i);
        }
    }

    /** The first record of a page after the redo point decides whether the page on disk is needed. */
    private void notePage(LoggedRecord logged, int i) {
        int fileId = logged.record().fileId();
        int pageNo = logged.record().pageNo(i);
        BitSet pages = covered.computeIfAbsent(fileId, id -> new BitSet());
        if (!pages.get(pageNo)) {
            pages.set(pageNo);
            if (Carries.by(logged, i) == Carries.NOTHING) {
                needed.add(new NeededPage(fileId, pageNo, logged.end()));
            }
        }
    }

    /** The highest xid inside a record; the frame's own comes on top. 0 if there is none. */
    private static long highestXid(WalRecord record) {
        return switch (record.type()) {
            case SEGMENT_END, INCARNATION, DURABLE_MARK, CHECKPOINT_END -> 0;
            case FILE_CREATE, FILE_EXTEND, FILE_DROP, PAGE_IMAGE, CATALOG_CHANGE -> 0;
            case HEAP_INSERT, HEAP_UPDATE, HEAP_HOT_UPDATE, HEAP_DELETE, HEAP_PRUNE, HEAP_FREEZE -> 0;
            case OVERFLOW_EXTEND, OVERFLOW_WRITE, OVERFLOW_DELETE, OVERFLOW_FREE -> 0;
            case INDEX_EXTEND, INDEX_INSERT, INDEX_DELETE, INDEX_SPLIT, INDEX_DOWNLINK -> 0;
            case INDEX_ROOT, INDEX_UNLINK, INDEX_ABSORB -> 0;
            case XACT_BEGIN, ABORT -> 0;
            case CHECKPOINT_BEGIN -> ((WalRecord.CheckpointBegin) record).nextXid() - 1;
            case SUBXACT_ASSIGN ->
                Math.max(((WalRecord.SubxactAssign) record).parent(), ((WalRecord.SubxactAssign) record).top());
            case SUBCOMMIT -> Math.max(((WalRecord.Subcommit) record).parent(), ((WalRecord.Subcommit) record).top());
            case SUBABORT -> ((WalRecord.Subabort) record).top();
            case COMMIT_CHILDREN -> lastOf(((WalRecord.CommitChildren) record).runs());
            case COMMIT -> lastOf(((WalRecord.Commit) record).runs());
        };
    }

    /** Runs ascend, so the last id of the last run is the highest. */
    private static long lastOf(long[] runs) {
        return runs.length < 2 ? 0 : runs[runs.length - 2] + runs[runs.length - 1] - 1;
    }

    /** Whether the log ends where a clean close left it. */
    boolean isClean() {
        return clean;
    }

    WalEnd end() {
        return end;
    }

    /** The log is known to be durable up to here, before anything is done about it. */
    long durable() {
        return durable;
    }

    long records() {
        return records;
    }

    /** Greater than every xid in the log and before it (I6). */
    long nextXid() {
        return nextXid;
    }

    /** Greater than every file id in the log and before it (I6). */
    int nextFileId() {
        return nextFileId;
    }

    /** The greatest counter of a life in the log or in the control file. */
    long newestLife() {
        return newestLife;
    }

    boolean drops(int fileId) {
        return dropped.contains(fileId);
    }

    Set<Integer> dropped() {
        return dropped;
    }

    boolean creates(int fileId) {
        return created.contains(fileId);
    }

    /** All files whose pages the log changes. */
    Set<Integer> changedFiles() {
        return covered.keySet();
    }

    /** Whether the log changes the page: then its state on disk is no evidence of anything. */
    boolean changes(int fileId, int pageNo) {
        BitSet pages = covered.get(fileId);
        return pages != null && pages.get(pageNo);
    }

    List<NeededPage> needed() {
        return needed;
    }
}
