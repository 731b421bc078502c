package dev.cairn.sql.plan;

import dev.cairn.engine.Row;
import dev.cairn.sql.expr.Evaluation;
import dev.cairn.sql.expr.Expr;
import dev.cairn.sql.expr.Nodes;
import dev.cairn.sql.expr.Nodes.SortKey;
import dev.cairn.sql.expr.Unread;
import dev.cairn.sql.type.Comparisons;
import dev.cairn.sql.type.SqlErrors;
import dev.cairn.sql.type.SqlType;
import dev.cairn.storage.base.SqlState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The plans with at most one plan below them. */
final class Plans {

    private static final @Nullable Object[] EMPTY_ROW = {};

    private Plans() {}

    static Plan.Rows iterate(Iterator<@Nullable Object[]> rows) {
        return () -> rows.hasNext() ? rows.next() : null;
    }

    /** Called once a row wherever rows come from, so that ^C, which interrupts the thread, ends any statement. */
    static void requireWanted() {
        if (Thread.currentThread().isInterrupted()) {
            throw SqlErrors.of(SqlState.QUERY_CANCELED, "canceling statement due to user request");
        }
    }

    static Expr fold(Expr expr, Evaluation evaluation) {
        return Nodes.fold(expr, evaluation);
    }

    static List<Expr> fold(List<Expr> exprs, Evaluation evaluation) {
        return exprs.stream().map(expr -> Nodes.fold(expr, evaluation)).toList();
    }

    /** The row's values; large ones are read when a column is asked for. */
    static @Nullable Object[] values(Row row) {
        @Nullable Object[] values = new Object[row.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = row.isUnread(i) ? new Unread(row, i) : row.get(i);
        }
        return values;
    }

    /** The row with the new values of some columns. Large values of the others stay where they are. */
    static Row changed(Row row, @Nullable Object[] next, Set<Integer> columns) {
        Row changed = row;
        for (int column : columns) {
            changed = changed.with(column, next[column]);
        }
        return changed;
    }

    /** One row of no columns: what a select without FROM selects from. */
    record OneRow() implements Plan {
        @Override
        public List<Column> columns() {
            return List.of();
        }

        @Override
        public Rows open(Evaluation evaluation) {
            return iterate(List.<@Nullable Object[]>of(EMPTY_ROW).iterator());
        }
    }

    /** VALUES. */
    record ValuesList(List<Column> columns, List<List<Expr>> lists) implements Plan {
        @Override
        public Rows open(Evaluation evaluation) {
            List<List<Expr>> folded =
                    lists.stream().map(list -> fold(list, evaluation)).toList();
            Iterator<List<Expr>> each = folded.iterator();
            return () -> each.hasNext() ? evaluate(each.next(), EMPTY_ROW, evaluation) : null;
        }
    }

    static @Nullable Object[] evaluate(List<Expr> exprs, @Nullable Object[] row, Evaluation evaluation) {
        @Nullable Object[] values = new Object[exprs.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = exprs.get(i).eval(row, evaluation);
        }
        return values;
    }

    /** The rows for which a condition is true. */
    record Filter(Plan input, Expr condition) implements Plan {
        @Override
        public List<Column> columns() {
            return input.columns();
        }

        @Override
        public Rows open(Evaluation evaluation) {
            Expr test = fold(condition, evaluation);
            if (test instanceof Nodes.Const constant && !Boolean.TRUE.equals(constant.value())) {
                return () -> null;
            }
            Rows rows = input.open(evaluation);
            return new Rows() {
                @Override
                public @Nullable Object @Nullable [] next() {
                    @Nullable Object[] row = rows.next();
                    while (row != null && !test.isTrue(row, evaluation)) {
                        row = rows.next();
                    }
                    return row;
                }

                @Override
                public void close() {
                    rows.close();
                }
            };
        }
    }

    /** Rows computed from rows. */
    record Project(Plan input, List<Column> columns, List<Expr> exprs) implements Plan {
        @Override
        public Rows open(Evaluation evaluation) {
            List<Expr> folded = fold(exprs, evaluation);
            Rows rows = input.open(evaluation);
            return new Rows() {
                @Override
                public @Nullable Object @Nullable [] next() {
                    @Nullable Object[] row = rows.next();
                    return row == null ? null : evaluate(folded, row, evaluation);
                }

                @Override
                public void close() {
                    rows.close();
                }
            };
        }
    }

    /** Each row as often as the longest of its sets has values, the values appended; shorter sets give nulls at their end. */
    record Expand(Plan input, List<Nodes.SeriesCall> calls) implements Plan {
        @Override
        public List<Column> columns() {
            List<Column> columns = new ArrayList<>(input.columns());
            calls.forEach(call -> columns.add(new Column("set", call.type())));
            return columns;
        }

        @Override
        public Rows open(Evaluation evaluation) {
            List<List<Expr>> arguments = calls.stream()
                    .map(call -> fold(call.children(), evaluation))
                    .toList();
            Rows rows = input.open(evaluation);
            return new Rows() {
                private @Nullable Object[] current = EMPTY_ROW;
                private final List<Iterator<?>> sets = new ArrayList<>();

                @Override
                public @Nullable Object @Nullable [] next() {
                    requireWanted();
                    while (sets.stream().noneMatch(Iterator::hasNext)) {
                        @Nullable Object[] row = rows.next();
                        if (row == null) {
                            return null;
                        }
                        current = row;
                        sets.clear();
                        for (int i = 0; i < calls.size(); i++) {
                            @Nullable Object[] values = evaluate(arguments.get(i), row, evaluation);
                            sets.add(calls.get(i).function().values(values, evaluation));
                        }
                    }
                    @Nullable Object[] expanded = Arrays.copyOf(current, current.length + sets.size());
                    for (int i = 0; i < sets.size(); i++) {
                        expanded[current.length + i] =
                                sets.get(i).hasNext() ? sets.get(i).next() : null;
                    }
                    return expanded;
                }

                @Override
                public void close() {
                    rows.close();
                }
            };
        }
    }

    /** Rows in order, equal ones as they came. */
    record Sort(Plan input, List<SortKey> keys) implements Plan {
        @Override
        public List<Column> columns() {
            return input.columns();
        }

        @Override
        public Rows open(Evaluation evaluation) {
            return iterate(sorted(input.all(evaluation), keys, evaluation).iterator());
        }
    }

    static List<@Nullable Object[]> sorted(List<@Nullable Object[]> rows, List<SortKey> keys, Evaluation evaluation) {
        record Keyed(@Nullable Object[] row, @Nullable Object[] key) {}
        List<Expr> exprs = keys.stream().map(SortKey::expr).toList();
        List<Keyed> keyed = new ArrayList<>(rows.size());
        for (@Nullable Object[] row : rows) {
            keyed.add(new Keyed(row, evaluate(exprs, row, evaluation)));
        }
        keyed.sort(Comparator.comparing(Keyed::key, (a, b) -> compare(a, b, keys)));
        List<@Nullable Object[]> sorted = new ArrayList<>(rows.size());
        keyed.forEach(entry -> sorted.add(entry.row()));
        return sorted;
    }

    private static int compare(@Nullable Object[] a, @Nullable Object[] b, List<SortKey> keys) {
        for (int i = 0; i < a.length; i++) {
            Object x = a[i];
            Object y = b[i];
            int order;
            if (x == null || y == null) {
                order = x == y ? 0 : (x == null) == keys.get(i).nullsFirst() ? -1 : 1;
            } else {
                int natural = Comparisons.compare(x, y);
                order = keys.get(i).descending() ? -natural : natural;
            }
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    /** The first of each set of rows that are the same in the first columns, or in these expressions. */
    record Distinct(Plan input, int leading, @Nullable List<Expr> on) implements Plan {
        @Override
        public List<Column> columns() {
            return input.columns();
        }

        @Override
        public Rows open(Evaluation evaluation) {
            Rows rows = input.open(evaluation);
            Set<Comparisons.Key> seen = new HashSet<>();
            return new Rows() {
                @Override
                public @Nullable Object @Nullable [] next() {
                    @Nullable Object[] row = rows.next();
                    while (row != null && !seen.add(key(row))) {
                        row = rows.next();
                    }
                    return row;
                }

                private Comparisons.Key key(@Nullable Object[] row) {
                    return new Comparisons.Key(
                            on == null ? Arrays.copyOf(row, leading) : evaluate(on, row, evaluation));
                }

                @Override
                public void close() {
                    rows.close();
                }
            };
        }
    }

    /** The first columns alone. */
    record Cut(Plan input, int width) implements Plan {
        @Override
        public List<Column> columns() {
            return input.columns().subList(0, width);
        }

        @Override
        public Rows open(Evaluation evaluation) {
            Rows rows = input.open(evaluation);
            return new Rows() {
                @Override
                public @Nullable Object @Nullable [] next() {
                    @Nullable Object[] row = rows.next();
                    return row == null ? null : Arrays.copyOf(row, width);
                }

                @Override
                public void close() {
                    rows.close();
                }
            };
        }
    }

    /** LIMIT and OFFSET. */
    record Limit(Plan input, @Nullable Expr limit, @Nullable Expr offset) implements Plan {
        @Override
        public List<Column> columns() {
            return input.columns();
        }

        @Override
        public Rows open(Evaluation evaluation) {
            Expr foldedLimit = limit == null ? null : fold(limit, evaluation);
            Expr foldedOffset = offset == null ? null : fold(offset, evaluation);
            Rows rows = input.open(evaluation);
            long skip = count(foldedOffset, evaluation, SqlState.INVALID_ROW_COUNT_IN_OFFSET, "OFFSET", 0);
            long most = count(foldedLimit, evaluation, SqlState.INVALID_ROW_COUNT_IN_LIMIT, "LIMIT", Long.MAX_VALUE);
            return new Rows() {
                private long skipped;
                private long given;

                @Override
                public @Nullable Object @Nullable [] next() {
                    while (given < most && skipped < skip && rows.next() != null) {
                        skipped++;
                    }
                    return given++ < most ? rows.next() : null;
                }

                @Override
                public void close() {
                    rows.close();
                }
            };
        }

        private static long count(
                @Nullable Expr expr, Evaluation evaluation, String sqlState, String what, long otherwise) {
            Object value = expr == null ? null : expr.eval(EMPTY_ROW, evaluation);
            if (value == null) {
                return otherwise;
            }
            if ((Long) value < 0) {
                throw SqlErrors.of(sqlState, what + " must not be negative");
            }
            return (Long) value;
        }
    }

    /** The rows of a set-returning function, perhaps numbered. */
    record SeriesScan(Nodes.SeriesCall call, List<Column> columns, boolean ordinality) implements Plan {
        @Override
        public Rows open(Evaluation evaluation) {
            List<Expr> arguments = fold(call.children(), evaluation);
            Iterator<?> values = call.function().values(evaluate(arguments, EMPTY_ROW, evaluation), evaluation);
            return new Rows() {
                private long number;

                @Override
                public @Nullable Object @Nullable [] next() {
                    requireWanted();
                    if (!values.hasNext()) {
                        return null;
                    }
                    number++;
                    return ordinality ? new Object[] {values.next(), number} : new Object[] {values.next()};
                }
            };
        }
    }

    /** Rows known while the statement runs: a common table's. */
    record Remembered(
            List<Column> columns, Object key, @Nullable Plan source) implements Plan {
        @Override
        public Rows open(Evaluation evaluation) {
            List<@Nullable Object[]> rows =
                    evaluation.once(key, () -> source == null ? List.of() : source.all(evaluation));
            return iterate(rows.iterator());
        }
    }

    /** Names the columns anew. */
    record Renamed(Plan input, List<Column> columns) implements Plan {
        @Override
        public Rows open(Evaluation evaluation) {
            return input.open(evaluation);
        }
    }

    static List<SqlType> types(Plan plan) {
        return plan.columns().stream().map(Plan.Column::type).toList();
    }
}
