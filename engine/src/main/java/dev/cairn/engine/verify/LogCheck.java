package dev.cairn.engine.verify;

import dev.cairn.recovery.ControlState;
import dev.cairn.storage.base.CorruptionException;
import dev.cairn.storage.base.LogCorruptException;
import dev.cairn.storage.base.Lsn;
import dev.cairn.storage.file.Disk;
import dev.cairn.wal.LoggedRecord;
import dev.cairn.wal.WalEnd;
import dev.cairn.wal.WalOptions;
import dev.cairn.wal.WalReader;
import dev.cairn.wal.segment.SegmentNames;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * All log that the directory still has, from the oldest segment to the log's end: every frame, and what the records say of
 * transactions. Goes on behind damage with the next intact record. One run, one thread.
 */
final class LogCheck {

    private static final int BUFFER_BYTES = 1 << 20;
    private static final int CHUNK_PAGES = 1 << 16;
    private static final long PROGRESS_BYTES = 8L << 20;

    private final Disk disk;
    private final ControlState control;
    private final WalOptions options;
    private final VerifyListener listener;
    private final RecordCheck records;
    /** Pages that the log changes, a chunk of a file each: a record may name any page. */
    private final Map<Long, BitSet> changed = new HashMap<>();

    private long lastReported;

    LogCheck(Disk disk, ControlState control, VerifyListener listener) {
        this.disk = disk;
        this.control = control;
        this.options = WalOptions.of(control.segmentBytes(), BUFFER_BYTES, control.pageSize());
        this.listener = listener;
        this.records = new RecordCheck(listener::found);
    }

    void run() {
        for (long no : WalReader.segments(disk)) {
            try (WalReader reader = WalReader.fromSegment(disk, options, control.databaseId(), no)) {
                read(reader);
                return;
            } catch (LogCorruptException e) {
                report(no * control.segmentBytes(), e.getMessage());
            }
        }
        listener.found(Finding.of("expected a log segment that can be read, found none"));
    }

    /** Whether the log from the redo point on changes the page: then its state on disk is no evidence of anything. */
    boolean changes(int fileId, int pageNo) {
        BitSet pages = changed.get(chunk(fileId, pageNo));
        return pages != null && pages.get(pageNo & CHUNK_PAGES - 1);
    }

    private static long chunk(int fileId, int pageNo) {
        return (long) fileId << Integer.SIZE | pageNo / CHUNK_PAGES;
    }

    private void read(WalReader reader) {
        while (true) {
            try {
                LoggedRecord logged = reader.next();
                if (logged != null) {
                    note(logged);
                    continue;
                }
                if (isEnd(reader.end())) {
                    return;
                }
                report(reader.position(), "the log cannot end here: " + reader.end());
            } catch (LogCorruptException e) {
                report(reader.position(), e.getMessage());
            }
            long before = reader.position();
            if (!reader.resynchronise(List.of(control.incarnation(), control.redoIncarnation()))) {
                return;
            }
            records.gap();
            listener.found(Finding.of("the log is read on at " + Lsn.format(reader.position()) + "; what lies between "
                            + Lsn.format(before) + " and there was skipped")
                    .note());
        }
    }

    private void note(LoggedRecord logged) {
        records.check(logged);
        if (logged.start() >= control.redoPoint()) {
            for (int i = 0; i < logged.record().pageCount(); i++) {
                int pageNo = logged.record().pageNo(i);
                changed.computeIfAbsent(chunk(logged.record().fileId(), pageNo), chunk -> new BitSet())
                        .set(pageNo & CHUNK_PAGES - 1);
            }
        }
        if (logged.end() - lastReported >= PROGRESS_BYTES) {
            lastReported = logged.end();
            listener.progress("log", logged.end(), Math.max(control.checkpointEnd(), logged.end()));
        }
    }

    /** Whether the log may end there: nothing that was durable follows. */
    private boolean isEnd(WalEnd end) {
        if (control.phase() == ControlState.Phase.CLEAN) {
            return end.lsn() >= control.endLsn();
        }
        if (end.lsn() < control.checkpointEnd()) {
            return false;
        }
        try {
            return WalReader.findLaterDurableMark(
                            disk, options, control.databaseId(), end, List.of(control.incarnation()))
                    == null;
        } catch (CorruptionException e) {
            report(end.lsn(), e.getMessage());
            return true;
        }
    }

    private void report(long lsn, @org.jspecify.annotations.Nullable String text) {
        String segment = SegmentNames.of(lsn / control.segmentBytes());
        listener.found(Finding.inLog(segment, lsn, String.valueOf(text)));
    }
}
