package dev.cairn.engine;

import dev.cairn.txn.Snapshot;
import dev.cairn.txn.Xact;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The scans that a transaction has open, each with the level that it was opened in. Level serials grow: a level's descendants,
 * released ones included, have greater serials than it has.
 */
final class OpenScans {

    private final Transaction transaction;
    private final Map<Scan, Long> levels = new LinkedHashMap<>();

    OpenScans(Transaction transaction) {
        this.transaction = transaction;
    }

    Scan open(Table table, BiFunction<Xact, Snapshot, RowCursor> rows, @Nullable Predicate<Row> where) {
        Xact xact = transaction.xact();
        Snapshot snapshot = xact.statementSnapshot();
        xact.hold(snapshot);
        Scan scan = new Scan(transaction, table, rows.apply(xact, snapshot), snapshot, where);
        levels.put(scan, xact.currentLevel());
        return scan;
    }

    void forget(Scan scan) {
        levels.remove(scan);
    }

    /** Scans opened since that level began belong to the one below now, whatever its serial: it is smaller. */
    void released(long level) {
        if (!levels.isEmpty()) {
            levels.replaceAll((scan, opened) -> Math.min(opened, level - 1));
        }
    }

    /** Closes the scans opened since that level began. */
    void undone(long level) {
        if (levels.isEmpty()) {
            return;
        }
        Iterator<Map.Entry<Scan, Long>> entries = levels.entrySet().iterator();
        while (entries.hasNext()) {
            Map.Entry<Scan, Long> entry = entries.next();
            if (entry.getValue() >= level) {
                entries.remove();
                entry.getKey().end();
            }
        }
    }
}
