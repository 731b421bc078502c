package dev.cairn.sql.plan;

import dev.cairn.sql.expr.Expr;
import dev.cairn.sql.syntax.Ast;
import dev.cairn.sql.type.SqlErrors;
import dev.cairn.storage.base.SqlState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** SET, of UPDATE and ON CONFLICT. Stateless. */
final class Assignments {

    private Assignments() {}

    /** The values by column, over the binder's rows, each of its column's type. */
    static Map<Integer, Expr> bind(List<Ast.Assignment> assignments, TableTarget target, ExpressionBinder binder) {
        Map<Integer, Expr> values = new LinkedHashMap<>();
        for (Ast.Assignment assignment : assignments) {
            List<Ast.Expr> sources = sources(assignment);
            for (int i = 0; i < assignment.columns().size(); i++) {
                String name = assignment.columns().get(i);
                int column = target.column(name);
                if (values.put(column, target.assigned(sources.get(i), binder, column)) != null) {
                    throw SqlErrors.syntax("multiple assignments to same column \"" + name + "\"");
                }
            }
        }
        return values;
    }

    private static List<Ast.Expr> sources(Ast.Assignment assignment) {
        int columns = assignment.columns().size();
        Ast.Expr value = assignment.value();
        if (value instanceof Ast.Row row) {
            if (row.fields().size() != columns) {
                throw SqlErrors.syntax("number of columns does not match number of values");
            }
            return row.fields();
        }
        if (columns == 1) {
            return List.of(value);
        }
        if (value instanceof Ast.Scalar) {
            throw SqlErrors.notSupported("assignment of a subquery to several columns");
        }
        throw SqlErrors.of(
                SqlState.FEATURE_NOT_SUPPORTED,
                "source for a multiple-column UPDATE item must be a sub-SELECT or ROW() expression");
    }
}
