package dev.cairn.tools.log;

import dev.cairn.tools.console.LiveDatabase;
import dev.cairn.tools.console.UsageException;
import dev.cairn.wal.record.WalRecordType;
import java.nio.file.Path;
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
            description = "Records of this table, by its name or by the id that records show.")
    private @Nullable String table;

    @Option(
            names = "--key",
            paramLabel = "VALUE",
            description = "Of --table, records of the row with this primary key; once for each column of the key.")
    private List<String> key = List.of();

    @Option(names = "--page", paramLabel = "FILE:NO", description = "Records that change this page.")
    private @Nullable String page;

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            split = ",",
            description = "Records of these kinds, such as COMMIT,ABORT. \"cairn format\" explains them all.")
    private List<String> kinds = List.of();

    /**
     * The trail of the row that is asked for; null if none is.
     *
     * @throws UsageException if there is no such table, or no such key of it
     */
    @Nullable RowTrail trail(Path directory) {
        String name = table;
        if (key.isEmpty()) {
            return null;
        }
        if (name == null) {
            throw new UsageException("--key: expected --table=NAME with it");
        }
        return LiveDatabase.read(directory, database -> {
            RowKey row = RowKey.ofPrimaryKey(database.storedPages(), name, key);
            return new RowTrail(row, row.versions(database));
        });
    }

    /**
     * @param tables to look the table's name up in
     * @param trail of the row that is asked for
     */
    LogFilter filter(TableNames tables, @Nullable RowTrail trail) {
        return new LogFilter(
                LogPosition.parseOrNull("--from", from),
                LogPosition.parseOrNull("--to", to),
                nonNegative("--xid", xid),
                nonNegative("--tree", tree),
                table,
                page == null ? null : LogFilter.Page.parse(page),
                types(),
                tables,
                trail);
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
