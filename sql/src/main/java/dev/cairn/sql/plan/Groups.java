package dev.cairn.sql.plan;

import dev.cairn.sql.expr.Aggregate;
import dev.cairn.sql.expr.Evaluation;
import dev.cairn.sql.expr.Expr;
import dev.cairn.sql.expr.Nodes.AggregateCall;
import dev.cairn.sql.type.Comparisons;
import dev.cairn.sql.type.Comparisons.Key;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One row for each group of rows: the keys, then the aggregates' results. Without keys there is one group, be it empty. */
record Groups(Plan input, List<Expr> keys, List<AggregateCall> calls, boolean whole) implements Plan {

    @Override
    public List<Column> columns() {
        List<Column> columns = new ArrayList<>();
        keys.forEach(key -> columns.add(new Column("key", key.type())));
        calls.forEach(call -> columns.add(new Column("aggregate", call.type())));
        return columns;
    }

    @Override
    public Rows open(Evaluation evaluation) {
        List<Expr> foldedKeys = Plans.fold(keys, evaluation);
        List<AggregateCall> folded = calls.stream()
                .map(call -> (AggregateCall) call.withChildren(Plans.fold(call.children(), evaluation)))
                .toList();
        Map<Key, List<Accumulation>> groups = new LinkedHashMap<>();
        if (whole) {
            groups.put(new Key(new Object[0]), accumulations(folded));
        }
        try (Rows rows = input.open(evaluation)) {
            for (@Nullable Object[] row = rows.next(); row != null; row = rows.next()) {
                Key key = new Key(Plans.evaluate(foldedKeys, row, evaluation));
                for (Accumulation accumulation : groups.computeIfAbsent(key, k -> accumulations(folded))) {
                    accumulation.add(row, evaluation);
                }
            }
        }
        Iterator<Map.Entry<Key, List<Accumulation>>> each = groups.entrySet().iterator();
        return () -> each.hasNext() ? result(each.next(), evaluation) : null;
    }

    private static List<Accumulation> accumulations(List<AggregateCall> calls) {
        return calls.stream().map(Accumulation::new).toList();
    }

    private @Nullable Object[] result(Map.Entry<Key, List<Accumulation>> group, Evaluation evaluation) {
        @Nullable Object[] row = new Object[keys.size() + calls.size()];
        System.arraycopy(group.getKey().values(), 0, row, 0, keys.size());
        for (int i = 0; i < calls.size(); i++) {
            row[keys.size() + i] = group.getValue().get(i).result(evaluation);
        }
        return row;
    }

    /** One aggregate over one group. Rows wait only if they are to be ordered. */
    private static final class Accumulation {
        private final AggregateCall call;
        private final Aggregate.State state;
        private final Set<Key> seen = new HashSet<>();
        private final List<@Nullable Object[]> waiting = new ArrayList<>();

        Accumulation(AggregateCall call) {
            this.call = call;
            this.state = call.aggregate().newState();
        }

        void add(@Nullable Object[] row, Evaluation evaluation) {
            if (call.filter() != null && !call.filter().isTrue(row, evaluation)) {
                return;
            }
            if (call.order().isEmpty() && !call.distinct()) {
                take(row, evaluation);
            } else if (!call.distinct() || seen.add(new Key(Plans.evaluate(call.arguments(), row, evaluation)))) {
                waiting.add(row);
            }
        }

        private void take(@Nullable Object[] row, Evaluation evaluation) {
            @Nullable Object[] arguments = Plans.evaluate(call.arguments(), row, evaluation);
            if (arguments.length == 0 || arguments[0] != null) {
                state.add(arguments);
            }
        }

        @Nullable Object result(Evaluation evaluation) {
            if (!waiting.isEmpty()) {
                List<@Nullable Object[]> rows = call.order().isEmpty()
                        ? inOrderOfArguments(evaluation)
                        : Plans.sorted(waiting, call.order(), evaluation);
                rows.forEach(row -> take(row, evaluation));
                waiting.clear();
            }
            return state.result();
        }

        /** DISTINCT sorts its arguments in PostgreSQL, which string_agg shows. */
        private List<@Nullable Object[]> inOrderOfArguments(Evaluation evaluation) {
            List<@Nullable Object[]> rows = new ArrayList<>(waiting);
            rows.sort((a, b) -> {
                Object x = call.arguments().get(0).eval(a, evaluation);
                Object y = call.arguments().get(0).eval(b, evaluation);
                return x == null || y == null ? Boolean.compare(x == null, y == null) : Comparisons.compare(x, y);
            });
            return rows;
        }
    }
}
