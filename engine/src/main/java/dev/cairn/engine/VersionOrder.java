package dev.cairn.engine;

import dev.cairn.recovery.ControlFile;
import dev.cairn.recovery.ControlState;
import dev.cairn.storage.base.LogCorruptException;
import dev.cairn.storage.file.Disk;
import dev.cairn.storage.heap.RowIds;
import dev.cairn.wal.LoggedRecord;
import dev.cairn.wal.WalOptions;
import dev.cairn.wal.WalReader;
import dev.cairn.wal.record.WalRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The versions of a table's rows in the order in which they were made, with who made them and what became of him, as the log
 * tells: for whoever judges what transactions saw of each other. Versions that no page holds any longer are among them.
 *
 * <p>Meant for a database that is closed or a copy of one. Reads from the first record that the directory still has; what was
 * made before the log begins is not told of, so a judge of everything keeps all of the log, by segments large enough.
 */
public final class VersionOrder {

    private static final int UNUSED_BUFFER_BYTES = 1 << 20;

    /**
     * A version of a row.
     *
     * @param madeAt the start of its record in the log
     * @param xid of the transaction or sub-transaction that made it
     * @param top of the transaction that this belongs to
     * @param label what the application calls the transaction's session; empty if nothing, or if the log does not tell
     * @param replaced the version of which it was made; null if none was there, or if the log does not tell of it
     * @param row its values; null if what was made is the row's absence
     * @param committedAt the LSN of the commit that made it visible; 0 if nothing ever did
     */
    public record Version(
            long madeAt,
            long xid,
            long top,
            String label,
            @Nullable Version replaced,
            @Nullable Row row,
            long committedAt) {

        /** Whether it became visible to others. */
        public boolean isCommitted() {
            return committedAt != 0;
        }
    }

    /** What a record says, until the fate of its transaction is known. */
    private record Made(
            long at, long xid, int replaced, @Nullable Row row) {}

    private final StoredTable table;
    private final List<Made> made = new ArrayList<>();
    /** By row id: an index into {@code made}. */
    private final Map<Long, Integer> places = new HashMap<>();

    private final Map<Long, Long> tops = new HashMap<>();
    private final Map<Long, String> labels = new HashMap<>();
    private final Map<Long, Long> commits = new HashMap<>();
    /** Of a transaction whose COMMIT is still to come. */
    private final Map<Long, List<long[]>> children = new HashMap<>();

    private VersionOrder(StoredTable table) {
        this.table = table;
    }

    /**
     * All versions that the log tells of, oldest first.
     *
     * @param table as {@link StoredPages#tables} of the database has it
     * @throws LogCorruptException if there is no log, or what there is cannot be read
     * @throws dev.cairn.storage.base.ControlFileException if it has no valid slot
     * @throws dev.cairn.storage.base.DiskException if there is no database, or it cannot be read
     */
    public static List<Version> of(Disk disk, StoredTable table) {
        ControlState control;
        try (ControlFile file = ControlFile.open(disk)) {
            control = file.current();
        }
        List<Long> segments = WalReader.segments(disk);
        if (segments.isEmpty()) {
            throw new LogCorruptException(disk.describe() + " has no log segment");
        }
        WalOptions options = WalOptions.of(control.segmentBytes(), UNUSED_BUFFER_BYTES, control.pageSize());
        VersionOrder order = new VersionOrder(table);
        try (WalReader reader = WalReader.fromSegment(disk, options, control.databaseId(), segments.get(0))) {
            long life = 0;
            LoggedRecord record = reader.next();
            // What an older life left behind the log's end is none of it.
            while (record != null && record.incarnation().counter() >= life) {
                life = record.incarnation().counter();
                order.take(record);
                record = reader.next();
            }
        }
        return order.versions();
    }

    private void take(LoggedRecord logged) {
        long xid = logged.xid();
        WalRecord record = logged.record();
        if (record instanceof WalRecord.XactBegin begin) {
            labels.put(xid, begin.label());
        } else if (record instanceof WalRecord.SubxactAssign assign) {
            tops.put(xid, assign.top());
        } else if (record instanceof WalRecord.CommitChildren some) {
            children.computeIfAbsent(xid, none -> new ArrayList<>()).add(some.runs());
        } else if (record instanceof WalRecord.Commit commit) {
            commit(xid, commit.runs(), logged.end());
        } else if (record.fileId() == table.fileId()) {
            change(logged.start(), xid, record);
        }
    }

    private void commit(long top, long[] runs, long lsn) {
        commits.put(top, lsn);
        List<long[]> all = children.getOrDefault(top, new ArrayList<>());
        all.add(runs);
        for (long[] some : all) {
            for (int i = 0; i < some.length; i += 2) {
                for (long xid = some[i]; xid < some[i] + some[i + 1]; xid++) {
                    commits.put(xid, lsn);
                }
            }
        }
        children.remove(top);
    }

    private void change(long at, long xid, WalRecord record) {
        if (record instanceof WalRecord.HeapInsert insert) {
            add(new Made(at, xid, -1, table.row(insert.data())), RowIds.of(insert.page(), insert.slot()));
        } else if (record instanceof WalRecord.HeapUpdate update) {
            int replaced = places.getOrDefault(RowIds.of(update.oldPage(), update.oldSlot()), -1);
            add(new Made(at, xid, replaced, table.row(update.data())), RowIds.of(update.newPage(), update.newSlot()));
        } else if (record instanceof WalRecord.HeapDelete delete) {
            int replaced = places.getOrDefault(RowIds.of(delete.page(), delete.slot()), -1);
            made.add(new Made(at, xid, replaced, null));
        }
    }

    private void add(Made version, long rowId) {
        places.put(rowId, made.size());
        made.add(version);
    }

    private List<Version> versions() {
        List<Version> versions = new ArrayList<>(made.size());
        for (Made some : made) {
            long top = tops.getOrDefault(some.xid, some.xid);
            versions.add(new Version(
                    some.at,
                    some.xid,
                    top,
                    labels.getOrDefault(top, ""),
                    some.replaced < 0 ? null : versions.get(some.replaced),
                    some.row,
                    commits.getOrDefault(some.xid, 0L)));
        }
        return versions;
    }
}
