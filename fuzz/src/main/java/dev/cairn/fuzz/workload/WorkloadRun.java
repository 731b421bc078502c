package dev.cairn.fuzz.workload;

import dev.cairn.engine.Database;
import dev.cairn.engine.DatabaseOptions;
import dev.cairn.engine.Transaction;
import dev.cairn.fuzz.disk.SimDisk;
import dev.cairn.fuzz.trace.TransactionTraces;
import dev.cairn.storage.base.DiskFullException;
import dev.cairn.storage.base.MemoryGate;
import dev.cairn.wal.Durability;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A workload in progress: several sessions whose steps interleave on one thread, the model beside them. All choices come from
 * the seed. {@link #run} opens the database first; when the disk crashes in the middle, the model says what may be found.
 */
public final class WorkloadRun implements SimulatedRun {

    private final Workload workload;
    private final DatabaseOptions options;
    private final SplittableRandom random;
    private final SimEnvironment environment;
    private final Model model;
    private final AfterImages images;
    private final List<Session> sessions = new ArrayList<>();
    private final List<StepSource> sources = new ArrayList<>();
    private final TransactionTraces traces = new TransactionTraces();
    private final List<Step> trace = new ArrayList<>();
    private @Nullable Database database;

    /** A run on an empty disk. */
    public WorkloadRun(long seed, Workload workload, DatabaseOptions options) {
        this(seed, workload, options, new Model(workload.sessions()), new AfterImages(), 0);
    }

    private WorkloadRun(
            long seed, Workload workload, DatabaseOptions options, Model model, AfterImages images, long firstRow) {
        this.workload = workload;
        this.options = options;
        this.random = new SplittableRandom(seed);
        this.environment = new SimEnvironment(random.nextLong());
        this.images = images;
        environment.pages(images);
        this.model = model;
        for (int number = 0; number < workload.sessions(); number++) {
            sessions.add(new Session(
                    number, workload, workload.sessions(), model.committed(number), new ModelCommits(), traces));
            sources.add(
                    new StepSource(random.split(), workload, number, workload.sessions(), firstRow, firstRow + "_"));
        }
    }

    @Override
    public WorkloadRun afterRecovery(long seed, long recoveredAt, long firstRow) {
        model.recoveredAt(recoveredAt);
        return new WorkloadRun(seed, workload, options, model, images, firstRow);
    }

    @Override
    public Model model() {
        return model;
    }

    @Override
    public AfterImages images() {
        return images;
    }

    /** Asked before page memory is taken. */
    public void memory(MemoryGate gate) {
        environment.memory(gate);
    }

    /** The database, if it is open; after a failure the one that has failed. */
    public @Nullable Database database() {
        return database;
    }

    @Override
    public void run(SimDisk disk, int steps) {
        images.beginLife(disk::hasFailed);
        Database open = environment.open(disk, options);
        database = open;
        images.opened(open.recoveryReport().endLsn());
        model.opened();
        if (model.begun() == 0) {
            setUp(open);
        }
        for (int i = 0; i < steps; i++) {
            step(disk);
        }
        close();
        images.endLife();
    }

    @Override
    public String trace() {
        StringBuilder text = new StringBuilder();
        for (Step step : trace.subList(Math.max(0, trace.size() - 12), trace.size())) {
            text.append("\n    ").append(step);
        }
        text.append('\n').append(traces.text());
        return text.toString();
    }

    private void setUp(Database open) {
        Rows share = new Rows();
        share.create(StepSource.SHARED);
        Transaction transaction = open.begin();
        KeyedTable.create(transaction, StepSource.SHARED, workload.keyed());
        model.beginCommitOfAll(share);
        transaction.commit(Durability.SYNC);
        model.acknowledge(Durability.SYNC);
        for (int number = 0; number < workload.sessions(); number++) {
            sessions.set(
                    number,
                    new Session(
                            number,
                            workload,
                            workload.sessions(),
                            model.committed(number),
                            new ModelCommits(),
                            traces));
        }
    }

    private void step(SimDisk disk) {
        Database open = database;
        if (open == null) {
            throw new IllegalStateException("no database is open");
        }
        int dice = random.nextInt(100);
        if (dice < workload.maintain()) {
            if (random.nextBoolean()) {
                checkpoint(open);
            } else {
                environment.runBackground();
            }
        } else if (dice < workload.maintain() + workload.reopen()) {
            close();
            Database again = environment.open(disk, options);
            database = again;
            expectLatest(again);
        } else {
            int number = random.nextInt(workload.sessions());
            Session session = sessions.get(number);
            Step step = sources.get(number).next(session.model());
            trace.add(step);
            session.run(open, step);
        }
    }

    private static void checkpoint(Database open) {
        try {
            open.checkpoint();
        } catch (DiskFullException e) {
            // The former checkpoint holds, and the space may come back.
            return;
        }
    }

    private void expectLatest(Database open) {
        String difference = Rows.difference(model.all(), Found.in(open).rows());
        if (!difference.isEmpty()) {
            throw new Mismatch("after a clean close: " + difference);
        }
    }

    private void close() {
        Database open = database;
        if (open != null) {
            // An engine that has failed in the background closes without a word, and makes nothing durable by that.
            // Here it says so.
            open.begin().close();
            database = null;
            sessions.forEach(Session::forgetTransaction);
            open.close();
            model.acknowledgeAll();
        }
    }

    private final class ModelCommits implements Session.Commits {
        @Override
        public void begin(int session, Rows share) {
            model.beginCommit(session, share);
        }

        @Override
        public void acknowledged(int session, Durability durability) {
            model.acknowledge(durability);
            model.forgetOld();
        }

        @Override
        public Rows byOthers(int session) {
            return model.committedByOthers(session, StepSource.SHARED);
        }
    }
}
