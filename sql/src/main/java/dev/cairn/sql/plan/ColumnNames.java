package dev.cairn.sql.plan;

import dev.cairn.sql.syntax.Ast;
import dev.cairn.sql.type.SqlType;
import org.jspecify.annotations.Nullable;

/** The names that PostgreSQL gives to columns of a select list without alias. */
final class ColumnNames {

    static final String NONE = "?column?";

    private ColumnNames() {}

    /** A name, and whether it is one that a cast or CASE around it keeps. */
    private record Name(String text, boolean strong) {}

    static String of(Ast.Expr expr) {
        Name name = name(expr);
        return name == null ? NONE : name.text();
    }

    private static @Nullable Name name(Ast.Expr expr) {
        if (expr instanceof Ast.ColumnRef reference) {
            return new Name(reference.last(), true);
        }
        if (expr instanceof Ast.Call call) {
            return new Name(call.name(), true);
        }
        if (expr instanceof Ast.WholeRow row) {
            return new Name(row.table(), true);
        }
        if (expr instanceof Ast.Field field) {
            return new Name(field.name(), true);
        }
        if (expr instanceof Ast.Row) {
            return new Name("row", true);
        }
        if (expr instanceof Ast.Exists) {
            return new Name("exists", true);
        }
        if (expr instanceof Ast.Scalar scalar) {
            return ofQuery(scalar.query());
        }
        if (expr instanceof Ast.Cast cast) {
            Name inner = name(cast.operand());
            return inner != null && inner.strong() ? inner : new Name(typeName(cast.type()), false);
        }
        if (expr instanceof Ast.Case kase) {
            Name inner = kase.otherwise() == null ? null : name(kase.otherwise());
            return inner != null && inner.strong() ? inner : new Name("case", false);
        }
        return null;
    }

    private static String typeName(Ast.TypeName type) {
        return switch (type.name()) {
            case "double precision",
                    "float",
                    "character varying",
                    "char varying",
                    "decimal",
                    "dec",
                    "bigint",
                    "integer",
                    "int",
                    "smallint",
                    "boolean",
                    "timestamp without time zone",
                    "timestamp with time zone" -> {
                SqlType resolved = TypeNames.resolve(new Ast.TypeName(type.name(), java.util.List.of(), false));
                yield resolved.kind().internalName();
            }
            default -> type.name();
        };
    }

    /** The name of the first column of a query. */
    private static @Nullable Name ofQuery(Ast.Query query) {
        Ast.Body body = query.body();
        while (!(body instanceof Ast.Select)) {
            if (body instanceof Ast.Nested nested) {
                body = nested.query().body();
            } else if (body instanceof Ast.SetOperation set) {
                body = set.left();
            } else {
                return body instanceof Ast.Values ? new Name("column1", true) : null;
            }
        }
        Ast.Select select = (Ast.Select) body;
        Ast.Item first = select.items().isEmpty() ? null : select.items().get(0);
        Ast.Expr expr = first == null ? null : first.expr();
        if (first == null || expr == null) {
            return null;
        }
        return first.alias() != null ? new Name(first.alias(), true) : name(expr);
    }
}
