package dev.cairn.sql.expr;

import dev.cairn.sql.type.SqlType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A bound expression. Immutable; two are equal if they compute the same from the same. */
public interface Expr {

    SqlType type();

    /**
     * The value for a row.
     *
     * @return null for NULL
     * @throws dev.cairn.storage.base.TransactionException 22xxx
     */
    @Nullable Object eval(@Nullable Object[] row, Evaluation evaluation);

    List<Expr> children();

    /** The same over other children, as many. */
    Expr withChildren(List<Expr> children);

    /** Whether the value for a row is the boolean true. */
    default boolean isTrue(@Nullable Object[] row, Evaluation evaluation) {
        return Boolean.TRUE.equals(eval(row, evaluation));
    }
}
