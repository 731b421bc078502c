package dev.cairn.fuzz.workload;

import dev.cairn.wal.Durability;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The oracle of sessions that change the same rows. A commit takes effect in the order in which the engine has put it into
 * its log; between that and the call of {@code commit} it may have happened or not.
 *
 * <p>Used by one thread at a time.
 */
final class SharedModel implements Oracle {

    private static final long NONE = -1;
    /** So many states are kept before old ones are looked through. */
    private static final int MANY = 64;

    /** What a commit has done, and what the database holds after it. */
    private record State(List<Change> changes, Rows rows) {}

    /** Element {@code i} is commit {@code first + i}. */
    private final List<State> history = new ArrayList<>(List.of(new State(List.of(), new Rows())));
    /** Commits that have been called for and have no place in the order yet, by session. */
    private final SortedMap<Integer, List<Change>> called = new TreeMap<>();
    /** By session, the number of its commit that has a place and is not acknowledged. */
    private final long[] placed;
    /** By session, the oldest state that it still asks for. */
    private final long[] needed;

    private long first;
    private long durable;
    private long written;
    private long visible;

    /** @param sessions numbered from 0; there is one more, for the setting up */
    SharedModel(int sessions) {
        placed = new long[sessions + 1];
        needed = new long[sessions + 1];
        forgetSessions();
    }

    private void forgetSessions() {
        called.clear();
        Arrays.fill(placed, NONE);
        Arrays.fill(needed, Long.MAX_VALUE);
    }

    @Override
    public long begun() {
        return first + history.size() - 1;
    }

    @Override
    public long durable() {
        return durable;
    }

    /** Every snapshot taken from now on sees this commit and all before it. */
    long visible() {
        return visible;
    }

    /** What the database holds after a commit. Not to be changed. */
    Rows at(long commit) {
        return history.get((int) (commit - first)).rows();
    }

    Rows latest() {
        return at(begun());
    }

    /** Whether a row that is there after a commit has been deleted since; there may be another one of its key by now. */
    boolean deletedSince(long commit, String table, long key) {
        Change delete = new Change.Delete(table, key);
        return history.subList((int) (commit - first) + 1, history.size()).stream()
                .anyMatch(state -> state.changes().contains(delete));
    }

    /** A session asks for states from this one on; {@link Long#MAX_VALUE} for none. */
    void need(int session, long commit) {
        needed[session] = commit;
    }

    /** The session is about to call commit. */
    void beginCommit(int session, List<Change> changes) {
        called.put(session, List.copyOf(changes));
    }

    /** The commit that the session has called for has its place. */
    void appended(int session) {
        List<Change> changes = called.remove(session);
        if (changes == null) {
            throw new Mismatch("session " + session + " appends a COMMIT that it has not called for");
        }
        history.add(new State(changes, after(latest(), changes)));
        placed[session] = begun();
    }

    /** The session's commit has returned. */
    void acknowledged(int session, Durability durability) {
        List<Change> changes = called.remove(session);
        if (changes != null) {
            if (!changes.isEmpty()) {
                throw new Mismatch("session " + session + " has committed changes without a COMMIT: " + changes);
            }
            return;
        }
        long commit = placed[session];
        placed[session] = NONE;
        visible = Math.max(visible, commit);
        if (durability == Durability.SYNC) {
            durable = Math.max(durable, commit);
        }
        if (durability != Durability.LAZY) {
            written = Math.max(written, commit);
        }
        forgetOld();
    }

    /** The session's commit was refused before anything was logged. */
    void refused(int session) {
        if (called.remove(session) == null) {
            throw new Mismatch("session " + session + ": a commit that was in the log already is refused");
        }
    }

    /** A clean close has made everything durable. */
    void acknowledgeAll() {
        durable = begun();
        written = begun();
        visible = begun();
    }

    @Override
    public long judge(Found found, boolean powerFailure) {
        long least = powerFailure ? durable : Math.max(durable, written);
        for (long commit = begun(); commit >= least; commit--) {
            if (at(commit).equals(found.rows())) {
                return commit;
            }
        }
        // At most one of those without a place can have got into the log all the same.
        long next = begun();
        for (List<Change> changes : called.values()) {
            next++;
            if (after(latest(), changes).equals(found.rows())) {
                return next;
            }
        }
        for (long commit = least - 1; commit >= first; commit--) {
            if (at(commit).equals(found.rows())) {
                throw new Mismatch("lost: recovered is commit " + commit + ", acknowledged were " + least);
            }
        }
        throw new Mismatch("recovered is no committed state; against commit " + least + ": "
                + Rows.difference(at(least), found.rows()) + "; against commit " + begun() + ": "
                + Rows.difference(latest(), found.rows()));
    }

    /**
     * The database is to be recovered at this commit: later ones never were, and nobody is there any more. It was looked at
     * on a copy, so what was not durable before still is not, until it has been {@link #opened}.
     */
    void recoveredAt(long commit) {
        if (commit <= begun()) {
            history.subList((int) (commit - first) + 1, history.size()).clear();
        } else {
            List<Change> changes = new ArrayList<>(called.values()).get((int) (commit - begun()) - 1);
            history.add(new State(changes, after(latest(), changes)));
        }
        history.subList(0, (int) (durable - first)).clear();
        first = durable;
        written = begun();
        visible = begun();
        forgetSessions();
    }

    /** An opening has come to its end: what it has recovered is durable. */
    void opened() {
        first = begun();
        history.subList(0, history.size() - 1).clear();
        acknowledgeAll();
    }

    private static Rows after(Rows before, List<Change> changes) {
        Rows rows = before.copy();
        for (Change change : changes) {
            if (!change.fits(rows)) {
                throw new Mismatch("committed was " + change + ", where the tables are "
                        + rows.tables().keySet());
            }
            change.applyTo(rows);
        }
        return rows;
    }

    private void forgetOld() {
        if (history.size() > MANY) {
            long oldest = Math.min(durable, Arrays.stream(needed).min().orElse(Long.MAX_VALUE));
            int surplus = (int) (oldest - first) - 1;
            if (surplus > 0) {
                history.subList(0, surplus).clear();
                first += surplus;
            }
        }
    }
}
