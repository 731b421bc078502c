package dev.cairn.tools.log;

import dev.cairn.wal.LoggedRecord;
import dev.cairn.wal.record.WalRecord;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Gathers the transactions of a log into trees, as its records come by. A transaction that ended, or was lost in a crash,
 * is handed over and forgotten. Not thread-safe.
 */
public final class TransactionTrees implements LogVisitor {

    private final Map<Long, TransactionTree> open = new HashMap<>();
    /** The top-level transaction of each open sub-transaction. */
    private final Map<Long, Long> tops = new HashMap<>();

    private final Consumer<TransactionTree> finished;
    private final Consumer<LogGap> gaps;

    /**
     * @param finished gets every transaction once, in the order of their ends
     * @param gaps gets what of the log cannot be read
     */
    public TransactionTrees(Consumer<TransactionTree> finished, Consumer<LogGap> gaps) {
        this.finished = finished;
        this.gaps = gaps;
    }

    @Override
    public boolean record(LoggedRecord logged) {
        add(logged);
        return true;
    }

    /** Whatever ended in the gap stays open, and what it wrote there is not counted. */
    @Override
    public void gap(LogGap gap) {
        gaps.accept(gap);
    }

    private void add(LoggedRecord logged) {
        if (logged.record() instanceof WalRecord.Incarnation) {
            // Whoever was open then did not live to see it. Opening after a clean close finds nobody.
            open.values().forEach(TransactionTree::lost);
            finishAll();
            return;
        }
        long xid = logged.xid();
        if (xid == 0) {
            return;
        }
        long top = topOf(xid, logged.record());
        TransactionTree tree = open.get(top);
        if (tree == null) {
            tree = logged.record() instanceof WalRecord.XactBegin begin
                    ? TransactionTree.begin(top, begin)
                    : new TransactionTree(top);
            open.put(top, tree);
        }
        tree.add(logged.start(), logged.end(), xid, logged.record());
        if (tree.fate() != TransactionTree.Fate.OPEN) {
            open.remove(top);
            tops.keySet().removeAll(tree.xids());
            finished.accept(tree);
        }
    }

    /** The log has ended: hands over the transactions that are open there. */
    public void end() {
        finishAll();
    }

    private void finishAll() {
        open.values().forEach(finished);
        open.clear();
        tops.clear();
    }

    /** A log that begins in mid-transaction may name a sub-transaction before it names its top: then that is unknown. */
    private long topOf(long xid, WalRecord record) {
        long named = 0;
        if (record instanceof WalRecord.SubxactAssign assign) {
            named = assign.top();
        } else if (record instanceof WalRecord.Subcommit subcommit) {
            named = subcommit.top();
        } else if (record instanceof WalRecord.Subabort subabort) {
            named = subabort.top();
        }
        if (named != 0) {
            tops.put(xid, named);
            return named;
        }
        return tops.getOrDefault(xid, xid);
    }
}
