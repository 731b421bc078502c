package dev.cairn.fuzz.workload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.wal.Durability;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The oracle must be right, or nothing that it judges is. */
class ModelTest {

    private static final String TABLE = StepSource.SHARED;

    @Test
    void i12_rollingBackToASavepointBringsBackWhatWas() {
        ModelTransaction transaction = new ModelTransaction(rows(1));
        apply(transaction, new Step.TakeSavepoint("a"), insert(2), new Step.TakeSavepoint("b"), insert(3));
        apply(transaction, new Step.RollbackTo("a"), insert(4));
        assertEquals(rows(1, 4), transaction.rows());
        assertEquals(List.of("a"), transaction.savepoints());
        apply(transaction, new Step.RollbackTo("a"));
        assertEquals(rows(1), transaction.rows());
    }

    @Test
    void releaseKeepsTheRowsAndTheLatestOfANameCounts() {
        ModelTransaction transaction = new ModelTransaction(rows());
        apply(transaction, new Step.TakeSavepoint("a"), insert(1), new Step.TakeSavepoint("a"), insert(2));
        apply(transaction, new Step.Release("a"));
        assertEquals(List.of("a"), transaction.savepoints());
        assertEquals(rows(1, 2), transaction.rows());
        apply(transaction, new Step.RollbackTo("a"));
        assertEquals(rows(), transaction.rows(), "what was released goes with the level that it was released into");
        assertThrows(IllegalStateException.class, () -> transaction.apply(new Step.Release("b")));
    }

    @Test
    void aFailedStatementUndoesTheInnermostLevel() {
        ModelTransaction transaction = new ModelTransaction(rows());
        apply(transaction, insert(1), new Step.TakeSavepoint("a"), insert(2), new Step.Fail(TABLE));
        assertTrue(transaction.isFailed());
        assertEquals(rows(1), transaction.rows());
        apply(transaction, new Step.RollbackTo("a"), insert(3));
        assertEquals(rows(1, 3), transaction.rows());
    }

    @Test
    void i7_recoveredIsAPrefixThatHoldsWhatWasAcknowledged() {
        Model model = new Model(2);
        commit(model, 0, Durability.SYNC, rows(2));
        commit(model, 1, Durability.WRITE, rows(3));
        commit(model, 0, Durability.LAZY, rows(2, 4));
        model.beginCommit(1, rows(3, 5));
        assertEquals(4, model.judge(Found.of(rows(2, 3, 4, 5)), true));
        assertEquals(3, model.judge(Found.of(rows(2, 3, 4)), true));
        assertEquals(1, model.judge(Found.of(rows(2)), true));
        assertThrows(Mismatch.class, () -> model.judge(Found.of(rows(2)), false), "WRITE survives a kill");
        assertEquals(2, model.judge(Found.of(rows(2, 3)), false));
        assertThrows(Mismatch.class, () -> model.judge(Found.of(new Rows()), true), "lost");
        assertThrows(Mismatch.class, () -> model.judge(Found.of(rows(2, 4)), true), "no prefix");
        assertThrows(Mismatch.class, () -> model.judge(Found.of(rows(2, 3, 5)), true), "half of what is in flight");
        model.acknowledge(Durability.SYNC);
        assertThrows(
                Mismatch.class, () -> model.judge(Found.of(rows(2, 3, 4)), true), "SYNC makes all before it durable");
    }

    @Test
    void afterRecoveryTheModelGoesOnFromThere() {
        Model model = new Model(1);
        commit(model, 0, Durability.SYNC, rows(1));
        commit(model, 0, Durability.LAZY, rows(1, 2));
        model.recoveredAt(1);
        assertEquals(rows(1), model.committed(0));
        assertThrows(Mismatch.class, () -> model.judge(Found.of(rows(1, 2)), true));
        commit(model, 0, Durability.LAZY, rows(1, 3));
        assertEquals(2, model.judge(Found.of(rows(1, 3)), true));
        model.acknowledgeAll();
        model.forgetOld();
        assertThrows(Mismatch.class, () -> model.judge(Found.of(rows(1)), true));
    }

    /** What a look at a copy has found may still be lost with the power, until the database itself has been opened. */
    @Test
    void onlyAnOpeningMakesDurableWhatWasRecovered() {
        Model model = new Model(1);
        commit(model, 0, Durability.SYNC, rows(1));
        commit(model, 0, Durability.WRITE, rows(1, 2));
        model.recoveredAt(2);
        assertEquals(1, model.judge(Found.of(rows(1)), true));
        assertThrows(Mismatch.class, () -> model.judge(Found.of(rows(1)), false), "the process alone has died");
        model.recoveredAt(2);
        model.opened();
        assertThrows(Mismatch.class, () -> model.judge(Found.of(rows(1)), true));
        assertEquals(2, model.judge(Found.of(rows(1, 2)), true));
    }

    @Test
    void everyKindOfStepIsDrawnAndTheSameOnesAgain() {
        Set<Class<?>> kinds = new HashSet<>();
        Workload loading = Workload.KEYS.drawn(new SplittableRandom(1));
        assertTrue(loading.bulk() > 0, loading.toString());
        for (Workload workload : List.of(Workload.KEYS, loading, Workload.LARGE)) {
            List<Step> first = steps(workload, 5, 3_000);
            first.forEach(step -> kinds.add(step.getClass()));
            assertEquals(first, steps(workload, 5, 3_000));
        }
        assertEquals(Set.of(Step.class.getPermittedSubclasses()), kinds);
    }

    /** Drawn one time in four: what was committed hangs on the log when the crash comes. */
    @Test
    void whereHardlyACommitIsSyncedTheyStillComeInEveryKind() {
        int[] synced = {commits(Workload.DDL, Durability.SYNC), commits(Workload.DDL.hardlySynced(), Durability.SYNC)};
        assertTrue(synced[1] * 3 < synced[0], synced[1] + " against " + synced[0]);
        assertTrue(commits(Workload.DDL.hardlySynced(), Durability.WRITE) > 0);
        Set<Integer> unsynced = new HashSet<>();
        for (long seed = 0; seed < 50; seed++) {
            unsynced.add(Workload.DDL.drawn(new SplittableRandom(seed)).unsynced());
        }
        assertEquals(Set.of(Workload.DDL.unsynced(), Workload.DDL.hardlySynced().unsynced()), unsynced);
    }

    private static int commits(Workload workload, Durability durability) {
        return Collections.frequency(steps(workload, 5, 3_000), new Step.Commit(durability));
    }

    @Test
    void aPayloadTellsItsVersion() {
        Set<String> payloads = new HashSet<>();
        for (long key = 0; key < 50; key++) {
            for (long version = 0; version < 50; version++) {
                payloads.add(new RowValue(version, 12).payload(key));
            }
        }
        assertEquals(2_500, payloads.size());
    }

    private static List<Step> steps(Workload workload, long seed, int count) {
        StepSource source = new StepSource(new SplittableRandom(seed), workload, 0, 2, 0, "");
        Rows committed = rows();
        ModelTransaction transaction = null;
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Step step = source.next(transaction);
            steps.add(step);
            if (transaction == null) {
                transaction = new ModelTransaction(committed);
            } else if (step instanceof Step.Commit) {
                committed = transaction.isFailed() ? committed : transaction.rows();
                transaction = null;
            } else if (step instanceof Step.Rollback) {
                transaction = null;
            } else {
                transaction.apply(step);
            }
        }
        return steps;
    }

    private static void commit(Model model, int session, Durability durability, Rows rows) {
        model.beginCommit(session, rows);
        model.acknowledge(durability);
    }

    private static void apply(ModelTransaction transaction, Step... steps) {
        for (Step step : steps) {
            transaction.apply(step);
        }
    }

    private static Step insert(long key) {
        return new Step.Insert(TABLE, key, new RowValue(1, 5));
    }

    private static Rows rows(long... keys) {
        Rows rows = new Rows();
        rows.create(TABLE);
        for (long key : keys) {
            rows.put(TABLE, key, new RowValue(1, 5));
        }
        return rows;
    }
}
