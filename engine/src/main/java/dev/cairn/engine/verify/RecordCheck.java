package dev.cairn.engine.verify;

import dev.cairn.wal.LoggedRecord;
import dev.cairn.wal.record.WalRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * What the log's records say of transactions: parents before children (I3), each child in the tree of its top, and COMMIT
 * naming exactly the children that were not rolled back. What came before the oldest record is not held against anybody.
 */
final class RecordCheck {

    /** A transaction whose first record has been seen: its ids, and which of them were rolled back. */
    private static final class Tree {
        private final TreeMap<Long, Boolean> aborted = new TreeMap<>();
        private final List<long[]> committed = new ArrayList<>();
    }

    private final Consumer<Finding> findings;
    private final Map<Long, Tree> open = new HashMap<>();

    RecordCheck(Consumer<Finding> findings) {
        this.findings = findings;
    }

    /** Log is missing: nothing is known of open transactions any more. */
    void gap() {
        open.clear();
    }

    void check(LoggedRecord logged) {
        WalRecord record = logged.record();
        switch (record.type()) {
            case XACT_BEGIN -> open.put(logged.xid(), new Tree());
            case SUBXACT_ASSIGN -> assign(logged, (WalRecord.SubxactAssign) record);
            case SUBCOMMIT -> subcommit(logged, (WalRecord.Subcommit) record);
            case SUBABORT -> subabort(logged, (WalRecord.Subabort) record);
            case COMMIT_CHILDREN -> children(logged, ((WalRecord.CommitChildren) record).runs());
            case COMMIT -> commit(logged, (WalRecord.Commit) record);
            case ABORT -> open.remove(logged.xid());
            case DURABLE_MARK ->
                expect(logged, ((WalRecord.DurableMark) record).durableLsn() <= logged.start(), "a mark of the past");
            case CHECKPOINT_END ->
                expect(logged, ((WalRecord.CheckpointEnd) record).redoPoint() < logged.start(), "a begun checkpoint");
            case INCARNATION -> open.clear();
            default -> expect(logged, logged.xid() >= 0, "a transaction's id");
        }
    }

    private void assign(LoggedRecord logged, WalRecord.SubxactAssign assign) {
        boolean ordered = assign.top() > 0 && assign.top() <= assign.parent() && assign.parent() < logged.xid();
        expect(logged, ordered, "i3: top <= parent < child");
        Tree tree = open.get(assign.top());
        if (tree != null) {
            boolean known = assign.parent() == assign.top() || Boolean.FALSE.equals(tree.aborted.get(assign.parent()));
            expect(logged, known, "a parent of the same transaction that is not rolled back");
            expect(logged, tree.aborted.put(logged.xid(), false) == null, "an id that is used once");
        }
    }

    private void subcommit(LoggedRecord logged, WalRecord.Subcommit subcommit) {
        expect(
                logged,
                subcommit.top() <= subcommit.parent() && subcommit.parent() < logged.xid(),
                "i3: parent < child");
        Tree tree = open.get(subcommit.top());
        expect(
                logged,
                tree == null || Boolean.FALSE.equals(tree.aborted.get(logged.xid())),
                "an assigned child that is not rolled back");
    }

    private void subabort(LoggedRecord logged, WalRecord.Subabort subabort) {
        expect(logged, subabort.top() > 0 && subabort.top() < logged.xid(), "i3: top < child");
        Tree tree = open.get(subabort.top());
        if (tree != null) {
            tree.aborted.tailMap(logged.xid(), true).replaceAll((xid, before) -> true);
        }
    }

    private void children(LoggedRecord logged, long[] runs) {
        if (expectRuns(logged, runs)) {
            Tree tree = open.get(logged.xid());
            if (tree != null) {
                tree.committed.add(runs);
            }
        }
    }

    private void commit(LoggedRecord logged, WalRecord.Commit commit) {
        children(logged, commit.runs());
        expect(logged, commit.firstLsn() <= logged.start(), "a first record before this one");
        Tree tree = open.remove(logged.xid());
        if (tree == null) {
            return;
        }
        TreeMap<Long, Long> named = new TreeMap<>();
        for (long[] runs : tree.committed) {
            for (int i = 0; i + 1 < runs.length; i += 2) {
                named.put(runs[i], runs[i + 1]);
            }
        }
        for (Map.Entry<Long, Boolean> child : tree.aborted.entrySet()) {
            Map.Entry<Long, Long> run = named.floorEntry(child.getKey());
            boolean isNamed = run != null && child.getKey() < run.getKey() + run.getValue();
            if (isNamed == child.getValue()) {
                report(
                        logged,
                        "expected the children that are not rolled back, found that " + child.getKey() + " is "
                                + (isNamed ? "named though it is" : "not named though it is not"));
                return;
            }
        }
    }

    private boolean expectRuns(LoggedRecord logged, long[] runs) {
        long after = logged.xid();
        boolean fine = runs.length % 2 == 0;
        for (int i = 0; i + 1 < runs.length && fine; i += 2) {
            fine = runs[i] > after && runs[i + 1] > 0 && runs[i] + runs[i + 1] > runs[i];
            after = runs[i] + runs[i + 1] - 1;
        }
        expect(logged, fine, "runs of children in ascending order, all above the top");
        return fine;
    }

    private void expect(LoggedRecord logged, boolean holds, String what) {
        if (!holds) {
            report(logged, "expected " + what + ", found " + logged.record());
        }
    }

    private void report(LoggedRecord logged, String text) {
        findings.accept(Finding.inLog(
                null, logged.start(), logged.record().type() + " of transaction " + logged.xid() + ": " + text));
    }
}
