package dev.cairn.engine.salvage;

import dev.cairn.txn.TransactionStatus;
import dev.cairn.wal.LoggedRecord;
import dev.cairn.wal.record.WalRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What became of transactions, as far as what is left of the status and of the log tells. */
final class Fates {

    enum Fate {
        COMMITTED,
        ABORTED,
        /** Whatever said so is damaged. */
        UNKNOWN
    }

    private final @Nullable TransactionStatus status;
    private final Map<Long, Fate> logged = new HashMap<>();
    /** Sub-transactions that committed: how many from an id on. Runs, as the log says them: a damaged length takes no memory. */
    private final TreeMap<Long, Long> committedRuns = new TreeMap<>();

    private final Map<Long, List<long[]>> children = new HashMap<>();
    private final Set<Long> asked = new HashSet<>();
    private boolean complete = true;

    /** @param status null if it cannot be read */
    Fates(@Nullable TransactionStatus status) {
        this.status = status;
    }

    /** Something of the log is missing: who has no COMMIT may have had one. */
    void incomplete() {
        complete = false;
    }

    void note(LoggedRecord logged) {
        WalRecord record = logged.record();
        long xid = logged.xid();
        if (record instanceof WalRecord.CommitChildren more) {
            children.computeIfAbsent(xid, id -> new ArrayList<>()).add(more.runs());
        } else if (record instanceof WalRecord.Commit commit) {
            this.logged.put(xid, Fate.COMMITTED);
            committed(commit.runs());
            List<long[]> before = children.remove(xid);
            if (before != null) {
                before.forEach(this::committed);
            }
        } else if (record instanceof WalRecord.Abort || record instanceof WalRecord.Subabort) {
            this.logged.put(xid, Fate.ABORTED);
        }
    }

    private void committed(long[] runs) {
        for (int i = 0; i + 1 < runs.length; i += 2) {
            committedRuns.merge(runs[i], runs[i + 1], Math::max);
        }
    }

    private boolean isInCommittedRun(long xid) {
        Map.Entry<Long, Long> run = committedRuns.floorEntry(xid);
        return run != null && xid - run.getKey() < run.getValue();
    }

    Fate of(long xid) {
        Fate fate = logged.get(xid);
        if (fate != null) {
            return fate;
        }
        if (isInCommittedRun(xid)) {
            return Fate.COMMITTED;
        }
        if (status != null && status.isFinal(xid)) {
            return status.isCommitted(xid) ? Fate.COMMITTED : Fate.ABORTED;
        }
        if (status != null && complete) {
            return Fate.ABORTED;
        }
        asked.add(xid);
        return Fate.UNKNOWN;
    }

    /** Transactions about which somebody asked in vain. */
    long unknown() {
        return asked.size();
    }
}
