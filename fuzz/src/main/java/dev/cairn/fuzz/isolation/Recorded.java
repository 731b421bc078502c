package dev.cairn.fuzz.isolation;

import dev.cairn.txn.IsolationLevel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One transaction as its session saw it: a tree of savepoints with appends and reads. Its calls follow the transaction's own:
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

    /** A value that was appended to a list. */
    record Append(Recorded by, Node node, long key, long value, long at) {
        boolean isUndoneAt(long tick) {
            return node.isUndoneAt(tick);
        }
    }

    /** The lists of the keys from {@code low} to {@code high}; one that is not there is empty. */
    record Read(long low, long high, Map<Long, List<Long>> lists, long at) {
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
    private final List<Append> appends = new ArrayList<>();
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

    static int writer(long value) {
        return (int) (value / VALUES);
    }

    public void appended(long key, long value) {
        log.add("append " + value + " to " + key);
        appends.add(new Append(this, current, key, value, history.tick()));
    }

    /** @param lists those that are there, by key */
    public void read(long low, long high, Map<Long, List<Long>> lists) {
        log.add((low == high ? "read " + low : "read " + low + ".." + high) + ": " + lists);
        reads.add(new Read(low, high, new TreeMap<>(lists), history.tick()));
    }

    /** The list was locked so that nobody else may append to it. */
    public void locked(long key) {
        log.add("lock " + key);
        locks.add(new Lock(current, key, history.tick()));
    }

    /** Whether it has appended to that list, or locked it, and has not taken it back. */
    boolean holds(long key) {
        long now = history.tick();
        return endedAt == NEVER
                && (appends.stream().anyMatch(append -> append.key() == key && !append.isUndoneAt(now))
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

    List<Append> appends() {
        return appends;
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
