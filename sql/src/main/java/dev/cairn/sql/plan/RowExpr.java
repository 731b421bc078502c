package dev.cairn.sql.plan;

import dev.cairn.sql.expr.Evaluation;
import dev.cairn.sql.expr.Expr;
import dev.cairn.sql.type.RowValue;
import dev.cairn.sql.type.SqlType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A composite value from its fields. */
record RowExpr(List<Expr> children) implements Expr {

    static RowExpr of(List<Expr> fields) {
        return new RowExpr(fields);
    }

    @Override
    public SqlType type() {
        return SqlType.RECORD;
    }

    @Override
    public Object eval(@Nullable Object[] row, Evaluation evaluation) {
        return new RowValue(children.stream().map(Expr::type).toList(), Plans.evaluate(children, row, evaluation));
    }

    @Override
    public Expr withChildren(List<Expr> other) {
        return new RowExpr(other);
    }
}
