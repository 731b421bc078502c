package dev.cairn.tools.log;

import dev.cairn.tools.console.UsageException;
import dev.cairn.wal.LoggedRecord;
import dev.cairn.wal.record.WalRecord;
import dev.cairn.wal.record.WalRecordType;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Says which records are wanted. Must be shown all of them, in order: some speak of those that follow. Not thread-safe. */
final class LogFilter {

    /** A page of a file. */
    record Page(int fileId, int pageNo) {

        /** @throws UsageException if the text is not {@code FILE:NO} */
        static Page parse(String text) {
            int colon = text.indexOf(':');
            try {
                if (colon > 0) {
                    Page page = new Page(
                            Integer.parseInt(text.substring(0, colon)), Integer.parseInt(text.substring(colon + 1)));
                    if (page.fileId > 0 && page.pageNo >= 0) {
                        return page;
                    }
                }
            } catch (NumberFormatException e) {
                throw new UsageException("--page: expected FILE:NO, two numbers, found " + text);
            }
            throw new UsageException("--page: expected FILE:NO, two numbers, found " + text);
        }
    }

    private final @Nullable LogPosition from;
    private final @Nullable LogPosition to;
    private final long xid;
    private final long root;
    private final @Nullable String table;
    private final @Nullable Page page;
    private final Set<WalRecordType> types;
    private final TableNames tables;
    private final @Nullable RowTrail trail;
    /** The root and all that is inside it, as far as it was assigned. */
    private final Set<Long> tree = new HashSet<>();

    private long time;

    /** 0 and null ask for nothing. */
    LogFilter(
            @Nullable LogPosition from,
            @Nullable LogPosition to,
            long xid,
            long root,
            @Nullable String table,
            @Nullable Page page,
            Set<WalRecordType> types,
            TableNames tables,
            @Nullable RowTrail trail) {
        this.from = from;
        this.to = to;
        this.xid = xid;
        this.root = root;
        this.table = table;
        this.page = page;
        this.types = types;
        this.tables = tables;
        this.trail = trail;
        tree.add(root);
    }

    /** Whether this record, and so all that follow, are beyond the wanted part. */
    boolean isBeyond(LoggedRecord record) {
        LogPosition end = to;
        return end != null && !end.isAfter(record, Math.max(time, RecordTime.of(record.record())));
    }

    /**
     * To be called when all records have been shown.
     *
     * @throws UsageException if a table was asked for of which nothing was heard
     */
    void requireTable() {
        if (table != null && !tables.knows(table)) {
            throw new UsageException("--table: there is no table \"" + table
                    + "\"; one that was dropped long ago has to be" + " given by its id, which its records show");
        }
    }

    boolean test(LoggedRecord logged) {
        WalRecord record = logged.record();
        time = Math.max(time, RecordTime.of(record));
        tables.learn(record);
        if (record instanceof WalRecord.SubxactAssign assign && root != 0 && tree.contains(assign.parent())) {
            tree.add(logged.xid());
        }
        if (trail != null && !trail.take(logged)) {
            return false;
        }
        LogPosition begin = from;
        return types.contains(record.type())
                && (xid == 0 || logged.xid() == xid)
                && (root == 0 || tree.contains(logged.xid()))
                && (table == null || tables.is(tables.tableOf(record), table))
                && (page == null || changes(record, page))
                && (begin == null || !begin.isAfter(logged, time));
    }

    private static boolean changes(WalRecord record, Page page) {
        for (int i = 0; i < record.pageCount(); i++) {
            if (record.fileId() == page.fileId && record.pageNo(i) == page.pageNo) {
                return true;
            }
        }
        return false;
    }
}
