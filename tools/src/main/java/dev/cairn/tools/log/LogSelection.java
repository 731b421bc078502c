package dev.cairn.tools.log;

import dev.cairn.tools.console.UsageException;
import dev.cairn.wal.record.WalRecordType;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which records are wanted. */
final class LogSelection {

    @Option(names = "--from", paramLabel = "LSN|TIME", description = "Records from here on.")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "LSN|TIME", description = "Records before this.")
    private @Nullable String to;

    @Option(names = "--xid", paramLabel = "XID", description = "Records that bear this id, a sub-transaction's or not.")
    private long xid;

    @Option(
            names = "--tree",
            paramLabel = "XID",
            description = "Records of this transaction or savepoint and of all inside it.")
    private long tree;

    @Option(
            names = "--table",
            paramLabel = "NAME|ID",
            description = "Records of this table: one that is there by name, any by the id that records show.")
    private @Nullable String table;

    @Option(names = "--page", paramLabel = "FILE:NO", description = "Records that change this page.")
    private @Nullable String page;

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            split = ",",
            description = "Records of these kinds, such as COMMIT,ABORT. \"cairn format\" explains them all.")
    private List<String> kinds = List.of();

    boolean isAll() {
        return from == null && to == null && xid == 0 && tree == 0 && table == null && page == null && kinds.isEmpty();
    }

    @Nullable String table() {
        return table;
    }

    /** @param tables to look the table's name up in */
    LogFilter filter(TableNames tables) {
        return new LogFilter(
                LogPosition.parseOrNull("--from", from),
                LogPosition.parseOrNull("--to", to),
                nonNegative("--xid", xid),
                nonNegative("--tree", tree),
                table == null ? 0 : tables.idOf(table),
                page == null ? null : LogFilter.Page.parse(page),
                types(),
                tables);
    }

    private static long nonNegative(String option, long value) {
        if (value < 0) {
            throw new UsageException(option + ": expected a transaction id, found " + value);
        }
        return value;
    }

    private Set<WalRecordType> types() {
        Set<WalRecordType> types = EnumSet.noneOf(WalRecordType.class);
        for (String kind : kinds) {
            try {
                types.add(WalRecordType.valueOf(kind.toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException e) {
                throw new UsageException(
                        "--kind: expected one of " + EnumSet.allOf(WalRecordType.class) + ", found " + kind);
            }
        }
        return types.isEmpty() ? EnumSet.allOf(WalRecordType.class) : types;
    }
}
