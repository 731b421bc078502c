package dev.cairn.fuzz.fault;

import dev.cairn.engine.Database;
import dev.cairn.engine.DatabaseOptions;
import dev.cairn.fuzz.crash.CrashFailure;
import dev.cairn.fuzz.crash.SimulatedDatabases;
import dev.cairn.fuzz.disk.CrashChoices;
import dev.cairn.fuzz.disk.FaultPlan;
import dev.cairn.fuzz.disk.OperationType;
import dev.cairn.fuzz.disk.SimDisk;
import dev.cairn.fuzz.fault.FaultClass.Harm;
import dev.cairn.fuzz.fault.FaultJudge.Outcome;
import dev.cairn.fuzz.workload.Found;
import dev.cairn.fuzz.workload.Mismatch;
import dev.cairn.fuzz.workload.SimEnvironment;
import dev.cairn.fuzz.workload.Workload;
import dev.cairn.fuzz.workload.WorkloadRun;
import dev.cairn.recovery.ControlFile;
import dev.cairn.recovery.ControlSlot;
import dev.cairn.recovery.ControlState;
import dev.cairn.storage.base.CairnException;
import dev.cairn.storage.cache.PageSource;
import dev.cairn.wal.LoggedRecord;
import dev.cairn.wal.WalOptions;
import dev.cairn.wal.WalReader;
import dev.cairn.wal.segment.SegmentNames;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Databases that each meet one fault: in the middle of a workload or, if it does not come to that, in the recovery after it.
 * Then power, process or database end, recovery is cut short up to five times by crashes and further faults, and what is
 * left is judged. Sessions take turns, also those that would have threads of their own. All follows from the seed; successive seeds go through the cells of the {@link FaultMatrix}.
 */
public final class FaultyLives {

    private static final int LIVES = 4;
    private static final int STEPS = 150;
    private static final int MAX_OPERATIONS = 700;
    private static final int MAX_DEPTH = 5;
    private static final int DAMAGES = 8;
    private static final int WAL_BUFFER_BYTES = 64 << 10;
    private static final int LARGE_SECTOR_BYTES = 4096;
    /** Spreads neighbouring cells over the seeds; prime, so that none is left out. */
    private static final int STRIDE = 7919;

    private final long seed;
    private final Workload workload;
    private final FaultMatrix matrix;
    private final long[] outcomes = new long[Outcome.values().length];
    private long traceHash;

    /** @param matrix where the faults are counted */
    public FaultyLives(long seed, Workload workload, FaultMatrix matrix) {
        this.seed = seed;
        this.workload = workload;
        this.matrix = matrix;
    }

    /**
     * What came of the faults.
     *
     * @param lives databases judged
     * @param silent of these, how many had lost something of what may be lost in silence
     * @param traceHash equal for equal runs
     */
    public record Result(long lives, long silent, long traceHash) {}

    /** What this seed's lives meet. */
    static List<FaultMatrix.Cell> cellsOf(long seed, Workload workload) {
        List<FaultMatrix.Cell> all = FaultMatrix.cells();
        // The first seeds of all workloads together go through all of them.
        long first = (long) Math.max(0, Workload.all().indexOf(workload))
                * (all.size() / Workload.all().size() + 1);
        List<FaultMatrix.Cell> cells = new ArrayList<>();
        for (int life = 0; life < LIVES; life++) {
            long number = Math.floorMod(first + seed * LIVES + life, (long) all.size());
            cells.add(all.get((int) (number * STRIDE % all.size())));
        }
        return cells;
    }

    /** @throws CrashFailure if a fault has led to a wrong answer or to an error that has no type */
    public Result run() {
        SplittableRandom random = new SplittableRandom(seed);
        for (int life = 0; life < LIVES; life++) {
            Life one = new Life(cellsOf(seed, workload).get(life), random.split());
            Outcome outcome;
            try {
                outcome = one.live();
            } catch (RuntimeException | Error e) {
                throw new CrashFailure(seed, 0, "life " + life + ", " + one + one.run.trace() + "\n  ", e);
            }
            outcomes[outcome.ordinal()]++;
            traceHash = traceHash * 31 + one.disk.traceHash() + outcome.ordinal();
        }
        long silent = outcomes[Outcome.LOG_TAIL_LOST.ordinal()]
                + outcomes[Outcome.LIE_BELIEVED.ordinal()]
                + outcomes[Outcome.OLD_PAGE.ordinal()];
        return new Result(LIVES, silent, traceHash);
    }

    /** One database. */
    private final class Life {
        private final FaultMatrix.Cell cell;
        private final SplittableRandom random;
        private final DatabaseOptions options;
        private final SimDisk disk;
        private final WorkloadRun run;
        private final boolean kill;
        /** What a killed process left in memory has gone since, too. */
        private boolean powerLost;

        private long durableThen;
        private String history = "";

        Life(FaultMatrix.Cell cell, SplittableRandom random) {
            this.cell = cell;
            this.random = random;
            this.options = options();
            this.disk = new SimDisk(
                    random.nextInt(4) == 0 ? LARGE_SECTOR_BYTES : SimDisk.SECTOR_BYTES,
                    random.nextBoolean() ? SimDisk.Directory.JOURNALLED : SimDisk.Directory.UNORDERED);
            this.run = new WorkloadRun(random.nextLong(), workload.drawn(random.split()), options);
            this.kill = switch (cell.fault()) {
                case STALE_WRITE, POWER_LOST -> false;
                case PROCESS_KILLED, SYNC_FAILED_THEN_POWER -> true;
                default -> random.nextBoolean();
            };
            run.model().keepAll();
        }

        private DatabaseOptions options() {
            DatabaseOptions drawn = SimulatedDatabases.options(random.nextLong());
            while (cell.type().reads() && drawn.pageSource() != wanted()) {
                drawn = SimulatedDatabases.options(random.nextLong());
            }
            return drawn;
        }

        private PageSource wanted() {
            return cell.type() == OperationType.PAGE_READ_MAPPED ? PageSource.MAP : PageSource.READ;
        }

        @Override
        public String toString() {
            return cell + (kill ? ", then killed" : ", then power lost") + history;
        }

        Outcome live() {
            PlannedFault fault = plan(disk, nth());
            disk.faults(fault);
            run.memory(fault);
            if (random.nextBoolean() && !cell.fault().isDeath()) {
                disk.crashAt(1 + random.nextLong(MAX_OPERATIONS));
            }
            boolean clean = false;
            try {
                run.run(disk, STEPS);
                clean = true;
                if (fault.hasHappened() && cell.fault().failsSync()) {
                    throw new Mismatch("i8: the engine goes on after a failed sync");
                }
            } catch (Mismatch e) {
                return fault.hasHappened() ? FaultJudge.oldPage(cell, true, e) : rethrow(e);
            } catch (RuntimeException | Error e) {
                requireAllowed(e, fault, disk);
                Database failed = run.database();
                if (failed != null && !disk.isDead() && cell.fault().failsSync()) {
                    FaultJudge.requireStopped(failed);
                }
            }
            history += clean ? ", closed" : "";
            SimDisk image = ended(disk);
            if (cell.fault().isAtRest()) {
                return atRest(image, clean);
            }
            if (!fault.hasHappened() && !cell.fault().isDeath()) {
                image = faultInRecovery(image);
                clean &= !cell.fault().harm().equals(Harm.LIE);
            } else if (cell.fault().harm() == Harm.NONE) {
                image = recoveriesCutShort(image);
            }
            FaultJudge judge = new FaultJudge(options, random.nextLong(), 0);
            return judge.judge(image, run.model(), cell, lostUnsynced(), clean, durableThen);
        }

        /** The same disk, damaged here and there; the last outcome that is not right, if there is one. */
        private Outcome atRest(SimDisk image, boolean clean) {
            durableThen = run.model().durable();
            long newest = newestSlot(image);
            String before = history;
            Outcome outcome = Outcome.RIGHT;
            for (int i = 0; i < DAMAGES; i++) {
                SimDisk damaged = image.copy();
                history = before;
                damage(damaged);
                Outcome now = new FaultJudge(options, random.nextLong(), newest)
                        .judge(damaged, run.model(), cell, lostUnsynced(), clean, durableThen);
                outcome = now == Outcome.RIGHT ? outcome : now;
            }
            return outcome;
        }

        /** The sequence number of the newest slot of the control file; 0 if there is none. */
        private static long newestSlot(SimDisk image) {
            long newest = 0;
            if (image.list().contains(ControlFile.NAME)) {
                for (ControlSlot.Reading slot : ControlFile.readSlots(image)) {
                    ControlState state = slot.state();
                    newest = state == null ? newest : Math.max(newest, state.sequence());
                }
            }
            return newest;
        }

        private Outcome rethrow(Mismatch e) {
            throw e;
        }

        /** Memory that is taken back is no better than a disk that has lost power. */
        private boolean lostUnsynced() {
            return powerLost || !kill || cell.fault() == FaultClass.SYNC_REVERTED;
        }

        /** The disk as the end of the life leaves it. */
        private SimDisk ended(SimDisk from) {
            if (cell.fault() == FaultClass.STALE_WRITE) {
                SimDisk healed = from.copy();
                healed.heal();
                long choice = random.nextLong();
                // But for what comes back nothing is lost.
                new FaultJudge(options, seed, 0).requireRight(healed.crash(CrashChoices.random(choice)), run.model());
                return from.crash(CrashChoices.random(choice));
            }
            return lostUnsynced() ? from.crash(CrashChoices.random(random.nextLong())) : from.copy();
        }

        private PlannedFault plan(SimDisk at, int nth) {
            return new PlannedFault(cell, at, nth, 1 + random.nextInt(40), () -> {
                matrix.count(cell);
                durableThen = run.model().durable();
            });
        }

        private int nth() {
            int most = switch (cell.type()) {
                case PAGE_READ, PAGE_READ_MAPPED, PAGE_WRITE, LOG_WRITE_THROUGH -> 40;
                case CONTROL_CREATE, CONTROL_READ -> 2;
                case CONTROL_GROWTH, CONTROL_SYNC -> 1;
                default -> 6;
            };
            // What is rare in a workload is hit at its first time or not at all.
            return random.nextBoolean() ? 1 : 1 + random.nextInt(most);
        }

        private void damage(SimDisk image) {
            List<String> names = image.list().stream()
                    .filter(name -> OperationType.Role.of(name) == cell.type().role() && image.size(name) > 0)
                    .toList();
            if (names.isEmpty()) {
                return;
            }
            String name = names.get(random.nextInt(names.size()));
            long offset = random.nextLong(image.size(name));
            long lsn = cell.type().role() == OperationType.Role.LOG ? neededLog(image) : 0;
            if (lsn > 0 && random.nextInt(4) > 0) {
                name = SegmentNames.of(lsn / options.segmentBytes());
                offset = lsn % options.segmentBytes();
            }
            if (cell.type().role() == OperationType.Role.CONTROL) {
                offset = offset % ControlSlot.BYTES + (long) random.nextInt(2) * ControlFile.SLOT_DISTANCE;
            }
            history += ", " + name + " damaged at " + offset;
            if (cell.fault() == FaultClass.FLIP_AT_REST) {
                image.flip(name, offset, random.nextInt(Byte.SIZE));
            } else {
                image.spoil(name, offset);
            }
            matrix.count(cell);
        }

        /** A place in the log that opening reads; 0 if there is none. */
        private long neededLog(SimDisk image) {
            if (!image.list().contains(ControlFile.NAME)) {
                return 0;
            }
            ControlState control = ControlFile.open(image).current();
            WalOptions wal = WalOptions.of(control.segmentBytes(), WAL_BUFFER_BYTES, control.pageSize());
            long end = control.redoPoint();
            try (WalReader log =
                    WalReader.from(image, wal, control.databaseId(), control.redoPoint(), control.incarnation())) {
                for (LoggedRecord record = log.next(); record != null; record = log.next()) {
                    end = record.end();
                }
            }
            return end == control.redoPoint() ? 0 : random.nextLong(control.redoPoint(), end);
        }

        private SimDisk faultInRecovery(SimDisk image) {
            SimDisk again = image.copy();
            PlannedFault fault = plan(again, 1 + random.nextInt(4));
            again.faults(fault);
            SimEnvironment environment = new SimEnvironment(random.nextLong());
            environment.memory(fault);
            history += ", fault in recovery";
            try {
                Database database = environment.open(again, options);
                Found.in(database);
                database.checkpoint();
                database.close();
            } catch (Mismatch e) {
                FaultJudge.oldPage(cell, true, e);
            } catch (RuntimeException | Error e) {
                requireAllowed(e, fault, again);
            }
            again.faults(FaultPlan.NONE);
            return ended(again);
        }

        /** Each recovery that is cut short leaves the disk to the next. Power may be lost in one that a killed process has made necessary. */
        private SimDisk recoveriesCutShort(SimDisk image) {
            SimDisk now = image;
            int depth = random.nextInt(MAX_DEPTH + 1);
            for (int i = 0; i < depth; i++) {
                SimDisk next = now.copy();
                next.crashAt(next.operations() + 1 + random.nextLong(40));
                powerLost = lostUnsynced() || random.nextBoolean();
                history += powerLost ? ", recovery cut short by loss of power" : ", recovery cut short";
                try {
                    new SimEnvironment(random.nextLong()).open(next, options);
                } catch (RuntimeException | Error e) {
                    if (!next.isDead()) {
                        throw e;
                    }
                }
                now = lostUnsynced() ? next.crash(CrashChoices.random(random.nextLong())) : next.copy();
            }
            return now;
        }

        private void requireAllowed(Throwable e, PlannedFault fault, SimDisk at) {
            boolean typed = e instanceof CairnException
                    || (e instanceof OutOfMemoryError && cell.fault() == FaultClass.OUT_OF_MEMORY);
            if (!at.isDead() && !(typed && fault.hasHappened())) {
                if (e instanceof Error error) {
                    throw error;
                }
                throw (RuntimeException) e;
            }
        }
    }
}
