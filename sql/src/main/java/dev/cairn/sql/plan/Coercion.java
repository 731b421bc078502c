package dev.cairn.sql.plan;

import dev.cairn.sql.expr.Evaluation;
import dev.cairn.sql.expr.Expr;
import dev.cairn.sql.expr.Nodes;
import dev.cairn.sql.expr.SessionInfo;
import dev.cairn.sql.type.Coercions;
import dev.cairn.sql.type.Coercions.Context;
import dev.cairn.sql.type.SqlErrors;
import dev.cairn.sql.type.SqlType;
import dev.cairn.sql.type.SqlType.Kind;
import dev.cairn.storage.base.SqlState;
import java.util.List;

/** Makes expressions be of a type: unknown literals are read at once, others converted when evaluated. */
final class Coercion {

    private final SessionInfo session;

    Coercion(SessionInfo session) {
        this.session = session;
    }

    /** For an operator or function that wants the type, and may have it. */
    Expr implicit(Expr expr, SqlType type) {
        return convert(expr, type, false);
    }

    /** @throws dev.cairn.storage.base.TransactionException 42846 */
    Expr explicit(Expr expr, SqlType type) {
        if (expr instanceof RowExpr
                || (expr.type().is(Kind.RECORD) && !type.kind().isString())) {
            throw cannotCast(expr.type(), type);
        }
        if (!Coercions.exists(expr.type().kind(), type.kind())) {
            throw cannotCast(expr.type(), type);
        }
        return convert(expr, type, true);
    }

    private static RuntimeException cannotCast(SqlType from, SqlType to) {
        return SqlErrors.of(SqlState.CANNOT_COERCE, "cannot cast type " + from + " to " + to.unlimited());
    }

    /** @throws dev.cairn.storage.base.TransactionException 42804 */
    Expr assignment(Expr expr, SqlType type, String column) {
        if (!Coercions.allowed(expr.type().kind(), type.kind(), Context.ASSIGNMENT)) {
            throw SqlErrors.of(
                    SqlState.DATATYPE_MISMATCH,
                    "column \"" + column + "\" is of type " + type.unlimited() + " but expression is of type "
                            + expr.type());
        }
        return convert(expr, type, false);
    }

    /** @throws dev.cairn.storage.base.TransactionException 42804 */
    Expr bool(Expr expr, String clause) {
        if (!expr.type().is(Kind.BOOLEAN) && !expr.type().is(Kind.UNKNOWN)) {
            throw SqlErrors.of(
                    SqlState.DATATYPE_MISMATCH,
                    "argument of " + clause + " must be type boolean, not type " + expr.type());
        }
        return convert(expr, SqlType.BOOLEAN, false);
    }

    /** An unknown literal as text. */
    Expr known(Expr expr) {
        return expr.type().is(Kind.UNKNOWN) ? convert(expr, SqlType.TEXT, false) : expr;
    }

    private Expr convert(Expr expr, SqlType type, boolean explicit) {
        if (expr.type().equals(type) || (expr.type().kind() == type.kind() && type.precision() == 0)) {
            return expr;
        }
        Nodes.Convert converted = new Nodes.Convert(type, expr, explicit);
        if (expr instanceof Nodes.Const && expr.type().is(Kind.UNKNOWN)) {
            return new Nodes.Const(type, converted.eval(new Object[0], Evaluation.of(session)));
        }
        return converted;
    }

    /**
     * The type that all can become, as for CASE and UNION.
     *
     * @throws dev.cairn.storage.base.TransactionException 42804
     */
    static SqlType common(List<SqlType> types, String construct) {
        SqlType chosen = SqlType.UNKNOWN;
        boolean same = true;
        for (SqlType type : types) {
            if (type.is(Kind.UNKNOWN)) {
                same = false;
                continue;
            }
            if (chosen.is(Kind.UNKNOWN)) {
                chosen = type;
            } else if (!type.equals(chosen)) {
                same &= type.kind() == chosen.kind();
                if (type.kind() == chosen.kind()) {
                    chosen = chosen.unlimited();
                } else if (type.kind().category() != chosen.kind().category()) {
                    throw SqlErrors.of(
                            SqlState.DATATYPE_MISMATCH,
                            construct + " types " + chosen + " and " + type + " cannot be matched");
                } else if (!chosen.kind().isPreferred()
                        && Coercions.allowed(chosen.kind(), type.kind(), Context.IMPLICIT)
                        && !Coercions.allowed(type.kind(), chosen.kind(), Context.IMPLICIT)) {
                    chosen = type;
                }
            }
        }
        if (chosen.is(Kind.UNKNOWN)) {
            return SqlType.TEXT;
        }
        return same ? chosen : chosen.unlimited();
    }
}
