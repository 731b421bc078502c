package dev.cairn.sql.syntax;

import dev.cairn.storage.base.TransactionException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Syntax trees of statements and expressions. Names are folded and unquoted; nothing is resolved yet. */
public final class Ast {

    private Ast() {}

    /** A statement. */
    public sealed interface Statement
            permits Query,
                    Insert,
                    Update,
                    Delete,
                    CreateTable,
                    CreateIndex,
                    AlterTable,
                    DropTable,
                    DropIndex,
                    Truncate,
                    Control,
                    Show,
                    SetVariable,
                    Explain,
                    Refused {}

    /** What PostgreSQL has and Cairn has not; to be refused when it would run. */
    public record Refused(TransactionException error) implements Statement {}

    /** Transaction control and its options. */
    public record Control(
            Verb verb,
            @Nullable String savepoint,
            @Nullable String isolation,
            @Nullable Boolean readOnly,
            @Nullable Boolean deferrable,
            boolean chain)
            implements Statement {

        /** What the statement does; SET is SET TRANSACTION, SET_DEFAULT is SET SESSION CHARACTERISTICS. */
        public enum Verb {
            BEGIN,
            START,
            COMMIT,
            ROLLBACK,
            SAVEPOINT,
            RELEASE,
            ROLLBACK_TO,
            SET,
            SET_DEFAULT
        }
    }

    /** SHOW name. */
    public record Show(String name) implements Statement {}

    /** SET name = value, for a session setting; a null value for DEFAULT, and for RESET. */
    public record SetVariable(String name, @Nullable String value, boolean reset) implements Statement {}

    /** EXPLAIN of a statement. */
    public record Explain(Statement statement) implements Statement {}

    /** A table's name, perhaps with a schema. */
    public record Name(@Nullable String schema, String name) {}

    /** A query: a select, a set operation, or VALUES; with what may follow any of them. */
    public record Query(
            List<CommonTable> with,
            boolean recursive,
            Body body,
            List<OrderItem> orderBy,
            @Nullable Expr limit,
            @Nullable Expr offset,
            @Nullable Locking locking)
            implements Statement {}

    /** FOR UPDATE and its like. */
    public record Locking(String strength, List<String> tables, boolean noWait, boolean skipLocked) {}

    /** A table of a WITH clause. */
    public record CommonTable(String name, List<String> columns, Query query) {}

    /** What a query consists of. */
    public sealed interface Body permits Select, SetOperation, Values, Nested {}

    /** SELECT … FROM … WHERE … GROUP BY … HAVING. */
    public record Select(
            boolean distinct,
            @Nullable List<Expr> distinctOn,
            List<Item> items,
            List<Source> from,
            @Nullable Expr where,
            @Nullable List<Expr> groupBy,
            @Nullable Expr having)
            implements Body {}

    /** UNION, INTERSECT or EXCEPT. */
    public record SetOperation(Operator operator, boolean all, Body left, Body right) implements Body {

        /** The operators. */
        public enum Operator {
            UNION,
            INTERSECT,
            EXCEPT
        }
    }

    /** VALUES with its rows. */
    public record Values(List<List<Expr>> rows) implements Body {}

    /** A query in parentheses. */
    public record Nested(Query query) implements Body {}

    /** An item of a select list: an expression, or a star, perhaps a table's. */
    public record Item(
            @Nullable Expr expr,
            @Nullable String alias,
            @Nullable String starOf) {
        public boolean isStar() {
            return expr == null;
        }
    }

    /** ORDER BY's items. */
    public record OrderItem(
            Expr expr, boolean descending, @Nullable Boolean nullsFirst) {}

    /** Where rows come from. */
    public sealed interface Source permits TableSource, FunctionSource, QuerySource, JoinSource {}

    /** A table, or a table of a WITH clause. */
    public record TableSource(Name name, @Nullable String alias, List<String> columnAliases) implements Source {}

    /** A function's rows. */
    public record FunctionSource(Call call, @Nullable String alias, List<String> columnAliases, boolean ordinality)
            implements Source {}

    /** A query in FROM. */
    public record QuerySource(Query query, @Nullable String alias, List<String> columnAliases, boolean lateral)
            implements Source {}

    /** A join. */
    public record JoinSource(
            Kind kind,
            Source left,
            Source right,
            boolean natural,
            List<String> using,
            @Nullable Expr on,
            @Nullable String alias,
            List<String> columnAliases)
            implements Source {

        /** The kinds of joins. */
        public enum Kind {
            INNER,
            LEFT,
            RIGHT,
            FULL,
            CROSS
        }
    }

    /** INSERT. Null values for DEFAULT VALUES; an expression DEFAULT is a {@link Default}. */
    public record Insert(
            List<CommonTable> with,
            boolean recursive,
            Name table,
            @Nullable String alias,
            List<String> columns,
            @Nullable Query source,
            @Nullable Conflict conflict,
            @Nullable List<Item> returning)
            implements Statement {}

    /** ON CONFLICT, for the columns of a key, a constraint, or neither; null assignments for DO NOTHING. */
    public record Conflict(
            List<String> columns,
            @Nullable String constraint,
            @Nullable List<Assignment> assignments,
            @Nullable Expr where) {}

    /** One element of SET: one column and its value, or several columns and a row. */
    public record Assignment(List<String> columns, Expr value) {}

    /** UPDATE. */
    public record Update(
            List<CommonTable> with,
            boolean recursive,
            Name table,
            @Nullable String alias,
            List<Assignment> assignments,
            List<Source> from,
            @Nullable Expr where,
            @Nullable List<Item> returning)
            implements Statement {}

    /** DELETE. */
    public record Delete(
            List<CommonTable> with,
            boolean recursive,
            Name table,
            @Nullable String alias,
            List<Source> using,
            @Nullable Expr where,
            @Nullable List<Item> returning)
            implements Statement {}

    /** CREATE TABLE. What Cairn has not is named in {@code unsupported}. */
    public record CreateTable(
            Name name,
            boolean ifNotExists,
            List<ColumnDefinition> columns,
            List<Constraint> constraints,
            List<String> unsupported,
            @Nullable Query query,
            List<String> queryColumns)
            implements Statement {}

    /** An expression and how it was written. */
    public record Written(String text, Expr expr) {}

    /** A column of CREATE TABLE. */
    public record ColumnDefinition(
            String name,
            TypeName type,
            boolean notNull,
            boolean explicitNull,
            @Nullable Written byDefault) {}

    /**
     * A key or a check.
     *
     * @param columns of the key
     * @param column the one at which it was written; null if it stands beside the columns
     */
    public record Constraint(
            Kind kind,
            @Nullable String name,
            List<String> columns,
            @Nullable Written check,
            @Nullable String column) {

        /** The kinds of constraints that have names. */
        public enum Kind {
            PRIMARY_KEY,
            UNIQUE,
            CHECK
        }
    }

    /** ALTER TABLE: what it says, in order. */
    public record AlterTable(Name table, boolean ifExists, List<Alteration> alterations) implements Statement {}

    /** One of the changes of ALTER TABLE. */
    public sealed interface Alteration permits AddConstraint, DropConstraint, SetNotNull, SetDefault {}

    /** ADD CONSTRAINT. */
    public record AddConstraint(Constraint constraint) implements Alteration {}

    /** DROP CONSTRAINT. */
    public record DropConstraint(String name, boolean ifExists) implements Alteration {}

    /** ALTER COLUMN … SET NOT NULL, DROP NOT NULL. */
    public record SetNotNull(String column, boolean notNull) implements Alteration {}

    /** ALTER COLUMN … SET DEFAULT, or DROP DEFAULT if it is null. */
    public record SetDefault(String column, @Nullable Written value) implements Alteration {}

    /** CREATE INDEX. */
    public record CreateIndex(
            @Nullable String name, boolean unique, boolean ifNotExists, Name table, List<IndexPart> parts)
            implements Statement {}

    /** A column of CREATE INDEX. */
    public record IndexPart(
            String column, boolean descending, @Nullable Boolean nullsFirst) {}

    /** DROP INDEX. */
    public record DropIndex(List<Name> indexes, boolean ifExists) implements Statement {}

    /** DROP TABLE. */
    public record DropTable(List<Name> tables, boolean ifExists) implements Statement {}

    /** TRUNCATE. */
    public record Truncate(List<Name> tables) implements Statement {}

    /** A type as written: its name in lower case, its numbers in parentheses. */
    public record TypeName(String name, List<Integer> modifiers, boolean array) {}

    /** An expression. */
    public sealed interface Expr
            permits Literal,
                    ColumnRef,
                    Call,
                    Unary,
                    Binary,
                    Not,
                    IsNull,
                    IsTruth,
                    IsDistinct,
                    Like,
                    InList,
                    InQuery,
                    Quantified,
                    Between,
                    Case,
                    Cast,
                    Row,
                    Scalar,
                    Exists,
                    Default,
                    WholeRow,
                    Field {}

    /** A constant; the text of a boolean is true or false. */
    public record Literal(Kind kind, String text) implements Expr {

        /** Kinds of constants. */
        public enum Kind {
            NULL,
            BOOLEAN,
            NUMBER,
            STRING
        }
    }

    /** A column, perhaps with its table, perhaps with that one's schema. */
    public record ColumnRef(List<String> parts) implements Expr {
        public String last() {
            return parts.get(parts.size() - 1);
        }
    }

    /** A function's call. The name's spelling decides special forms: coalesce, greatest, extract. */
    public record Call(
            @Nullable String schema,
            String name,
            List<Expr> arguments,
            boolean star,
            boolean distinct,
            List<OrderItem> orderBy,
            @Nullable Expr filter)
            implements Expr {

        public static Call of(String name, List<Expr> arguments) {
            return new Call(null, name, arguments, false, false, List.of(), null);
        }
    }

    /** A prefix operator: + or - or another. */
    public record Unary(String operator, Expr operand) implements Expr {}

    /** An operator between two operands, AND and OR included. */
    public record Binary(String operator, Expr left, Expr right) implements Expr {}

    public record Not(Expr operand) implements Expr {}

    public record IsNull(Expr operand, boolean not) implements Expr {}

    /** IS [NOT] TRUE, FALSE or, with a null value, UNKNOWN. */
    public record IsTruth(Expr operand, @Nullable Boolean value, boolean not) implements Expr {}

    public record IsDistinct(Expr left, Expr right, boolean not) implements Expr {}

    public record Like(Expr operand, Expr pattern, @Nullable Expr escape, boolean not, boolean anyCase)
            implements Expr {}

    public record InList(Expr operand, List<Expr> list, boolean not) implements Expr {}

    public record InQuery(Expr operand, Query query, boolean not) implements Expr {}

    /** An operator with ANY or ALL of a query. */
    public record Quantified(Expr operand, String operator, boolean all, Query query) implements Expr {}

    public record Between(Expr operand, Expr low, Expr high, boolean not, boolean symmetric) implements Expr {}

    /** CASE, with or without an operand. */
    public record Case(
            @Nullable Expr operand,
            List<Expr> when,
            List<Expr> then,
            @Nullable Expr otherwise) implements Expr {}

    public record Cast(Expr operand, TypeName type) implements Expr {}

    /** A row constructor. */
    public record Row(List<Expr> fields) implements Expr {}

    /** A query as a value. */
    public record Scalar(Query query) implements Expr {}

    public record Exists(Query query) implements Expr {}

    /** DEFAULT, where a value is assigned. */
    public record Default() implements Expr {}

    /** {@code t.*} as a value. */
    public record WholeRow(String table) implements Expr {}

    /** A field of a composite value, or with a star all of them. */
    public record Field(Expr operand, String name) implements Expr {}
}
