package dev.cairn.sql.plan;

import dev.cairn.sql.expr.Expr;
import dev.cairn.sql.expr.Nodes;
import dev.cairn.sql.syntax.Ast;
import dev.cairn.sql.type.SqlErrors;
import dev.cairn.storage.base.SqlState;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The names that expressions may use: the columns of the sources at hand, and through the level those of the queries around.
 *
 * <p>Used by one binder, in one thread.
 */
final class Scope {

    /**
     * A name for a value of the row.
     *
     * @param table what may qualify it; null for a column that a USING clause merged
     * @param qualifiedOnly whether a merged column hides it unless it is qualified
     */
    record Entry(@Nullable String table, String name, Expr expr, boolean qualifiedOnly) {}

    /** A query's place among the queries around it, and what it takes from them. */
    static final class Level {
        private final @Nullable Scope outer;
        private final List<Expr> captures = new ArrayList<>();

        Level(@Nullable Scope outer) {
            this.outer = outer;
        }

        /** What the query takes from the row outside, so far. */
        List<Expr> captures() {
            return List.copyOf(captures);
        }

        private Expr capture(Expr outside) {
            int index = captures.indexOf(outside);
            if (index < 0) {
                index = captures.size();
                captures.add(outside);
            }
            return new Nodes.Param(outside.type(), index);
        }
    }

    private final Level level;
    private final List<Entry> entries;
    private final List<String> tables;

    Scope(Level level, List<Entry> entries, List<String> tables) {
        this.level = level;
        this.entries = List.copyOf(entries);
        this.tables = List.copyOf(tables);
    }

    static Scope empty(Level level) {
        return new Scope(level, List.of(), List.of());
    }

    /** A scope of one source's columns in the row from an offset on. */
    static Scope of(Level level, String table, List<Plan.Column> columns, int offset) {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            Plan.Column column = columns.get(i);
            entries.add(new Entry(table, column.name(), new Nodes.Col(column.type(), offset + i), false));
        }
        return new Scope(level, entries, List.of(table));
    }

    Level level() {
        return level;
    }

    List<Entry> entries() {
        return entries;
    }

    List<String> tables() {
        return tables;
    }

    /** Both scopes' names; the other's columns stand behind so many of this one's. */
    Scope with(Scope other, int shift) {
        List<Entry> all = new ArrayList<>(entries);
        for (Entry entry : other.entries) {
            all.add(new Entry(entry.table(), entry.name(), shifted(entry.expr(), shift), entry.qualifiedOnly()));
        }
        List<String> names = new ArrayList<>(tables);
        for (String table : other.tables) {
            if (names.contains(table)) {
                throw SqlErrors.of(SqlState.DUPLICATE_ALIAS, "table name \"" + table + "\" specified more than once");
            }
            names.add(table);
        }
        return new Scope(level, all, names);
    }

    /** The expression over a row in which the columns stand so much further behind. */
    static Expr shifted(Expr expr, int shift) {
        if (expr instanceof Nodes.Col column) {
            return new Nodes.Col(column.type(), column.index() + shift);
        }
        return expr.withChildren(
                expr.children().stream().map(child -> shifted(child, shift)).toList());
    }

    /**
     * The value that a reference stands for.
     *
     * @throws dev.cairn.storage.base.TransactionException 42703, 42702 or 42P01
     */
    Expr resolve(Ast.ColumnRef reference) {
        Expr found = find(reference);
        if (found != null) {
            return found;
        }
        List<String> parts = reference.parts();
        if (parts.size() > 1 && !knowsTable(parts.get(parts.size() - 2))) {
            throw missingTable(parts.get(parts.size() - 2));
        }
        throw SqlErrors.of(SqlState.UNDEFINED_COLUMN, "column \"" + String.join(".", parts) + "\" does not exist");
    }

    static RuntimeException missingTable(String table) {
        return SqlErrors.of(SqlState.UNDEFINED_TABLE, "missing FROM-clause entry for table \"" + table + "\"");
    }

    /** As resolve, but null for a name that nothing has. */
    @Nullable Expr find(Ast.ColumnRef reference) {
        Expr own = findHere(reference);
        if (own != null || level.outer == null) {
            return own;
        }
        Expr outside = level.outer.find(reference);
        return outside == null ? null : capture(outside);
    }

    private Expr capture(Expr outside) {
        return outside instanceof Nodes.Const ? outside : level.capture(outside);
    }

    @Nullable Expr findHere(Ast.ColumnRef reference) {
        List<String> parts = reference.parts();
        String table = parts.size() > 1 ? parts.get(parts.size() - 2) : null;
        if (table != null && parts.size() > 2 && !parts.get(parts.size() - 3).equals("public")) {
            throw missingTable(table);
        }
        Expr found = null;
        for (Entry entry : entries) {
            boolean qualifies = table == null ? !entry.qualifiedOnly() : table.equals(entry.table());
            if (qualifies && entry.name().equals(reference.last())) {
                if (found != null) {
                    throw SqlErrors.of(
                            SqlState.AMBIGUOUS_COLUMN, "column reference \"" + reference.last() + "\" is ambiguous");
                }
                found = entry.expr();
            }
        }
        return found;
    }

    boolean knowsTable(String table) {
        return tables.contains(table) || (level.outer != null && level.outer.knowsTable(table));
    }

    /** The columns of a table here, in order; of all sources without a table, merged ones once. */
    List<Entry> star(@Nullable String table) {
        List<Entry> columns = new ArrayList<>();
        for (Entry entry : entries) {
            if (table == null ? !entry.qualifiedOnly() : table.equals(entry.table())) {
                columns.add(entry);
            }
        }
        return columns;
    }

    /** A whole row of a table, here or outside; null if there is none of that name. */
    @Nullable Expr wholeRow(String table) {
        if (tables.contains(table)) {
            return RowExpr.of(star(table).stream().map(Entry::expr).toList());
        }
        Expr outside = level.outer == null ? null : level.outer.wholeRow(table);
        return outside == null ? null : level.capture(outside);
    }
}
