package dev.cairn.fuzz.isolation;

import dev.cairn.txn.IsolationLevel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One transaction as its session saw it: a tree of savepoints with writes and reads. Its calls follow the transaction's own:
 * what is recorded has happened, but for {@link #committing}.
 */
public final class Recorded {

    /** How it ended. */
    public enum Outcome {
        OPEN,
        COMMITTED,
        UNDONE,
        /** COMMIT was asked for, and the answer never came. */
        IN_DOUBT
    }

    /** Values are unique: the transaction's number, and its own count. */
    private static final long VALUES = 1000;

    private static final long NEVER = Long.MAX_VALUE;
    private static final long NO_VALUE = -1;
    private static final String LABEL = " T";

    /** A savepoint's part, or the whole; from {@code undoneAt} on it is as if it had not been. */
    static final class Node {
        final Node parent;
        private long undoneAt = NEVER;

        private Node(@Nullable Node parent) {
            this.parent = parent == null ? this : parent;
        }

        boolean isUndoneAt(long tick) {
            return undoneAt <= tick || (parent != this && parent.isUndoneAt(tick));
        }
    }

    /** What a write does to a list. */
    enum Change {
        /** The value joins its end. */
        APPEND,
        /** It has that value alone from now on, whatever it had. */
        SET,
        /** It is there no longer; there is no value. */
        DELETE
    }

    /** A value that was written to a list. */
    record Write(Recorded by, Node node, long key, Change change, long value, long at) {
        boolean isUndoneAt(long tick) {
            return node.isUndoneAt(tick);
        }
    }

    /**
     * The lists of the keys from {@code low} to {@code high}; one that is not there is empty. {@code snapshot} is the LSN of what the
     * statement saw; 0 if that is unknown, or if it took the newest there was.
     */
    record Read(long low, long high, Map<Long, List<Long>> lists, long snapshot, long at) {
        List<Long> list(long key) {
            return lists.getOrDefault(key, List.of());
        }
    }

    /** A row that was asked to be locked against appends. */
    record Lock(Node node, long key, long at) {}

    private final History history;
    private final int number;
    private final IsolationLevel level;
    private final long begunAt;
    private final List<Write> writes = new ArrayList<>();
    private final List<Read> reads = new ArrayList<>();
    private final List<Lock> locks = new ArrayList<>();
    private final List<String> log = new ArrayList<>();
    private Node current = new Node(null);
    private final Node whole = current;
    private Outcome outcome = Outcome.OPEN;
    private long committingAt = NEVER;
    private long endedAt = NEVER;
    private int values;
    private boolean failed;

    Recorded(History history, int number, IsolationLevel level) {
        this.history = history;
        this.number = number;
        this.level = level;
        this.begunAt = history.tick();
    }

    /** A value for the next append that nobody else has. */
    public long newValue() {
        return number * VALUES + values++;
    }

    /** What its session is to be called, so that the log tells whose its records are. */
    String label(String session) {
        return session + LABEL + number;
    }

    /** The number of the transaction that {@link #label} was made for. */
    static int numberOf(String label) {
        return Integer.parseInt(label.substring(border(label) + LABEL.length()));
    }

    /** The session that {@link #label} was made for. */
    static String sessionOf(String label) {
        return label.substring(0, border(label));
    }

    private static int border(String label) {
        int at = label.lastIndexOf(LABEL);
        if (at < 0) {
            throw new IllegalArgumentException("\"" + label + "\" names no recorded transaction");
        }
        return at;
    }

    static int writer(long value) {
        return (int) (value / VALUES);
    }

    public void appended(long key, long value) {
        log.add("append " + value + " to " + key);
        wrote(key, Change.APPEND, value);
    }

    /** The list was written over with one value, unseen. */
    public void set(long key, long value) {
        log.add("set " + key + " to " + value);
        wrote(key, Change.SET, value);
    }

    public void deleted(long key) {
        log.add("delete " + key);
        wrote(key, Change.DELETE, NO_VALUE);
    }

    private void wrote(long key, Change change, long value) {
        writes.add(new Write(this, current, key, change, value, history.tick()));
    }

    /** @param lists those that are there, by key */
    public void read(long low, long high, Map<Long, List<Long>> lists) {
        read(low, high, lists, 0);
    }

    /** @param snapshot as {@link dev.cairn.engine.Transaction#snapshotLsn} says it of the statement */
    public void read(long low, long high, Map<Long, List<Long>> lists, long snapshot) {
        log.add((low == high ? "read " + low : "read " + low + ".." + high) + ": " + lists);
        reads.add(new Read(low, high, new TreeMap<>(lists), snapshot, history.tick()));
    }

    /** The list was locked so that nobody else may append to it. */
    public void locked(long key) {
        log.add("lock " + key);
        locks.add(new Lock(current, key, history.tick()));
    }

    /** Whether it has written to that list, or locked it, and has not taken it back. */
    boolean holds(long key) {
        long now = history.tick();
        return endedAt == NEVER
                && (writes.stream().anyMatch(write -> write.key() == key && !write.isUndoneAt(now))
                        || locks.stream()
                                .anyMatch(lock ->
                                        lock.key() == key && !lock.node().isUndoneAt(now)));
    }

    public void savepoint() {
        log.add("savepoint");
        current = new Node(current);
    }

    /** The innermost savepoint is merged into what is below it. */
    public void released() {
        log.add("release");
        current = current.parent;
    }

    /** The innermost savepoint is rolled back to, and stays. */
    public void rolledBackTo() {
        log.add("rollback to");
        undo(current);
        current = new Node(current.parent);
    }

    /** A statement has failed, and with it the innermost level. */
    public void failed(String sqlState) {
        log.add("error " + sqlState);
        failed = true;
        undo(current);
    }

    private void undo(Node node) {
        node.undoneAt = Math.min(node.undoneAt, history.tick());
    }

    /** To be called before COMMIT. */
    public void committing() {
        committingAt = history.tick();
        outcome = Outcome.IN_DOUBT;
    }

    /** @param committed what COMMIT has said; false also for ROLLBACK */
    public void ended(boolean committed) {
        log.add(committed ? "commit" : "rollback");
        failed |= !committed && outcome == Outcome.IN_DOUBT;
        outcome = committed ? Outcome.COMMITTED : Outcome.UNDONE;
        if (!committed) {
            undo(whole);
        }
        endedAt = history.tick();
    }

    void crashed() {
        if (outcome == Outcome.OPEN) {
            ended(false);
        }
    }

    public int number() {
        return number;
    }

    public IsolationLevel level() {
        return level;
    }

    public Outcome outcome() {
        return outcome;
    }

    /** Whether a statement of it has failed, COMMIT included. */
    boolean hasFailed() {
        return failed;
    }

    long begunAt() {
        return begunAt;
    }

    long committingAt() {
        return committingAt;
    }

    long endedAt() {
        return endedAt;
    }

    List<Write> writes() {
        return writes;
    }

    List<Lock> locks() {
        return locks;
    }

    List<Read> reads() {
        return reads;
    }

    @Override
    public String toString() {
        return "T" + number + " [" + outcome + "] " + String.join("; ", log);
    }
}
