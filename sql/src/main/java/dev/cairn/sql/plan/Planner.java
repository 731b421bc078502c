package dev.cairn.sql.plan;

import dev.cairn.engine.Table;
import dev.cairn.engine.Transaction;
import dev.cairn.sql.expr.Expr;
import dev.cairn.sql.expr.Nodes;
import dev.cairn.sql.expr.SessionInfo;
import dev.cairn.sql.syntax.Ast;
import dev.cairn.sql.type.SqlErrors;
import dev.cairn.sql.type.SqlType;
import dev.cairn.storage.base.SqlState;
import dev.cairn.storage.base.TransactionException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Plans queries of one statement within one transaction. Used by one thread. */
final class Planner {

    private final Transaction transaction;
    private final Coercion coercion;
    private final Map<String, Plan> commonTables;

    Planner(Transaction transaction, SessionInfo session) {
        this(transaction, new Coercion(session), Map.of());
    }

    private Planner(Transaction transaction, Coercion coercion, Map<String, Plan> commonTables) {
        this.transaction = transaction;
        this.coercion = coercion;
        this.commonTables = commonTables;
    }

    Coercion coercion() {
        return coercion;
    }

    Transaction transaction() {
        return transaction;
    }

    /**
     * A table that statements may name.
     *
     * @throws TransactionException 42P01, 3F000
     */
    Table table(Ast.Name name) {
        requireSchema(name);
        if (!transaction.hasTable(name.name())) {
            throw SqlErrors.of(SqlState.UNDEFINED_TABLE, "relation \"" + display(name) + "\" does not exist");
        }
        return transaction.table(name.name());
    }

    static String display(Ast.Name name) {
        return name.schema() == null ? name.name() : name.schema() + "." + name.name();
    }

    static void requireSchema(Ast.Name name) {
        String schema = name.schema();
        if (schema == null || schema.equals("public")) {
            return;
        }
        if (schema.equals("pg_catalog") || schema.equals("information_schema")) {
            throw SqlErrors.notSupported("the system catalog " + display(name));
        }
        throw SqlErrors.of(SqlState.UNDEFINED_TABLE, "relation \"" + display(name) + "\" does not exist");
    }

    @Nullable Plan commonTable(String name) {
        return commonTables.get(name);
    }

    static List<Plan.Column> columns(Table table) {
        List<Plan.Column> columns = new ArrayList<>();
        table.schema()
                .columns()
                .forEach(column -> columns.add(new Plan.Column(column.name(), SqlType.of(column.type()))));
        return columns;
    }

    /** A planner that knows the tables of a WITH clause besides. */
    Planner with(List<Ast.CommonTable> tables, boolean recursive) {
        Planner planner = this;
        List<String> names = new ArrayList<>();
        for (Ast.CommonTable table : tables) {
            if (names.contains(table.name())) {
                throw SqlErrors.of(
                        SqlState.DUPLICATE_ALIAS, "WITH query name \"" + table.name() + "\" specified more than once");
            }
            names.add(table.name());
            planner = planner.knowing(table.name(), planner.commonTablePlan(table, recursive));
        }
        return planner;
    }

    private Planner knowing(String name, Plan plan) {
        Map<String, Plan> known = new HashMap<>(commonTables);
        known.put(name, plan);
        return new Planner(transaction, coercion, known);
    }

    private Plan commonTablePlan(Ast.CommonTable table, boolean recursive) {
        Ast.Body body = table.query().body();
        while (body instanceof Ast.Nested nested && nested.query().with().isEmpty()) {
            body = nested.query().body();
        }
        boolean union = body instanceof Ast.SetOperation set && set.operator() == Ast.SetOperation.Operator.UNION;
        Plan source = recursive && union && table.query().orderBy().isEmpty()
                ? recursivePlan(table, (Ast.SetOperation) body)
                : query(table.query(), new Scope.Level(null), false);
        return new Plans.Remembered(renamed(source.columns(), table.columns(), table.name()), new Object(), source);
    }

    private Plan recursivePlan(Ast.CommonTable table, Ast.SetOperation union) {
        Planner planner = with(table.query().with(), false);
        Plan first;
        try {
            first = planner.body(union.left(), new Scope.Level(null), false);
        } catch (TransactionException error) {
            if (error.sqlState().equals(SqlState.UNDEFINED_TABLE)) {
                throw new TransactionException(
                        SqlState.INVALID_RECURSION, "recursive reference in the wrong place", error);
            }
            throw error;
        }
        Object workingTable = new Object();
        List<Plan.Column> columns = renamed(first.columns(), table.columns(), table.name());
        Planner inner = planner.knowing(table.name(), new Plans.Remembered(columns, workingTable, null));
        Plan second = inner.body(union.right(), new Scope.Level(null), false);
        if (second.columns().size() != first.columns().size()) {
            throw SqlErrors.syntax("each UNION query must have the same number of columns");
        }
        List<Expr> fitted = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            SqlType want = columns.get(i).type();
            SqlType have = second.columns().get(i).type();
            if (have.kind() != want.kind()) {
                throw SqlErrors.of(
                        SqlState.DATATYPE_MISMATCH,
                        "recursive query \"" + table.name() + "\" column " + (i + 1) + " has type " + want
                                + " in non-recursive term but type " + have + " overall");
            }
            fitted.add(new Nodes.Col(want, i));
        }
        return new RecursivePlan(first, new Plans.Project(second, columns, fitted), union.all(), workingTable);
    }

    /** Columns under other names, as far as there are names. */
    static List<Plan.Column> renamed(List<Plan.Column> columns, List<String> names, String table) {
        if (names.size() > columns.size()) {
            throw SqlErrors.of(
                    SqlState.INVALID_COLUMN_REFERENCE,
                    "table \"" + table + "\" has " + columns.size() + " columns available but " + names.size()
                            + " columns specified");
        }
        List<Plan.Column> renamed = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            String name = i < names.size() ? names.get(i) : columns.get(i).name();
            renamed.add(new Plan.Column(name, columns.get(i).type()));
        }
        return renamed;
    }

    /**
     * Plans a query.
     *
     * @param keepUnknown whether untyped literals stay so, for a table's columns to give them a type
     */
    Plan query(Ast.Query query, Scope.Level level, boolean keepUnknown) {
        Planner planner = query.with().isEmpty() ? this : with(query.with(), query.recursive());
        Plan plan;
        Ast.Locking locking = query.locking();
        if (query.body() instanceof Ast.Select select) {
            SelectBinder binder = new SelectBinder(planner, level, keepUnknown);
            plan = locking == null
                    ? binder.plan(select, query.orderBy())
                    : binder.lockingPlan(select, query.orderBy(), locking);
        } else if (locking != null) {
            throw LockPlan.notAllowed(LockPlan.strength(locking), "UNION/INTERSECT/EXCEPT or VALUES");
        } else {
            plan = planner.body(
                    query.body(), level, keepUnknown && query.orderBy().isEmpty());
            plan = sorted(plan, query.orderBy());
        }
        return planner.limited(plan, query, level);
    }

    private Plan body(Ast.Body body, Scope.Level level, boolean keepUnknown) {
        if (body instanceof Ast.Select select) {
            return new SelectBinder(this, level, keepUnknown).plan(select, List.of());
        }
        if (body instanceof Ast.Nested nested) {
            return query(nested.query(), level, keepUnknown);
        }
        if (body instanceof Ast.Values values) {
            return values(values, level, keepUnknown);
        }
        return setOperation((Ast.SetOperation) body, level);
    }

    private Plan values(Ast.Values values, Scope.Level level, boolean keepUnknown) {
        ExpressionBinder binder = new ExpressionBinder(this, Scope.empty(level), ExpressionBinder.Clause.VALUES);
        List<List<Expr>> rows = new ArrayList<>();
        for (List<Ast.Expr> row : values.rows()) {
            if (row.size() != values.rows().get(0).size()) {
                throw SqlErrors.syntax("VALUES lists must all be the same length");
            }
            rows.add(binder.bindAll(row));
        }
        List<Plan.Column> columns = new ArrayList<>();
        for (int i = 0; i < rows.get(0).size(); i++) {
            int position = i;
            List<SqlType> types =
                    rows.stream().map(row -> row.get(position).type()).toList();
            boolean unknown = keepUnknown && types.stream().allMatch(type -> type.is(SqlType.Kind.UNKNOWN));
            SqlType type = unknown ? SqlType.UNKNOWN : Coercion.common(types, "VALUES");
            columns.add(new Plan.Column("column" + (i + 1), type));
        }
        List<List<Expr>> fitted = new ArrayList<>();
        for (List<Expr> row : rows) {
            List<Expr> fit = new ArrayList<>();
            for (int i = 0; i < row.size(); i++) {
                fit.add(coercion.implicit(row.get(i), columns.get(i).type()));
            }
            fitted.add(fit);
        }
        return new Plans.ValuesList(columns, fitted);
    }

    private Plan setOperation(Ast.SetOperation set, Scope.Level level) {
        Plan left = body(set.left(), level, true);
        Plan right = body(set.right(), level, true);
        String word = set.operator().name();
        if (left.columns().size() != right.columns().size()) {
            throw SqlErrors.syntax("each " + word + " query must have the same number of columns");
        }
        List<Plan.Column> columns = new ArrayList<>();
        for (int i = 0; i < left.columns().size(); i++) {
            SqlType type = Coercion.common(
                    List.of(left.columns().get(i).type(), right.columns().get(i).type()), word);
            columns.add(new Plan.Column(left.columns().get(i).name(), type));
        }
        return new SetPlan(set.operator(), set.all(), fitted(left, columns), fitted(right, columns));
    }

    /** The plan's columns made to be of these types. */
    private Plan fitted(Plan plan, List<Plan.Column> columns) {
        if (plan.columns().equals(columns)) {
            return plan;
        }
        if (plan instanceof Plans.Project project) {
            List<Expr> exprs = new ArrayList<>();
            for (int i = 0; i < columns.size(); i++) {
                exprs.add(
                        coercion.implicit(project.exprs().get(i), columns.get(i).type()));
            }
            return new Plans.Project(project.input(), columns, exprs);
        }
        List<Expr> exprs = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            exprs.add(coercion.implicit(
                    new Nodes.Col(plan.columns().get(i).type(), i),
                    columns.get(i).type()));
        }
        return new Plans.Project(plan, columns, exprs);
    }

    /** ORDER BY of a set operation or VALUES: by names and positions of the result alone. */
    private static Plan sorted(Plan plan, List<Ast.OrderItem> items) {
        if (items.isEmpty()) {
            return plan;
        }
        List<Nodes.SortKey> keys = new ArrayList<>();
        for (Ast.OrderItem item : items) {
            Integer position = SelectBinder.position(item.expr(), plan.columns().size(), "ORDER BY");
            if (position == null) {
                position = named(item.expr(), plan);
            }
            SqlType type = plan.columns().get(position).type();
            keys.add(SelectBinder.sortKey(new Nodes.Col(type, position), item));
        }
        return new Plans.Sort(plan, keys);
    }

    private static int named(Ast.Expr expr, Plan plan) {
        if (!(expr instanceof Ast.ColumnRef reference) || reference.parts().size() > 1) {
            throw SqlErrors.of(SqlState.FEATURE_NOT_SUPPORTED, "invalid UNION/INTERSECT/EXCEPT ORDER BY clause");
        }
        for (int i = 0; i < plan.columns().size(); i++) {
            if (plan.columns().get(i).name().equals(reference.last())) {
                return i;
            }
        }
        throw SqlErrors.of(SqlState.UNDEFINED_COLUMN, "column \"" + reference.last() + "\" does not exist");
    }

    private Plan limited(Plan plan, Ast.Query query, Scope.Level level) {
        if (query.limit() == null && query.offset() == null) {
            return plan;
        }
        return new Plans.Limit(plan, count(query.limit(), level, "LIMIT"), count(query.offset(), level, "OFFSET"));
    }

    private @Nullable Expr count(Ast.@Nullable Expr expr, Scope.Level level, String word) {
        if (expr == null) {
            return null;
        }
        Expr bound = new ExpressionBinder(this, Scope.empty(level), ExpressionBinder.Clause.LIMIT).bind(expr);
        return coercion.assignment(bound, SqlType.BIGINT, word);
    }
}
