package dev.cairn.tools.log;

import dev.cairn.storage.base.Lsn;
import dev.cairn.tools.console.Console;
import dev.cairn.wal.LoggedRecord;
import dev.cairn.wal.record.WalRecord;
import dev.cairn.wal.record.WalRecordType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts records, bytes and full-page images: per kind, per table, per top-level transaction. Keeps the {@value
 * #MOST_TRANSACTIONS} largest transactions, so memory is bounded by those that are open at one time. Not thread-safe.
 */
final class LogStatistics {

    static final int MOST_TRANSACTIONS = 20;

    private static final Comparator<Map.Entry<Long, Count>> BY_BYTES = Comparator.<Map.Entry<Long, Count>>comparingLong(
                    entry -> entry.getValue().bytes)
            .reversed()
            .thenComparing(Map.Entry::getKey);

    private final TableNames tables;
    private final Count all = new Count();
    /** By the ordinal of the record's type; null if none has come. */
    private final @Nullable Count[] kinds = new @Nullable Count[WalRecordType.values().length];

    private final Map<Integer, Count> byTable = new TreeMap<>();
    private final Map<Long, Count> open = new HashMap<>();
    private final Map<Long, Long> tops = new HashMap<>();
    private final List<Map.Entry<Long, Count>> largest = new ArrayList<>();
    private long transactions;
    /** What the last record was counted for: most records are of the same transaction and table as the one before. */
    private long lastXid;

    private @Nullable Count last;
    private int lastTable;
    private @Nullable Count lastOfTable;

    /** What is counted of each. */
    private static final class Count {
        private long records;
        private long bytes;
        private long images;

        private void add(LoggedRecord record, int carried) {
            records++;
            bytes += record.end() - record.start();
            images += carried;
        }
    }

    LogStatistics(TableNames tables) {
        this.tables = tables;
    }

    void add(LoggedRecord logged) {
        WalRecord record = logged.record();
        int images = (logged.image0() == null ? 0 : 1) + (logged.image1() == null ? 0 : 1);
        all.add(logged, images);
        kind(record.type()).add(logged, images);
        int table = tables.tableOf(record);
        if (table != 0) {
            table(table).add(logged, images);
        }
        if (record instanceof WalRecord.Incarnation) {
            endAll();
        } else if (logged.xid() != 0) {
            transaction(logged, record, images);
        }
    }

    private Count kind(WalRecordType type) {
        Count count = kinds[type.ordinal()];
        if (count == null) {
            count = new Count();
            kinds[type.ordinal()] = count;
        }
        return count;
    }

    private Count table(int table) {
        Count count = lastOfTable;
        if (count == null || table != lastTable) {
            count = byTable.computeIfAbsent(table, id -> new Count());
            lastOfTable = count;
            lastTable = table;
        }
        return count;
    }

    private void transaction(LoggedRecord logged, WalRecord record, int images) {
        if (record instanceof WalRecord.SubxactAssign assign) {
            tops.put(logged.xid(), assign.top());
            last = null;
        }
        Count known = last;
        if (known != null && logged.xid() == lastXid) {
            known.add(logged, images);
        } else {
            long top = tops.getOrDefault(logged.xid(), logged.xid());
            known = open.computeIfAbsent(top, id -> new Count());
            known.add(logged, images);
            last = known;
            lastXid = logged.xid();
        }
        if (record instanceof WalRecord.Commit || record instanceof WalRecord.Abort) {
            long top = tops.getOrDefault(logged.xid(), logged.xid());
            last = null;
            Count count = open.remove(top);
            if (count != null) {
                end(Map.entry(top, count));
            }
            if (open.isEmpty()) {
                tops.clear();
            }
        }
    }

    private void endAll() {
        open.entrySet().forEach(entry -> end(Map.entry(entry.getKey(), entry.getValue())));
        open.clear();
        tops.clear();
        last = null;
    }

    private void end(Map.Entry<Long, Count> transaction) {
        transactions++;
        largest.add(transaction);
        if (largest.size() >= 2 * MOST_TRANSACTIONS) {
            trim();
        }
    }

    private void trim() {
        largest.sort(BY_BYTES);
        if (largest.size() > MOST_TRANSACTIONS) {
            largest.subList(MOST_TRANSACTIONS, largest.size()).clear();
        }
    }

    /** @param to where the log ends */
    void print(Console console, boolean json, long to) {
        endAll();
        trim();
        if (!json) {
            console.line(String.format(Locale.ROOT, "%-28s %12s %14s %8s", "", "records", "bytes", "images"));
        }
        Map<String, Count> byKind = new TreeMap<>();
        for (WalRecordType type : WalRecordType.values()) {
            Count count = kinds[type.ordinal()];
            if (count != null) {
                byKind.put(type.name(), count);
            }
        }
        byKind.forEach((name, count) -> line(console, json, "kind", name, count));
        byTable.forEach((id, count) -> line(console, json, "table", tables.nameOf(id), count));
        largest.forEach(entry -> line(console, json, "transaction", Long.toString(entry.getKey()), entry.getValue()));
        line(console, json, "all", "up to " + Lsn.format(to), all);
        if (!json && transactions > largest.size()) {
            console.line("the " + largest.size() + " largest of " + transactions + " transactions are shown");
        }
    }

    private static void line(Console console, boolean json, String group, String name, Count count) {
        console.line(
                json
                        ? new JsonObject()
                                .put("group", group)
                                .put("name", name)
                                .put("records", count.records)
                                .put("bytes", count.bytes)
                                .put("images", count.images)
                                .toString()
                        : String.format(
                                Locale.ROOT,
                                "%-28s %12d %14d %8d",
                                group + " " + name,
                                count.records,
                                count.bytes,
                                count.images));
    }
}
