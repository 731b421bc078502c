package dev.cairn.sql.plan;

import dev.cairn.engine.KeyRange;
import dev.cairn.engine.Row;
import dev.cairn.engine.Scan;
import dev.cairn.engine.Table;
import dev.cairn.sql.expr.Evaluation;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a table: all of them, or those that ranges of an index lead to, in its order.
 *
 * @param alias what the query calls the table
 * @param identified whether each row has its id in a column behind the others
 */
record TableScan(
        Table table,
        String alias,
        List<Column> columns,
        boolean identified,
        @Nullable IndexPath path) implements Plan {

    TableScan by(IndexPath chosen) {
        return new TableScan(table, alias, columns, identified, chosen);
    }

    @Override
    public Rows open(Evaluation evaluation) {
        if (path == null) {
            return new Run(table.scan(), List.<KeyRange>of().iterator());
        }
        Iterator<KeyRange> ranges = path.ranges(evaluation).iterator();
        return ranges.hasNext() ? new Run(scan(ranges.next()), ranges) : () -> null;
    }

    private Scan scan(KeyRange range) {
        return table.scan(range);
    }

    /** One run. */
    private final class Run implements Rows {
        private Scan scan;
        private final Iterator<KeyRange> more;

        Run(Scan scan, Iterator<KeyRange> more) {
            this.scan = scan;
            this.more = more;
        }

        @Override
        public @Nullable Object @Nullable [] next() {
            Plans.requireWanted();
            while (!scan.hasNext()) {
                if (!more.hasNext()) {
                    return null;
                }
                scan = scan(more.next());
            }
            Row row = scan.next();
            @Nullable Object[] values = Plans.values(row);
            if (identified) {
                values = Arrays.copyOf(values, values.length + 1);
                values[values.length - 1] = row.id().value();
            }
            return values;
        }

        @Override
        public void close() {
            scan.close();
        }
    }
}
