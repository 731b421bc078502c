package dev.cairn.fuzz.conformance;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Is there a serial order of the committed transactions in which each gets the same results, and which leaves the same rows?
 * Tries all orders, remembering which sets of transactions in which states lead nowhere. Statements that failed left nothing
 * and are left out, as are reads outside transactions and reads that skip locked rows.
 */
final class SerialHistory {

    /** A step that is over. */
    record Done(Step step, Expected outcome) {}

    /** What the search says. */
    enum Verdict {
        SERIALIZABLE,
        NOT_SERIALIZABLE,
        /** The search was given up. */
        UNKNOWN
    }

    private static final int MOST_NODES = 200_000;

    private final List<List<Done>> transactions = new ArrayList<>();
    private final Map<String, TreeMap<Long, Long>> start;
    private final Map<String, TreeMap<Long, Long>> goal = new TreeMap<>();
    private final Set<String> seen = new HashSet<>();
    private boolean failed;
    private int nodes;

    SerialHistory(Scenario scenario, List<Done> done, Map<String, List<List<Long>>> contents) {
        Map<String, TreeMap<Long, Long>> empty = new TreeMap<>();
        scenario.tables().forEach(table -> empty.put(table, new TreeMap<>()));
        List<Done> setup = new ArrayList<>();
        for (Step step : scenario.setup()) {
            setup.add(
                    new Done(step, Expected.count(step.has("rows") ? step.rows().size() : 1)));
        }
        Map<String, TreeMap<Long, Long>> filled = SerialTransaction.run(empty, setup);
        if (filled == null) {
            throw new IllegalArgumentException("the set-up of " + scenario.name() + " does not run");
        }
        this.start = filled;
        contents.forEach((table, rows) -> {
            TreeMap<Long, Long> byKey = new TreeMap<>();
            rows.forEach(row -> byKey.put(row.get(0), row.get(1)));
            goal.put(table, byKey);
        });
        collect(done);
    }

    private void collect(List<Done> done) {
        Map<Integer, List<Done>> open = new HashMap<>();
        for (Done each : done) {
            Step step = each.step();
            Expected outcome = each.outcome();
            boolean succeeded = outcome.error() == null;
            List<Done> current = open.get(step.session());
            failed |= "40001".equals(outcome.error());
            boolean ends = step.op().equals("commit") || step.op().equals("rollback");
            if (current == null) {
                if (step.op().equals("begin") && succeeded) {
                    open.put(step.session(), new ArrayList<>());
                } else if (outcome.count() != null && succeeded) {
                    transactions.add(List.of(each));
                }
            } else if (ends) {
                if ("COMMIT".equals(outcome.tag()) && succeeded) {
                    transactions.add(current);
                }
                open.remove(step.session());
                if (step.flag("chain")) {
                    open.put(step.session(), new ArrayList<>());
                }
            } else if (succeeded && !step.op().equals("begin")) {
                current.add(each);
            }
        }
    }

    /** Whether a step failed with 40001. */
    boolean hasFailure() {
        return failed;
    }

    Verdict judge() {
        BitSet all = new BitSet();
        all.set(0, transactions.size());
        return search(start, all);
    }

    private Verdict search(Map<String, TreeMap<Long, Long>> rows, BitSet left) {
        if (++nodes > MOST_NODES) {
            return Verdict.UNKNOWN;
        }
        if (left.isEmpty()) {
            return rows.equals(goal) ? Verdict.SERIALIZABLE : Verdict.NOT_SERIALIZABLE;
        }
        if (!seen.add(left + "|" + rows)) {
            return Verdict.NOT_SERIALIZABLE;
        }
        for (int i = left.nextSetBit(0); i >= 0; i = left.nextSetBit(i + 1)) {
            Map<String, TreeMap<Long, Long>> next = SerialTransaction.run(rows, transactions.get(i));
            if (next != null) {
                BitSet rest = (BitSet) left.clone();
                rest.clear(i);
                Verdict verdict = search(next, rest);
                if (verdict != Verdict.NOT_SERIALIZABLE) {
                    return verdict;
                }
            }
        }
        return Verdict.NOT_SERIALIZABLE;
    }
}
