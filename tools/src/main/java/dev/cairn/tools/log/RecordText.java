package dev.cairn.tools.log;

import dev.cairn.storage.base.Lsn;
import dev.cairn.wal.record.WalRecord;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Log records in words, one line each. A record type without words does not compile. */
public final class RecordText {

    /** Runs of ids that a line shows before it only counts the rest. */
    private static final int MOST_RUNS = 6;

    private RecordText() {}

    /** The heading of the columns that {@link #line} fills. */
    public static String heading() {
        return String.format(Locale.ROOT, "%-14s %8s %7s  %-17s %s", "lsn", "xid", "bytes", "record", "");
    }

    /** @param start where the record begins; {@code end} where the next one does */
    public static String line(long start, long end, long xid, WalRecord record) {
        String details = details(record);
        StringBuilder line = new StringBuilder(56 + details.length()).append(Lsn.format(start));
        pad(line, 14);
        padded(line, xid == 0 ? "-" : Long.toString(xid), 9);
        padded(line, Long.toString(end - start), 8);
        line.append("  ").append(record.type());
        if (!details.isEmpty()) {
            pad(line, 51);
            line.append(details);
        }
        return line.toString();
    }

    /** Fills up with blanks, and puts one where there is no room for any. */
    private static void pad(StringBuilder line, int column) {
        do {
            line.append(' ');
        } while (line.length() < column);
    }

    /** To the right. */
    private static void padded(StringBuilder line, String text, int width) {
        line.append(" ".repeat(Math.max(1, width - text.length()))).append(text);
    }

    /** What the record says beyond its type, xid and position. */
    public static String details(WalRecord record) {
        // Patterns in a switch need Java 21; a visitor over thirty records would say the same at twice the length.
        return switch (record.type()) {
            case SEGMENT_END -> "";
            case INCARNATION -> incarnation((WalRecord.Incarnation) record);
            case DURABLE_MARK -> "durable up to " + Lsn.format(((WalRecord.DurableMark) record).durableLsn());
            case CHECKPOINT_BEGIN -> checkpointBegin((WalRecord.CheckpointBegin) record);
            case CHECKPOINT_END -> checkpointEnd((WalRecord.CheckpointEnd) record);
            case FILE_CREATE -> fileCreate((WalRecord.FileCreate) record);
            case FILE_EXTEND -> fileExtend((WalRecord.FileExtend) record);
            case FILE_DROP -> "file " + ((WalRecord.FileDrop) record).fileId();
            case PAGE_IMAGE -> page(record.fileId(), ((WalRecord.PageImage) record).page());
            case HEAP_INSERT -> heapInsert((WalRecord.HeapInsert) record);
            case HEAP_UPDATE, HEAP_HOT_UPDATE -> heapUpdate((WalRecord.HeapUpdate) record);
            case HEAP_DELETE -> heapDelete((WalRecord.HeapDelete) record);
            case HEAP_PRUNE -> heapPrune((WalRecord.HeapPrune) record);
            case HEAP_FREEZE -> heapFreeze((WalRecord.HeapFreeze) record);
            case OVERFLOW_EXTEND, OVERFLOW_WRITE, OVERFLOW_DELETE, OVERFLOW_FREE -> OverflowRecords.text(record);
            case INDEX_EXTEND,
                    INDEX_INSERT,
                    INDEX_DELETE,
                    INDEX_SPLIT,
                    INDEX_DOWNLINK,
                    INDEX_ROOT,
                    INDEX_UNLINK,
                    INDEX_ABSORB -> IndexRecords.text(record);
            case XACT_BEGIN -> xactBegin((WalRecord.XactBegin) record);
            case SUBXACT_ASSIGN -> subxactAssign((WalRecord.SubxactAssign) record);
            case SUBCOMMIT -> subcommit((WalRecord.Subcommit) record);
            case SUBABORT -> subabort((WalRecord.Subabort) record);
            case COMMIT_CHILDREN -> "with " + runs(((WalRecord.CommitChildren) record).runs());
            case COMMIT -> commit((WalRecord.Commit) record);
            case ABORT -> abort((WalRecord.Abort) record);
            case CATALOG_CHANGE -> catalogChange((WalRecord.CatalogChange) record);
        };
    }

    private static String incarnation(WalRecord.Incarnation r) {
        return "number " + r.counter() + ", salt " + Long.toHexString(r.salt()) + ", " + time(r.timeMicros());
    }

    private static String checkpointBegin(WalRecord.CheckpointBegin r) {
        StringBuilder text = new StringBuilder("next xid " + r.nextXid() + ", next file " + r.nextFileId() + ", "
                + count(r.activeXids().length, "open transaction"));
        for (int i = 0; i < r.activeXids().length && i < MOST_RUNS; i++) {
            text.append(i == 0 ? ": " : ", ")
                    .append(r.activeXids()[i])
                    .append(" since ")
                    .append(Lsn.format(r.activeFirstLsns()[i]));
        }
        return text.append(", ").append(time(r.timeMicros())).toString();
    }

    private static String checkpointEnd(WalRecord.CheckpointEnd r) {
        return "redo point " + Lsn.format(r.redoPoint()) + ", " + time(r.timeMicros());
    }

    private static String fileCreate(WalRecord.FileCreate r) {
        return "file " + r.fileId() + " for table " + r.tableId();
    }

    private static String fileExtend(WalRecord.FileExtend r) {
        return page(r.fileId(), r.newPage()) + ", xid base " + r.xidBase();
    }

    private static String heapInsert(WalRecord.HeapInsert r) {
        return slot(r.fileId(), r.page(), r.slot()) + ", table " + r.tableId() + ", command " + r.command() + ", "
                + bytes(r.data().length);
    }

    private static String heapUpdate(WalRecord.HeapUpdate r) {
        return slot(r.fileId(), r.oldPage(), r.oldSlot()) + " becomes page " + r.newPage() + " slot " + r.newSlot()
                + ", table " + r.tableId() + ", command " + r.newCommand() + ", " + bytes(r.data().length);
    }

    private static String heapDelete(WalRecord.HeapDelete r) {
        return slot(r.fileId(), r.page(), r.slot()) + ", table " + r.tableId() + ", command " + r.command();
    }

    private static String heapPrune(WalRecord.HeapPrune r) {
        return page(r.fileId(), r.page()) + ", " + count(r.slots().length + r.redirects().length / 2, "version")
                + " gone, newest deleted at "
                + Lsn.format(r.newestRemovedCommit());
    }

    private static String heapFreeze(WalRecord.HeapFreeze r) {
        return page(r.fileId(), r.page()) + ", " + count(r.slots().length, "version") + " frozen, newest committed at "
                + Lsn.format(r.newestFrozenCommit());
    }

    private static String xactBegin(WalRecord.XactBegin r) {
        return (r.label().isEmpty() ? "" : quoted(r.label()) + ", ") + time(r.timeMicros());
    }

    private static String subxactAssign(WalRecord.SubxactAssign r) {
        return "savepoint " + quoted(r.name()) + ", level " + r.level() + ", parent " + r.parent() + ", top " + r.top()
                + ", " + time(r.timeMicros());
    }

    private static String subcommit(WalRecord.Subcommit r) {
        return "released into " + r.parent() + ", top " + r.top();
    }

    private static String subabort(WalRecord.Subabort r) {
        return (r.sqlState() == null ? "ROLLBACK TO" : "error " + r.sqlState()) + ", top " + r.top() + ", "
                + time(r.timeMicros());
    }

    private static String commit(WalRecord.Commit r) {
        return (r.runs().length == 0 ? "alone" : "with " + runs(r.runs())) + ", first record "
                + Lsn.format(r.firstLsn()) + ", " + time(r.timeMicros());
    }

    private static String abort(WalRecord.Abort r) {
        return (r.sqlState() == null ? "ROLLBACK" : "error " + r.sqlState()) + ", " + time(r.timeMicros());
    }

    private static String catalogChange(WalRecord.CatalogChange r) {
        return "table " + r.tableId() + ", file " + r.changedFileId() + ": " + r.statement();
    }

    private static String page(int fileId, int page) {
        return "file " + fileId + " page " + page;
    }

    private static String slot(int fileId, int page, int slot) {
        return page(fileId, page) + " slot " + slot;
    }

    /** Ids as they are drawn: {@code 58-61 63}. */
    static String runs(long[] runs) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < runs.length; i += 2) {
            if (i / 2 == MOST_RUNS) {
                return text.append(" and ")
                        .append(count((runs.length - i) / 2, "more run"))
                        .toString();
            }
            text.append(i == 0 ? "" : " ").append(runs[i]);
            if (runs[i + 1] > 1) {
                text.append('-').append(runs[i] + runs[i + 1] - 1);
            }
        }
        return text.toString();
    }

    /** UTC, as precise as it was logged. */
    public static String time(long epochMicros) {
        return Instant.EPOCH.plus(epochMicros, ChronoUnit.MICROS).toString();
    }

    static String bytes(long bytes) {
        return count(bytes, "byte");
    }

    static String count(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }

    /** Names come from applications: control characters must not reach a terminal. */
    public static String quoted(String name) {
        StringBuilder text = new StringBuilder("\"");
        name.codePoints().forEach(c -> {
            if (Character.isISOControl(c) || c == '"' || c == '\\') {
                text.append(String.format(Locale.ROOT, "\\u%04x", c));
            } else {
                text.appendCodePoint(c);
            }
        });
        return text.append('"').toString();
    }
}
