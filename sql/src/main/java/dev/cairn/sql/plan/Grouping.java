package dev.cairn.sql.plan;

import dev.cairn.sql.expr.Expr;
import dev.cairn.sql.expr.Nodes;
import dev.cairn.sql.type.SqlErrors;
import dev.cairn.storage.base.SqlState;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns expressions over rows into expressions over groups: keys and aggregates become columns. Used once. */
final class Grouping {

    private final List<Expr> keys;
    private final List<Nodes.AggregateCall> calls = new ArrayList<>();
    private final List<Expr> outputs = new ArrayList<>();
    private final Plan plan;

    /** @param whole whether there is no GROUP BY, so that all rows are one group */
    Grouping(Plan input, List<Expr> keys, List<Expr> exprs, @Nullable Expr having, boolean whole) {
        this.keys = keys;
        exprs.forEach(expr -> collect(expr));
        if (having != null) {
            collect(having);
        }
        exprs.forEach(expr -> outputs.add(rewrite(expr)));
        Plan groups = new Groups(input, keys, calls, whole || keys.isEmpty());
        this.plan = having == null ? groups : new Plans.Filter(groups, rewrite(having));
    }

    Plan plan() {
        return plan;
    }

    /** The expressions, over the plan's rows. */
    List<Expr> outputs() {
        return outputs;
    }

    private void collect(Expr expr) {
        if (expr instanceof Nodes.AggregateCall call) {
            if (!calls.contains(call)) {
                calls.add(call);
            }
        } else if (!keys.contains(expr)) {
            expr.children().forEach(this::collect);
        }
    }

    private Expr rewrite(Expr expr) {
        int key = keys.indexOf(expr);
        if (key >= 0) {
            return new Nodes.Col(expr.type(), key);
        }
        if (expr instanceof Nodes.AggregateCall call) {
            return new Nodes.Col(call.type(), keys.size() + calls.indexOf(call));
        }
        if (expr instanceof Nodes.Col) {
            throw SqlErrors.of(
                    SqlState.GROUPING_ERROR,
                    "a column must appear in the GROUP BY clause or be used in an aggregate function");
        }
        return expr.withChildren(expr.children().stream().map(this::rewrite).toList());
    }
}
