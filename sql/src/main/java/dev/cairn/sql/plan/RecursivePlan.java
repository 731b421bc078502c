package dev.cairn.sql.plan;

import dev.cairn.sql.expr.Evaluation;
import dev.cairn.sql.type.Comparisons.Key;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * WITH RECURSIVE: the first plan's rows, then the second's over the rows found last, until there are none.
 *
 * @param workingTable where the second plan finds the rows found last
 */
record RecursivePlan(Plan first, Plan second, boolean all, Object workingTable) implements Plan {

    @Override
    public List<Column> columns() {
        return first.columns();
    }

    @Override
    public Rows open(Evaluation evaluation) {
        Set<Key> seen = new HashSet<>();
        List<@Nullable Object[]> result = new ArrayList<>();
        List<@Nullable Object[]> latest = fresh(first.all(evaluation), seen);
        while (!latest.isEmpty()) {
            result.addAll(latest);
            Plans.requireWanted();
            evaluation.remember(workingTable, latest);
            latest = fresh(second.all(evaluation), seen);
        }
        return Plans.iterate(result.iterator());
    }

    private List<@Nullable Object[]> fresh(List<@Nullable Object[]> rows, Set<Key> seen) {
        if (all) {
            return rows;
        }
        List<@Nullable Object[]> fresh = new ArrayList<>();
        rows.forEach(row -> {
            if (seen.add(new Key(row))) {
                fresh.add(row);
            }
        });
        return fresh;
    }
}
