package dev.cairn.tools.log;

import dev.cairn.wal.record.WalRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One top-level transaction as the log tells it: a tree of its savepoints, each with what was written in it and what
 * became of it. A savepoint in which nothing was written has no id and leaves no trace. Not thread-safe.
 */
public final class TransactionTree {

    /** What became of a transaction, or of a branch of it. */
    public enum Fate {
        COMMITTED("committed"),
        ROLLED_BACK("rolled back"),
        /** The log goes on with another incarnation: the process died first. */
        LOST("lost in the crash"),
        /** The log ends before it does. */
        OPEN("open at the log's end");

        private final String words;

        Fate(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }
    }

    /** How a branch was left. */
    public enum Ending {
        /** Still on the savepoint stack when its transaction ended. */
        NONE,
        RELEASED,
        ROLLED_BACK
    }

    /** The transaction itself (level 0) or one of its sub-transactions. */
    public static final class Branch {
        private final long xid;
        private final int level;
        private final @Nullable Branch parent;
        private final String name;
        private final List<Branch> children = new ArrayList<>();
        private Ending ending = Ending.NONE;
        private @Nullable String sqlState;
        private long beganMicros;
        private long endedMicros;
        private long inserted;
        private long updated;
        private long deleted;
        private long bytes;

        private Branch(long xid, int level, @Nullable Branch parent, String name, long beganMicros) {
            this.xid = xid;
            this.level = level;
            this.parent = parent;
            this.name = name;
            this.beganMicros = beganMicros;
        }

        public long xid() {
            return xid;
        }

        /** 0 for the transaction, 1 for the first savepoint. */
        public int level() {
            return level;
        }

        public @Nullable Branch parent() {
            return parent;
        }

        /** The savepoint's name; for the transaction its session's label. */
        public String name() {
            return name;
        }

        /** In the order in which they got their ids. */
        public List<Branch> children() {
            return Collections.unmodifiableList(children);
        }

        public Ending ending() {
            return ending;
        }

        /** The error that undid it; null if it was ROLLBACK, ROLLBACK TO, or nothing. */
        public @Nullable String sqlState() {
            return sqlState;
        }

        /** Row versions written in this branch itself: inserted, updated, deleted. */
        public long rows() {
            return inserted + updated + deleted;
        }

        public long inserted() {
            return inserted;
        }

        public long updated() {
            return updated;
        }

        public long deleted() {
            return deleted;
        }

        /** When it was rolled back to, or its transaction ended, microseconds since 1970; 0 if the log does not tell. */
        public long endedMicros() {
            return endedMicros;
        }

        /** Log written in this branch itself, bytes. */
        public long bytes() {
            return bytes;
        }

        /** From its first write to its end; -1 if either is not in the log. */
        public long micros() {
            return beganMicros == 0 || endedMicros == 0 ? -1 : Math.max(0, endedMicros - beganMicros);
        }
    }

    private final Branch top;
    private final TreeMap<Long, Branch> branches = new TreeMap<>();
    private Fate fate = Fate.OPEN;
    private boolean beginSeen;
    private long endLsn;

    /** A transaction of which nothing has been read yet. */
    public TransactionTree(long topXid) {
        this(new Branch(topXid, 0, null, "", 0));
    }

    private TransactionTree(Branch top) {
        this.top = top;
        branches.put(top.xid, top);
    }

    /** The tree of a transaction whose first record was just read. */
    public static TransactionTree begin(long topXid, WalRecord.XactBegin begin) {
        TransactionTree tree = new TransactionTree(new Branch(topXid, 0, null, begin.label(), begin.timeMicros()));
        tree.beginSeen = true;
        return tree;
    }

    public Branch top() {
        return top;
    }

    public long xid() {
        return top.xid;
    }

    /** Whether its first record was among those read; otherwise the log begins in its middle. */
    public boolean isWhole() {
        return beginSeen;
    }

    /** The end of the record that decided its fate, 0 if there is none. A committed one's is its commit LSN. */
    public long endLsn() {
        return endLsn;
    }

    /** The sub-transactions that got an id, whatever became of them. */
    public int subtransactions() {
        return branches.size() - 1;
    }

    /** The deepest level that got an id; 0 without savepoints. */
    public int depth() {
        return branches.values().stream().mapToInt(Branch::level).max().orElse(0);
    }

    /** Log written by it and all inside it, bytes. */
    public long bytes() {
        return branches.values().stream().mapToLong(Branch::bytes).sum();
    }

    /** Row versions written by it and all inside it. */
    public long rows() {
        return branches.values().stream().mapToLong(Branch::rows).sum();
    }

    public @Nullable Branch branch(long xid) {
        return branches.get(xid);
    }

    /** Its own id and those of all its sub-transactions. */
    public List<Long> xids() {
        return new ArrayList<>(branches.keySet());
    }

    public Fate fate() {
        return fate;
    }

    /** A branch shares its transaction's fate unless it, or a branch that it is in, was rolled back. */
    public Fate fate(Branch branch) {
        for (Branch b = branch; b != null; b = b.parent) {
            if (b.ending == Ending.ROLLED_BACK) {
                return Fate.ROLLED_BACK;
            }
        }
        return fate;
    }

    /** The process that ran it is gone. */
    public void lost() {
        if (fate == Fate.OPEN) {
            fate = Fate.LOST;
        }
    }

    /**
     * Takes one of this transaction's records, in the order of the log.
     *
     * @param xid the record's, the transaction's own or that of a sub-transaction
     */
    public void add(long start, long end, long xid, WalRecord record) {
        if (record instanceof WalRecord.SubxactAssign assign) {
            assign(xid, assign);
        }
        Branch branch = branches.computeIfAbsent(xid, this::unassigned);
        branch.bytes += end - start;
        switch (record.type()) {
            case HEAP_INSERT -> branch.inserted++;
            case HEAP_UPDATE, HEAP_HOT_UPDATE -> branch.updated++;
            case HEAP_DELETE -> branch.deleted++;
            case SUBCOMMIT -> branch.ending = Ending.RELEASED;
            case SUBABORT -> subabort(branch, (WalRecord.Subabort) record);
            case COMMIT -> end(Fate.COMMITTED, end, ((WalRecord.Commit) record).timeMicros(), null);
            case ABORT -> {
                WalRecord.Abort abort = (WalRecord.Abort) record;
                end(Fate.ROLLED_BACK, end, abort.timeMicros(), abort.sqlState());
            }
            case SEGMENT_END,
                    INCARNATION,
                    DURABLE_MARK,
                    CHECKPOINT_BEGIN,
                    CHECKPOINT_END,
                    FILE_CREATE,
                    FILE_EXTEND,
                    FILE_DROP,
                    PAGE_IMAGE,
                    HEAP_PRUNE,
                    HEAP_FREEZE,
                    OVERFLOW_EXTEND,
                    OVERFLOW_WRITE,
                    OVERFLOW_DELETE,
                    OVERFLOW_FREE,
                    INDEX_EXTEND,
                    INDEX_INSERT,
                    INDEX_DELETE,
                    INDEX_SPLIT,
                    INDEX_DOWNLINK,
                    INDEX_ROOT,
                    INDEX_UNLINK,
                    INDEX_ABSORB,
                    XACT_BEGIN,
                    SUBXACT_ASSIGN,
                    COMMIT_CHILDREN,
                    CATALOG_CHANGE -> {
                // Bytes, and nothing that the tree tells.
            }
        }
    }

    /** A sub-transaction whose assignment stands before the first record read. */
    private Branch unassigned(long xid) {
        Branch branch = new Branch(xid, 1, top, "?", 0);
        top.children.add(branch);
        return branch;
    }

    private void assign(long xid, WalRecord.SubxactAssign assign) {
        Branch parent = branches.getOrDefault(assign.parent(), top);
        Branch branch = new Branch(xid, assign.level(), parent, assign.name(), assign.timeMicros());
        parent.children.add(branch);
        branches.put(xid, branch);
    }

    /** What is inside the branch follows from the tree. */
    private void subabort(Branch root, WalRecord.Subabort subabort) {
        root.sqlState = subabort.sqlState();
        root.endedMicros = subabort.timeMicros();
        root.ending = Ending.ROLLED_BACK;
    }

    private void end(Fate ending, long end, long timeMicros, @Nullable String sqlState) {
        fate = ending;
        endLsn = end;
        top.endedMicros = timeMicros;
        top.sqlState = sqlState;
    }
}
