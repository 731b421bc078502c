package dev.cairn.fuzz.workload;

import dev.cairn.wal.Durability;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The oracle: every state that was ever committed, in commit order, and how many of them must have survived. Sessions own
 * disjoint rows and tables, so that a state is the union of the sessions' shares and no session waits for another.
 *
 * <p>Used by one thread at a time.
 */
public final class Model implements Oracle {

    private final int sessions;
    /** Element {@code i} is what commit {@code first + i} made, the sessions' shares in order. */
    private final List<List<Rows>> history = new ArrayList<>();

    private long first;
    /** Commits below and at this one have been acknowledged as durable. */
    private long durable;
    /** The same, but durable against the death of the process only. */
    private long written;

    private boolean forgetful = true;

    Model(int sessions) {
        this.sessions = sessions;
        history.add(Collections.nCopies(sessions, new Rows()));
    }

    int sessions() {
        return sessions;
    }

    /** What a session has committed last. Not to be changed. */
    Rows committed(int session) {
        return latest().get(session);
    }

    /** What all other sessions have committed last in one table. */
    Rows committedByOthers(int session, String table) {
        Rows others = new Rows();
        others.create(table);
        for (int other = 0; other < sessions; other++) {
            Rows share = committed(other);
            if (other != session && share.has(table)) {
                share.rowsOf(table).forEach((key, value) -> others.put(table, key, value));
            }
        }
        return others;
    }

    @Override
    public long begun() {
        return first + history.size() - 1;
    }

    @Override
    public long durable() {
        return durable;
    }

    /** The whole database as last committed. */
    Rows all() {
        return union(latest());
    }

    /** A commit begins: from now on its state is possible. Its number is {@link #begun}. */
    void beginCommit(int session, Rows share) {
        List<Rows> next = new ArrayList<>(latest());
        next.set(session, share.copy());
        history.add(next);
    }

    /** Everything at once, for tables that all sessions share. */
    void beginCommitOfAll(Rows share) {
        List<Rows> next = new ArrayList<>();
        for (int session = 0; session < sessions; session++) {
            next.add(share.copy());
        }
        history.add(next);
    }

    /** The commit that began last was acknowledged; with it, whatever was committed before it is as durable. */
    void acknowledge(Durability durability) {
        if (durability == Durability.SYNC) {
            durable = begun();
        }
        if (durability != Durability.LAZY) {
            written = begun();
        }
    }

    /** A clean close has made everything durable. */
    void acknowledgeAll() {
        durable = begun();
        written = begun();
    }

    @Override
    public long judge(Found found, boolean powerFailure) {
        return judge(found, powerFailure ? durable : Math.max(durable, written));
    }

    /**
     * Judges what was found when more than a crash has happened.
     *
     * @param least number of the commit before which the database must not stand
     */
    public long judge(Found found, long least) {
        for (long commit = begun(); commit >= least; commit--) {
            if (union(history.get((int) (commit - first))).equals(found.rows())) {
                return commit;
            }
        }
        for (long commit = least - 1; commit >= first; commit--) {
            if (union(history.get((int) (commit - first))).equals(found.rows())) {
                throw new Mismatch("lost: recovered is commit " + commit + ", acknowledged were " + least);
            }
        }
        throw new Mismatch("recovered is no committed state; against commit " + least + ": "
                + Rows.difference(union(history.get((int) (least - first))), found.rows()) + "; against commit "
                + begun() + ": " + Rows.difference(union(latest()), found.rows()));
    }

    /**
     * The database is to be recovered at this commit: later ones never were. It was looked at on a copy, so what was not
     * durable before still is not, until it has been {@link #opened}.
     */
    void recoveredAt(long commit) {
        history.subList((int) (commit - first) + 1, history.size()).clear();
        history.subList(0, (int) (durable - first)).clear();
        first = durable;
        written = commit;
    }

    /** An opening has come to its end: what it has recovered is durable. */
    void opened() {
        first = begun();
        history.subList(0, history.size() - 1).clear();
        durable = first;
        written = first;
    }

    /** From now on every state is remembered since {@link #recoveredAt}, so that one that should be past is known. */
    public void keepAll() {
        forgetful = false;
    }

    /** Number of the oldest commit that is remembered. */
    public long oldest() {
        return first;
    }

    /** Forgets states that no judgement can name any more, but the last of them. */
    void forgetOld() {
        int surplus = (int) (durable - first) - 1;
        if (forgetful && surplus > 0) {
            history.subList(0, surplus).clear();
            first += surplus;
        }
    }

    private List<Rows> latest() {
        return history.get(history.size() - 1);
    }

    private static Rows union(List<Rows> shares) {
        Rows all = new Rows();
        shares.forEach(all::addAll);
        return all;
    }
}
