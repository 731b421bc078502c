package dev.cairn.fuzz.workload;

import dev.cairn.engine.Database;
import dev.cairn.engine.DatabaseOptions;
import dev.cairn.engine.Transaction;
import dev.cairn.fuzz.disk.SimDisk;
import dev.cairn.fuzz.schedule.HandingDisk;
import dev.cairn.fuzz.schedule.SimScheduler;
import dev.cairn.fuzz.schedule.SimScheduler.Client;
import dev.cairn.fuzz.schedule.SimScheduler.Disturbances;
import dev.cairn.fuzz.trace.TransactionTraces;
import dev.cairn.recovery.RecoveryListener;
import dev.cairn.storage.base.CrashPoint;
import dev.cairn.storage.base.EngineFailedException;
import dev.cairn.storage.base.Environment;
import dev.cairn.storage.base.MemoryGate;
import dev.cairn.storage.base.PageWitness;
import dev.cairn.storage.base.Scheduler.Signal;
import dev.cairn.wal.Durability;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Sessions that change the same rows and tables at the same time, each on a thread of its own, with background machines and
 * checkpoints beside them, under a seeded schedule. In some runs the database is closed in their midst.
 */
public final class ConcurrentRun implements SimulatedRun {

    private static final String SESSION = "session ";
    private static final String MAIN = "main";
    private static final int LAST_STEPS = 40;

    private final Workload workload;
    private final DatabaseOptions options;
    private final SplittableRandom random;
    private final SharedModel model;
    private final AfterImages images;
    private final long firstRow;
    private final List<String> trace = new ArrayList<>();
    private final TransactionTraces traces = new TransactionTraces();
    private final SimScheduler scheduler;
    private @Nullable SimDisk disk;
    private int sessionsLeft;
    private long stepsDone;
    private @Nullable EngineFailedException engineFailure;

    /** A run on an empty disk. */
    public ConcurrentRun(long seed, Workload workload, DatabaseOptions options) {
        this(seed, workload, options, new SharedModel(workload.sessions()), new AfterImages(), 0);
    }

    private ConcurrentRun(
            long seed,
            Workload workload,
            DatabaseOptions options,
            SharedModel model,
            AfterImages images,
            long firstRow) {
        this.images = images;
        this.workload = workload;
        this.options = options;
        this.model = model;
        this.firstRow = firstRow;
        this.random = new SplittableRandom(seed);
        this.scheduler = new SimScheduler(random.nextLong(), Disturbances.drawn(random));
        scheduler.onPoint(this::passed);
    }

    @Override
    public SimulatedRun afterRecovery(long seed, long recoveredAt, long newFirstRow) {
        model.recoveredAt(recoveredAt);
        return new ConcurrentRun(seed, workload, options, model, images, newFirstRow);
    }

    @Override
    public Oracle model() {
        return model;
    }

    @Override
    public AfterImages images() {
        return images;
    }

    @Override
    public long scheduleHash() {
        return scheduler.traceHash();
    }

    @Override
    public String trace() {
        return "\n    " + String.join("\n    ", trace.subList(Math.max(0, trace.size() - LAST_STEPS), trace.size()))
                + "\n" + traces.text();
    }

    /** How the threads were scheduled, and which points they passed. */
    public SimScheduler scheduler() {
        return scheduler;
    }

    /** The engine decides the order of commits; here it says so. */
    private void passed(CrashPoint point, String thread) {
        if (disk != null) {
            disk.passed(point);
        }
        if (point == CrashPoint.COMMIT_APPENDED) {
            model.appended(
                    thread.startsWith(SESSION)
                            ? Integer.parseInt(thread.substring(SESSION.length()))
                            : workload.sessions());
        }
    }

    @Override
    public void run(SimDisk files, int steps) {
        disk = files;
        images.beginLife(files::hasFailed);
        SplittableRandom values = random.split();
        PageWitness pages = (fileId, pageNo, page) -> {
            scheduler.working();
            images.changed(fileId, pageNo, page);
        };
        Environment environment =
                new Environment(scheduler.clock(), scheduler, values::nextLong, MemoryGate.OPEN, pages);
        scheduler.run(() -> {
            Database database =
                    Database.open(new HandingDisk(files, scheduler), options, environment, RecoveryListener.SILENT);
            images.opened(database.recoveryReport().endLsn());
            model.opened();
            if (model.begun() == 0) {
                setUp(database);
            }
            live(database, steps);
        });
        if (engineFailure != null) {
            throw engineFailure;
        }
        images.endLife();
    }

    private void setUp(Database database) {
        List<Change> changes = List.of(new Change.Create(StepSource.SHARED));
        Transaction transaction = database.begin();
        KeyedTable.create(transaction, StepSource.SHARED, workload.keyed());
        model.beginCommit(workload.sessions(), changes);
        transaction.commit(Durability.SYNC);
        model.acknowledged(workload.sessions(), Durability.SYNC);
    }

    private void live(Database database, int steps) {
        Signal progress = scheduler.newSignal();
        boolean closeAmidst = random.nextInt(4) == 0;
        long closeAt = 1L + random.nextInt(steps);
        boolean[] closing = new boolean[1];
        sessionsLeft = workload.sessions();
        List<Client> clients = new ArrayList<>();
        for (int number = 0; number < workload.sessions(); number++) {
            SharedSession session = new SharedSession(
                    number, workload, model, random.split(), firstRow, scheduler, options, closing, traces);
            clients.add(scheduler.fork(
                    SESSION + number, () -> sessionLife(session, database, steps / workload.sessions(), progress)));
        }
        SplittableRandom upkeep = random.split();
        clients.add(scheduler.fork("upkeep", () -> upkeep(database, steps, upkeep, progress, closing)));
        if (closeAmidst) {
            progress.awaitUninterruptibly(() -> stepsDone >= closeAt || sessionsLeft == 0);
            closing[0] = true;
            trace.add(MAIN + ": close");
            database.close();
        }
        clients.forEach(Client::join);
        if (!closeAmidst) {
            closing[0] = true;
            ask(database);
            database.close();
            if (engineFailure == null) {
                model.acknowledgeAll();
            }
        }
    }

    /**
     * An engine that has failed in the background closes without a word, and makes nothing durable by that. Here it says so. Not asked
     * without a reason, as the question takes its turn of the schedule.
     */
    private void ask(Database database) {
        if (disk == null || !disk.hasFailed()) {
            return;
        }
        try {
            database.begin().close();
        } catch (EngineFailedException e) {
            engineFailure = e;
        }
    }

    private void sessionLife(SharedSession session, Database database, int steps, Signal progress) {
        try {
            for (int i = 0; i < steps && session.step(database, trace); i++) {
                stepsDone++;
                scheduler.achieved();
                progress.signalAll();
            }
            session.end(trace);
        } catch (EngineFailedException e) {
            engineFailure = e;
        } finally {
            sessionsLeft--;
        }
        progress.signalAll();
    }

    /** Checkpoints now and then, for as long as there are sessions. */
    private void upkeep(Database database, int steps, SplittableRandom own, Signal progress, boolean[] closing) {
        try {
            while (sessionsLeft > 0 && !closing[0]) {
                long until = stepsDone + 1 + own.nextInt(Math.max(1, steps * 5 / (1 + workload.maintain() * 4)));
                progress.awaitUninterruptibly(() -> stepsDone >= until || sessionsLeft == 0);
                if (sessionsLeft > 0 && !closing[0]) {
                    trace.add("upkeep: checkpoint");
                    database.checkpoint();
                }
            }
        } catch (EngineFailedException e) {
            engineFailure = e;
        } catch (IllegalStateException e) {
            if (!closing[0]) {
                throw e;
            }
        }
    }
}
