package dev.cairn.tools.log;

import dev.cairn.engine.Column;
import dev.cairn.engine.Database;
import dev.cairn.engine.Index;
import dev.cairn.engine.Row;
import dev.cairn.engine.StoredIndex;
import dev.cairn.engine.StoredPages;
import dev.cairn.engine.StoredPages.Version;
import dev.cairn.engine.StoredTable;
import dev.cairn.storage.base.CorruptionException;
import dev.cairn.storage.base.TransactionException;
import dev.cairn.storage.heap.RowIds;
import dev.cairn.tools.console.UsageException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which row is meant: by the values of its table's primary key, or by the place where a version of it stands, which may have been
 * other rows' place before. Immutable.
 */
public final class RowKey {

    private static final Pattern ADDRESS = Pattern.compile("\\(?(\\d{1,10}),(\\d{1,5})\\)?");

    private final StoredTable table;
    private final List<Integer> columns;
    private final List<Object> values;
    private final long rowId;

    private RowKey(StoredTable table, List<Integer> columns, List<Object> values, long rowId) {
        this.table = table;
        this.columns = columns;
        this.values = values;
        this.rowId = rowId;
    }

    /**
     * The row of that key.
     *
     * @param texts one for each column of the primary key, in its order
     * @throws UsageException if there is no such table, it has no primary key, or the texts are no values of it
     */
    public static RowKey ofPrimaryKey(StoredPages pages, String tableName, List<String> texts) {
        StoredTable table = table(pages, tableName);
        Index primary = pages.indexes().stream()
                .filter(stored -> stored.tableId() == table.tableId())
                .map(StoredIndex::index)
                .filter(Index::primary)
                .findFirst()
                .orElseThrow(
                        () -> new UsageException(
                                "table \"" + tableName
                                        + "\" has no primary key; say which row by --row=PAGE,SLOT, as \"cairn log\" and \"cairn page\" do"));
        if (texts.size() != primary.parts().size()) {
            throw new UsageException("the primary key of \"" + tableName + "\" has "
                    + primary.parts().size() + " columns, found " + texts.size() + " values");
        }
        List<Integer> columns = new ArrayList<>();
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            int index = table.schema().indexOf(primary.parts().get(i).column());
            Column column = table.schema().column(index);
            try {
                columns.add(index);
                values.add(column.type().coerce(ColumnText.value(column.type(), texts.get(i))));
            } catch (TransactionException e) {
                throw new UsageException("column \"" + column.name() + "\": " + e.getMessage());
            }
        }
        return new RowKey(table, columns, values, -1);
    }

    /**
     * The row that stands, or stood, at that place.
     *
     * @param address {@code PAGE,SLOT}, with or without parentheses
     */
    public static RowKey ofAddress(StoredPages pages, String tableName, String address) {
        Matcher matcher = ADDRESS.matcher(address);
        long page = matcher.matches() ? Long.parseLong(matcher.group(1)) : -1;
        int slot = matcher.matches() ? Integer.parseInt(matcher.group(2)) : -1;
        if (page < 1 || page > Integer.MAX_VALUE || slot < 0 || slot > 0xFFFF) {
            throw new UsageException("expected PAGE,SLOT such as 1,0, found " + address);
        }
        return new RowKey(table(pages, tableName), List.of(), List.of(), RowIds.of((int) page, slot));
    }

    private static StoredTable table(StoredPages pages, String name) {
        return pages.tables().stream()
                .filter(table -> table.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new UsageException("there is no table \"" + name + "\""));
    }

    public StoredTable table() {
        return table;
    }

    /** The versions of it that stand on pages, by their places. By address: also those that it was replaced by. */
    public List<Version> versions(Database database) {
        List<Version> found = new ArrayList<>();
        database.storedPages().versions(table, version -> {
            boolean follows = columns.isEmpty()
                    && found.stream()
                            .anyMatch(known -> known.forward() == version.rowId() && known.rowId() != version.rowId());
            if (follows || version.rowId() == rowId || isOf(version.data())) {
                found.add(version);
            }
        });
        return found;
    }

    /** Whether an update leads to a version of the same row, whatever is in it. */
    boolean isFollowed() {
        return columns.isEmpty();
    }

    /** Whether that place is meant. */
    boolean isAt(long place) {
        return columns.isEmpty() && place == rowId;
    }

    /** Whether the row has the key; never if it is meant by address. */
    boolean isOf(byte[] data) {
        if (columns.isEmpty()) {
            return false;
        }
        Row row;
        try {
            row = table.row(data);
        } catch (CorruptionException e) {
            // A row of another shape has no key to compare; whether it is damaged is for "verify" to say.
            return false;
        }
        for (int i = 0; i < columns.size(); i++) {
            int column = columns.get(i);
            if (row.isUnread(column) || !isSame(values.get(i), row.get(column))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isSame(Object wanted, @Nullable Object found) {
        if (wanted instanceof BigDecimal number) {
            return found instanceof BigDecimal other && number.compareTo(other) == 0;
        }
        return wanted instanceof byte[] bytes
                ? found instanceof byte[] other && Arrays.equals(bytes, other)
                : Objects.equals(wanted, found);
    }

    /** {@code (3)}, or {@code at (1,2)}. */
    @Override
    public String toString() {
        if (columns.isEmpty()) {
            return "at " + RowIds.format(rowId);
        }
        StringJoiner text = new StringJoiner(", ", "(", ")");
        for (int i = 0; i < columns.size(); i++) {
            text.add(ColumnText.of(table.schema().column(columns.get(i)).type(), values.get(i)));
        }
        return text.toString();
    }
}
