package dev.cairn.recovery;

import dev.cairn.txn.TransactionSystem;
import dev.cairn.wal.record.WalRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the log says about transactions, carried over into their status. Whoever has no COMMIT here or before is aborted
 * with everything below it, without a word in the log and without touching a page: that is what an id without a status
 * means once recovery is over (I4, I7). One thread.
 */
final class TransactionReplay {

    private final TransactionSystem transactions;
    private final Set<Long> open = new HashSet<>();
    /** Only COMMIT decides: until it comes, the children named before it count for nothing. */
    private final Map<Long, List<long[]>> children = new HashMap<>();

    private long committed;
    private long aborted;

    TransactionReplay(TransactionSystem transactions) {
        this.transactions = transactions;
    }

    /** Transactions that had begun before the redo point. One that had just ended may be listed. */
    void open(WalRecord.CheckpointBegin checkpoint) {
        for (long xid : checkpoint.activeXids()) {
            if (!transactions.status().isFinal(xid)) {
                open.add(xid);
            }
        }
    }

    void begin(long xid) {
        open.add(xid);
    }

    void children(long xid, WalRecord.CommitChildren record) {
        children.computeIfAbsent(xid, id -> new ArrayList<>()).add(record.runs());
    }

    void commit(long xid, WalRecord.Commit record) {
        List<long[]> before = children.remove(xid);
        if (before != null) {
            for (long[] runs : before) {
                transactions.redoCommit(xid, runs);
            }
        }
        transactions.redoCommit(xid, record.runs());
        open.remove(xid);
        committed++;
    }

    void abort(long xid) {
        transactions.redoAbort(xid);
        children.remove(xid);
        open.remove(xid);
        aborted++;
    }

    void subabort(long xid) {
        transactions.redoSubabort(xid);
    }

    long committed() {
        return committed;
    }

    long aborted() {
        return aborted;
    }

    /** Transactions that the log leaves open. */
    long unfinished() {
        return open.size();
    }
}
