package dev.cairn.fuzz.workload;

import dev.cairn.engine.Database;
import dev.cairn.engine.Transaction;
import dev.cairn.fuzz.trace.TransactionTraces;
import dev.cairn.wal.Durability;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The same sessions in two processes: one runs them on a database, each on a thread of its own, until it is killed; the other
 * knows from the seed alone what each of their commits made, and judges what is left. A life is what lies between two
 * kills.
 */
public final class KillSessions {

    /** Told by the session's own thread around each commit. */
    public interface Witness {
        void committing(int session, long commit);

        void acknowledged(int session, long commit, Durability durability);
    }

    private static final long ROWS_PER_LIFE = 10_000_000;

    private final long seed;
    private final Workload workload;
    private final int sessions;

    public KillSessions(long seed, Workload workload, int sessions) {
        this.seed = seed;
        this.workload = workload;
        this.sessions = sessions;
    }

    public int sessions() {
        return sessions;
    }

    /** Makes a new database ready. */
    public void setUp(Database database) {
        try (Transaction transaction = database.begin()) {
            KeyedTable.create(transaction, StepSource.SHARED, workload.keyed());
            transaction.commit(Durability.SYNC);
        }
    }

    /**
     * Runs one session for ever: until the process is killed or something fails.
     *
     * @param start what the database holds before any session has begun
     */
    public void run(Database database, Found start, int number, int life, Witness witness) {
        long[] commits = {0};
        TransactionTraces traces = new TransactionTraces();
        Session session = new Session(
                number,
                workload,
                sessions,
                share(start, number),
                new Session.Commits() {
                    @Override
                    public void begin(int session, Rows share) {
                        witness.committing(session, ++commits[0]);
                    }

                    @Override
                    public void acknowledged(int session, Durability durability) {
                        witness.acknowledged(session, commits[0], durability);
                    }

                    @Override
                    public @Nullable Rows byOthers(int session) {
                        // They run at the same time.
                        return null;
                    }
                },
                traces);
        StepSource source = source(number, life);
        while (true) {
            session.run(database, source.next(session.model()));
        }
    }

    /**
     * Judges one session's share after a kill.
     *
     * @param before what the database held when the life began
     * @param least commits of this life that must have survived
     * @param most commits of this life that had begun
     * @return how many have survived
     * @throws Mismatch if it is none of these states
     */
    public long judge(Found before, Found after, int number, int life, long least, long most) {
        StepSource source = source(number, life);
        Rows found = share(after, number);
        Rows committed = share(before, number);
        ModelTransaction transaction = null;
        long commits = 0;
        long matching = least == 0 && committed.equals(found) ? 0 : -1;
        String difference = Rows.difference(committed, found);
        while (commits < most) {
            Step step = source.next(transaction);
            if (transaction == null || step instanceof Step.Begin) {
                transaction = new ModelTransaction(committed);
            } else if (step instanceof Step.Rollback) {
                transaction = null;
            } else if (step instanceof Step.Commit) {
                if (!transaction.isFailed()) {
                    committed = transaction.rows();
                    commits++;
                    if (commits >= least && committed.equals(found)) {
                        matching = commits;
                    }
                    difference = commits == least ? Rows.difference(committed, found) : difference;
                }
                transaction = null;
            } else {
                transaction.apply(step);
            }
        }
        if (matching < 0) {
            throw new Mismatch("session " + number + " stands at none of its commits " + least + " to " + most
                    + " of life " + life + "; against commit " + least + ": " + difference);
        }
        return matching;
    }

    /** @throws Mismatch if there is something that belongs to no session */
    public void judgeTables(Found found) {
        List<Rows> shares = new ArrayList<>();
        Rows all = new Rows();
        for (int number = 0; number < sessions; number++) {
            shares.add(share(found, number));
        }
        shares.forEach(all::addAll);
        String difference = Rows.difference(all, found.rows());
        if (!difference.isEmpty()) {
            throw new Mismatch("something belongs to nobody: " + difference);
        }
    }

    private StepSource source(int number, int life) {
        SplittableRandom random = new SplittableRandom(seed * 31 + life * 1_000_003L + number);
        return new StepSource(random, workload, number, sessions, life * ROWS_PER_LIFE, life * 1_000 + "_");
    }

    /** The shared table's rows that are the session's, and the tables that it has made. */
    private Rows share(Found found, int number) {
        Rows share = new Rows();
        found.rows().tables().forEach((table, rows) -> {
            boolean shared = table.equals(StepSource.SHARED);
            if (shared || table.startsWith(StepSource.tablePrefix(number))) {
                share.create(table);
                if (found.rows().hasIndex(table)) {
                    share.createIndex(table);
                }
                rows.forEach((key, value) -> {
                    if (!shared || Math.floorMod(key, sessions) == number) {
                        share.put(table, key, value);
                    }
                });
            }
        });
        return share;
    }
}
