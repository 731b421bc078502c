package dev.cairn.tools.demo;

import dev.cairn.tools.demo.DemoPlan.RowKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;

/**
 * Compares what is in the table after the crash with what the plan says: an acknowledged batch is there as a whole, the one
 * that was in flight is there as a whole or not at all, and of every rolled-back branch nothing is there. Not thread-safe.
 */
final class DemoProof {

    /**
     * One branch, judged.
     *
     * @param expected rows that must be there
     * @param found rows that are there and right
     * @param wrong rows that are there and must not be, or have another amount
     */
    record BranchVerdict(BatchModel.Branch branch, int expected, int found, int wrong) {
        boolean isRight() {
            return expected == found && wrong == 0;
        }
    }

    private final long seed;
    private final long acknowledged;
    private final NavigableMap<Long, Map<RowKey, Long>> found;
    private final List<String> complaints = new ArrayList<>();
    private long recovered;
    private long lost;
    private long phantom;
    private long kept;
    private long rolledBack;
    private long unfinished;

    private DemoProof(long seed, long acknowledged, NavigableMap<Long, Map<RowKey, Long>> found) {
        this.seed = seed;
        this.acknowledged = acknowledged;
        this.found = found;
    }

    /**
     * @param importRounds savepoints that the unfinished import is known to have taken
     * @param found the table's rows by batch
     */
    static DemoProof judge(
            long seed, long acknowledged, int importRounds, NavigableMap<Long, Map<RowKey, Long>> found) {
        DemoProof proof = new DemoProof(seed, acknowledged, found);
        for (long batch = 1; batch <= acknowledged; batch++) {
            proof.judgeBatch(batch);
        }
        if (found.containsKey(acknowledged + 1)) {
            proof.judgeBatch(acknowledged + 1);
        }
        proof.judgeImport(importRounds);
        proof.judgeUnknown();
        return proof;
    }

    private void judgeBatch(long batch) {
        boolean right = true;
        for (BranchVerdict verdict : branches(batch)) {
            if (!verdict.isRight()) {
                right = false;
                complaints.add("batch " + batch + " branch " + verdict.branch().number + ": " + verdict.expected()
                        + " rows expected, " + verdict.found() + " found, " + verdict.wrong() + " wrong");
            }
            phantom += verdict.wrong();
            if (verdict.branch().number > 0) {
                if (verdict.branch().isRolledBack()) {
                    rolledBack++;
                } else {
                    kept++;
                }
            }
        }
        if (right) {
            recovered++;
        } else {
            lost++;
        }
    }

    /** Every branch of a batch, the transaction itself as number 0. */
    List<BranchVerdict> branches(long batch) {
        BatchModel model = BatchModel.of(DemoPlan.batch(seed, batch));
        Map<RowKey, Long> expected = model.rows();
        Map<RowKey, Long> actual = found.getOrDefault(batch, Map.of());
        Map<Integer, int[]> counts = new HashMap<>();
        expected.forEach((key, amount) -> {
            int[] count = counts.computeIfAbsent(key.branch(), branch -> new int[3]);
            count[0]++;
            count[1] += amount.equals(actual.get(key)) ? 1 : 0;
        });
        actual.forEach((key, amount) -> {
            if (!amount.equals(expected.get(key))) {
                counts.computeIfAbsent(key.branch(), branch -> new int[3])[2]++;
            }
        });
        List<BranchVerdict> verdicts = new ArrayList<>();
        for (BatchModel.Branch branch : model.branches()) {
            int[] count = counts.getOrDefault(branch.number, new int[3]);
            verdicts.add(new BranchVerdict(branch, count[0], count[1], count[2]));
        }
        return verdicts;
    }

    private void judgeImport(int rounds) {
        for (int round = 0; round < rounds; round++) {
            unfinished +=
                    BatchModel.of(DemoPlan.importRound(seed, round)).branches().size() - 1;
        }
        int rows = found.getOrDefault(DemoPlan.IMPORT, Map.of()).size();
        if (rows > 0) {
            complaints.add("the import never committed, and " + rows + " of its rows are there");
            phantom += rows;
        }
    }

    private void judgeUnknown() {
        found.forEach((batch, rows) -> {
            if (batch < 0 || batch > acknowledged + 1) {
                complaints.add("batch " + batch + " was not yet begun, and " + rows.size() + " of its rows are there");
                phantom += rows.size();
            }
        });
    }

    /** Batches that are there as a whole. */
    long recovered() {
        return recovered;
    }

    /** Batches that are missing or not whole. */
    long lost() {
        return lost;
    }

    /** Rows that must not be there. */
    long phantom() {
        return phantom;
    }

    /** Sub-transactions of committed batches that were released or open at COMMIT. */
    long kept() {
        return kept;
    }

    /** Sub-transactions of committed batches that were rolled back. */
    long rolledBack() {
        return rolledBack;
    }

    /** Sub-transactions of the import, gone with it. */
    long unfinished() {
        return unfinished;
    }

    long branches() {
        return kept + rolledBack + unfinished;
    }

    /** What is wrong, a line each; empty if nothing is. */
    List<String> complaints() {
        return complaints;
    }
}
