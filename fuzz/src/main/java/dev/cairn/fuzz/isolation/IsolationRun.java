package dev.cairn.fuzz.isolation;

import dev.cairn.engine.Database;
import dev.cairn.engine.DatabaseOptions;
import dev.cairn.engine.DatabaseStatistics;
import dev.cairn.engine.StoredTable;
import dev.cairn.engine.Transaction;
import dev.cairn.engine.VersionOrder;
import dev.cairn.fuzz.disk.CrashChoices;
import dev.cairn.fuzz.disk.SimDisk;
import dev.cairn.fuzz.isolation.DependencyGraph.Edge;
import dev.cairn.fuzz.isolation.RandomSession.Style;
import dev.cairn.fuzz.schedule.HandingDisk;
import dev.cairn.fuzz.schedule.SimScheduler;
import dev.cairn.fuzz.schedule.SimScheduler.Client;
import dev.cairn.fuzz.schedule.SimScheduler.Disturbances;
import dev.cairn.fuzz.workload.SimEnvironment;
import dev.cairn.recovery.RecoveryListener;
import dev.cairn.storage.base.CrashPoint;
import dev.cairn.storage.base.Environment;
import dev.cairn.storage.file.Disk;
import dev.cairn.storage.file.RealDisk;
import dev.cairn.txn.IsolationLevel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Sessions that read and append at random, all at one level, beside each other: under a simulated schedule, with a crash in the
 * middle and a recovery, or on real threads. What they saw must hold no anomaly that the level forbids, and when all have ended
 * no lock and nothing read may be remembered.
 */
public final class IsolationRun {

    private static final int SESSIONS = 4;
    private static final int STEPS = 60;
    private static final int KEYS = 5;
    private static final int MOST_OPERATIONS = 400;
    private static final int WHOLE_LOG_BYTES = 1 << 20;

    private static final List<CrashPoint> PAUSES = List.of(
            CrashPoint.COMMIT_APPENDED,
            CrashPoint.COMMIT_DURABLE,
            CrashPoint.COMMIT_STATUS_SET,
            CrashPoint.COMMIT_UNLOCKED,
            CrashPoint.SNAPSHOT_READ);

    private final long seed;
    private final SplittableRandom random;
    private final IsolationLevel level;
    private final Judge judge;
    private final Style style;
    private final AtomicLong newestKey = new AtomicLong();
    private final History history = new History();

    /** By what a run is judged. */
    public enum Judge {
        /** By the lists, which only grow. */
        LISTS,
        /** By the versions that the engine exports, and by the lists: both must find the same edges. */
        BOTH,
        /** By the versions alone: lists are written over unseen as well, and deleted. */
        VERSIONS
    }

    public IsolationRun(long seed, IsolationLevel level) {
        this(seed, level, Judge.LISTS);
    }

    public IsolationRun(long seed, IsolationLevel level, Judge judge) {
        this.seed = seed;
        this.random = new SplittableRandom(seed);
        this.level = level;
        this.judge = judge;
        if (judge == Judge.VERSIONS) {
            this.style = level.keepsSnapshot() ? Style.NEW_KEYS : Style.OVERWRITES;
        } else {
            this.style = Style.APPENDS;
        }
    }

    /**
     * Two lives under a simulated schedule, the first of which ends by loss of power unless it is over before.
     *
     * @return a hash of the schedule
     * @throws IsolationFailure if there is an anomaly
     */
    public long simulated(DatabaseOptions given) {
        DatabaseOptions options = judge == Judge.LISTS ? given : keepingTheLog(given);
        SimDisk disk = new SimDisk();
        disk.crashAt(1L + random.nextInt(MOST_OPERATIONS));
        long hash = 0;
        try {
            hash = life(disk, options, 0);
        } catch (RuntimeException | Error e) {
            if (!disk.isDead()) {
                throw failure(e);
            }
        }
        history.crashed();
        SimDisk after = disk.isDead() ? disk.crash(CrashChoices.random(random.nextLong())) : disk.copy();
        try {
            hash = hash * 31 + life(after, options, 1);
        } catch (RuntimeException | Error e) {
            throw failure(e);
        }
        judge(after, options);
        return hash;
    }

    /** One segment, so that the log still tells of all versions in the end. */
    private static DatabaseOptions keepingTheLog(DatabaseOptions options) {
        return options.toBuilder()
                .segmentBytes(WHOLE_LOG_BYTES)
                .checkpointBytes(WHOLE_LOG_BYTES)
                .build();
    }

    private long life(SimDisk disk, DatabaseOptions options, int number) {
        SimScheduler scheduler = new SimScheduler(random.nextLong(), disturbances());
        Environment environment = new Environment(scheduler.clock(), scheduler, random.split()::nextLong);
        scheduler.run(() -> {
            Database database =
                    Database.open(new HandingDisk(disk, scheduler), options, environment, RecoveryListener.SILENT);
            createIfMissing(database);
            List<Client> clients = new ArrayList<>();
            for (int i = 0; i < SESSIONS; i++) {
                String label = "session " + (number * SESSIONS + i);
                RandomSession session = session(database, label);
                clients.add(scheduler.fork(label, () -> live(session, scheduler)));
            }
            clients.forEach(Client::join);
            requireNothingLeft(database);
            database.close();
        });
        return scheduler.traceHash();
    }

    /** None, any, or long pauses at one of the steps between which others may see half of a commit or of a snapshot. */
    private Disturbances disturbances() {
        return switch (random.nextInt(4)) {
            case 0 -> Disturbances.NONE;
            case 1 -> Disturbances.drawn(random);
            default -> new Disturbances(0, 0, 0, 0, Set.of(PAUSES.get(random.nextInt(PAUSES.size()))));
        };
    }

    private void live(RandomSession session, SimScheduler scheduler) {
        for (int i = 0; i < STEPS; i++) {
            session.step();
            scheduler.achieved();
            // An interrupt was meant for that step.
            scheduler.takeInterrupted();
        }
        session.finish();
    }

    /**
     * Sessions on threads of their own, which the machine schedules.
     *
     * @param directory where a database is made; the caller's to remove
     * @param steps of each session
     * @throws IsolationFailure if there is an anomaly
     */
    public void threaded(Path directory, int steps) throws InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(SESSIONS);
        List<StoredTable> tables;
        Map<Long, List<Long>> contents;
        try (Database database = Database.open(directory)) {
            createIfMissing(database);
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < SESSIONS; i++) {
                RandomSession session = session(database, "session " + i);
                running.add(threads.submit(() -> {
                    for (int step = 0; step < steps; step++) {
                        session.step();
                    }
                    session.finish();
                }));
            }
            for (Future<?> session : running) {
                session.get();
            }
            requireNothingLeft(database);
            contents = contents(database);
            tables = database.storedTables();
        } catch (ExecutionException e) {
            throw failure(Objects.requireNonNullElse(e.getCause(), e));
        } finally {
            threads.shutdownNow();
        }
        judge(new RealDisk(directory), tables, contents);
    }

    private RandomSession session(Database database, String label) {
        return new RandomSession(
                new ListSession(database, history, label, level), random.split(), 1, KEYS, style, newestKey);
    }

    private static void createIfMissing(Database database) {
        boolean there;
        try (Transaction transaction = database.begin()) {
            there = transaction.hasTable(ListTable.NAME);
        }
        if (!there) {
            ListTable.create(database);
        }
    }

    private static void requireNothingLeft(Database database) {
        DatabaseStatistics left = database.statistics();
        if (left.openTransactions() > 0 || left.lockedPages() > 0 || left.rememberedReads() > 0) {
            throw new IllegalStateException("left behind though all sessions have ended: " + left);
        }
    }

    /** Of what is there in the end, as another process finds it. */
    private void judge(SimDisk disk, DatabaseOptions options) {
        List<StoredTable> tables;
        Map<Long, List<Long>> contents;
        try (Database database = new SimEnvironment(random.nextLong()).open(disk.copy(), options)) {
            contents = contents(database);
            tables = database.storedTables();
        }
        judge(disk, tables, contents);
    }

    private static Map<Long, List<Long>> contents(Database database) {
        try (Transaction transaction = database.begin()) {
            return new ListTable(transaction).readAll(Long.MIN_VALUE, Long.MAX_VALUE);
        }
    }

    private void judge(Disk disk, List<StoredTable> tables, Map<Long, List<Long>> contents) {
        Set<Edge> byLists = Set.of();
        if (judge != Judge.VERSIONS) {
            IsolationChecker checker = new IsolationChecker(history, contents);
            require(checker.forbidden(), contents);
            byLists = Set.copyOf(checker.edges());
        }
        if (judge != Judge.LISTS) {
            StoredTable table = tables.stream()
                    .filter(some -> some.name().equals(ListTable.NAME))
                    .findFirst()
                    .orElseThrow();
            VersionChecker checker = new VersionChecker(history, VersionOrder.of(disk, table), contents);
            require(checker.forbidden(), contents);
            if (judge == Judge.BOTH) {
                requireSame(byLists, Set.copyOf(checker.edges()));
            }
        }
    }

    private void require(List<Violation> found, Map<Long, List<Long>> contents) {
        if (!found.isEmpty()) {
            throw new IsolationFailure("seed " + seed + ", by " + judge, level, found, history, contents);
        }
    }

    private void requireSame(Set<Edge> byLists, Set<Edge> byVersions) {
        if (!byLists.equals(byVersions)) {
            Set<Edge> more = new HashSet<>(byVersions);
            more.removeAll(byLists);
            Set<Edge> fewer = new HashSet<>(byLists);
            fewer.removeAll(byVersions);
            throw failure(new IllegalStateException(
                    "by the engine's versions there are also " + more + ", and not " + fewer));
        }
    }

    private IsolationFailure failure(Throwable cause) {
        return cause instanceof IsolationFailure known
                ? known
                : new IsolationFailure("seed " + seed + ", by " + judge, level, cause, history);
    }
}
