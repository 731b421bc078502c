package dev.cairn.sql.plan;

import dev.cairn.sql.expr.Evaluation;
import dev.cairn.sql.expr.Expr;
import dev.cairn.sql.expr.Nodes;
import dev.cairn.sql.type.Comparisons.Key;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Two sources joined: for each row on the left the matching ones on the right, which are kept in memory, hashed by the columns
 * that must be equal.
 *
 * @param captures what the right side takes from the left row if it is lateral; it is then run for each left row
 * @param leftKeys expressions over a left row, to be equal to the right keys over a right row
 * @param condition over a left row with a right one appended; null if there is none besides the keys
 */
record JoinPlan(
        Plan left,
        Plan right,
        boolean keepLeft,
        boolean keepRight,
        @Nullable List<Expr> captures,
        List<Expr> leftKeys,
        List<Expr> rightKeys,
        @Nullable Expr condition)
        implements Plan {

    @Override
    public List<Column> columns() {
        List<Column> columns = new ArrayList<>(left.columns());
        columns.addAll(right.columns());
        return columns;
    }

    @Override
    public Rows open(Evaluation evaluation) {
        Expr test = condition == null ? null : Nodes.fold(condition, evaluation);
        return new Run(evaluation, left.open(evaluation), test);
    }

    /** One run. */
    private final class Run implements Rows {
        private final Evaluation evaluation;
        private final Rows leftRows;
        private final @Nullable Expr test;
        private final int leftWidth = left.columns().size();
        private final int rightWidth = right.columns().size();
        private List<@Nullable Object[]> rightRows = List.of();
        private boolean loaded;
        private final Map<Key, List<Integer>> byKey = new HashMap<>();
        private final BitSet matchedRight = new BitSet();
        private @Nullable Object @Nullable [] current;
        private Iterator<Integer> candidates = List.<Integer>of().iterator();
        private boolean matched;
        private boolean leftDone;
        private int nextUnmatched;

        Run(Evaluation evaluation, Rows leftRows, @Nullable Expr test) {
            this.evaluation = evaluation;
            this.leftRows = leftRows;
            this.test = test;
        }

        @Override
        public @Nullable Object @Nullable [] next() {
            while (!leftDone) {
                @Nullable Object[] leftRow = current;
                if (leftRow == null) {
                    advance();
                    continue;
                }
                while (candidates.hasNext()) {
                    int index = candidates.next();
                    @Nullable Object[] joined = joined(leftRow, rightRows.get(index));
                    if (test == null || test.isTrue(joined, evaluation)) {
                        matched = true;
                        matchedRight.set(index);
                        return joined;
                    }
                }
                current = null;
                if (keepLeft && !matched) {
                    return joined(leftRow, new Object[rightWidth]);
                }
            }
            return nextUnmatchedRight();
        }

        private void advance() {
            current = leftRows.next();
            matched = false;
            if (current == null) {
                leftDone = true;
                load();
            } else if (captures != null) {
                rightRows = right.all(evaluation.with(Plans.evaluate(captures, current, evaluation)));
                candidates = indexes(rightRows.size()).iterator();
            } else {
                load();
                candidates = candidates(current);
            }
        }

        private void load() {
            if (loaded || captures != null) {
                return;
            }
            loaded = true;
            rightRows = right.all(evaluation);
            for (int i = 0; i < rightRows.size() && !rightKeys.isEmpty(); i++) {
                @Nullable Object[] key = Plans.evaluate(rightKeys, rightRows.get(i), evaluation);
                byKey.computeIfAbsent(new Key(key), k -> new ArrayList<>()).add(i);
            }
        }

        private Iterator<Integer> candidates(@Nullable Object[] leftRow) {
            if (leftKeys.isEmpty()) {
                return indexes(rightRows.size()).iterator();
            }
            @Nullable Object[] key = Plans.evaluate(leftKeys, leftRow, evaluation);
            for (Object value : key) {
                if (value == null) {
                    return List.<Integer>of().iterator();
                }
            }
            return byKey.getOrDefault(new Key(key), List.of()).iterator();
        }

        private static List<Integer> indexes(int count) {
            return new java.util.AbstractList<>() {
                @Override
                public Integer get(int index) {
                    return index;
                }

                @Override
                public int size() {
                    return count;
                }
            };
        }

        private @Nullable Object @Nullable [] nextUnmatchedRight() {
            while (keepRight && nextUnmatched < rightRows.size()) {
                int index = nextUnmatched++;
                if (!matchedRight.get(index)) {
                    return joined(new Object[leftWidth], rightRows.get(index));
                }
            }
            return null;
        }

        private @Nullable Object[] joined(@Nullable Object[] leftRow, @Nullable Object[] rightRow) {
            @Nullable Object[] row = new Object[leftWidth + rightWidth];
            System.arraycopy(leftRow, 0, row, 0, leftWidth);
            System.arraycopy(rightRow, 0, row, leftWidth, rightWidth);
            return row;
        }

        @Override
        public void close() {
            leftRows.close();
        }
    }
}
