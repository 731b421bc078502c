package dev.cairn.fuzz.crash;

import dev.cairn.engine.ColumnType;
import dev.cairn.engine.Database;
import dev.cairn.engine.DatabaseOptions;
import dev.cairn.engine.Row;
import dev.cairn.engine.Scan;
import dev.cairn.engine.Schema;
import dev.cairn.engine.Table;
import dev.cairn.engine.Transaction;
import dev.cairn.engine.verify.DirectoryCheck;
import dev.cairn.engine.verify.Finding;
import dev.cairn.fuzz.disk.CrashChoices;
import dev.cairn.fuzz.disk.SimDisk;
import dev.cairn.fuzz.workload.AfterImages;
import dev.cairn.fuzz.workload.Found;
import dev.cairn.fuzz.workload.Mismatch;
import dev.cairn.fuzz.workload.Oracle;
import dev.cairn.fuzz.workload.SimEnvironment;
import dev.cairn.recovery.ControlFile;
import dev.cairn.recovery.ControlSlot;
import dev.cairn.recovery.ControlState;
import dev.cairn.storage.base.CorruptionException;
import dev.cairn.storage.base.LogCorruptException;
import dev.cairn.storage.base.PageWitness;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Everything that must hold of a disk after a crash. Images are judged on copies and stay as they are.
 *
 * <p>Of every image: what is recovered is a committed state, none before what was acknowledged (I7); each page, status bit
 * and file is in order ({@link DirectoryCheck#ofRecovered}); each page that was redone has the bytes that the engine had given
 * it ({@link AfterImages}); it goes on in a new life ({@link Lives}); reading changes nothing (I11). Of whole lives also: either slot of the control file is enough, and no
 * logged change relies on a page that may be torn ({@link FirstChanges}). Of some,
 * thoroughly:
 *
 * <ul>
 *   <li>recovering two copies gives the same bytes (I10);
 *   <li>what recovery has acknowledged by opening is durable: without its unsynced writes, the same state comes back;
 *   <li>the database then works: it writes, checkpoints, closes and opens again.
 * </ul>
 */
public final class RecoveryCheck {

    private static final String PROBE = "probe";

    /** How often a recovery is cut short whose cuts are not collected. */
    private static final int CUTS = 3;

    private final DatabaseOptions options;
    private final long seed;
    private final CrashCounts counts;
    private final AfterImages images;

    /**
     * @param seed of the environments that databases are recovered in
     * @param counts to add to
     */
    public RecoveryCheck(DatabaseOptions options, long seed, CrashCounts counts) {
        this(options, seed, counts, new AfterImages());
    }

    /** @param images what redo must make of the pages, as far as it is known */
    public RecoveryCheck(DatabaseOptions options, long seed, CrashCounts counts, AfterImages images) {
        this.images = images;
        this.options = options;
        this.seed = seed;
        this.counts = counts;
    }

    /**
     * What came of an image.
     *
     * @param commit number of the commit at which the database stands
     * @param bytes hash of the disk after recovery
     * @param operations that recovery made on the disk
     */
    public record Verdict(long commit, Found found, long bytes, long operations) {}

    /** A recovered database and its disk. */
    private record Recovered(Database database, SimDisk disk, Verdict verdict) {}

    /**
     * Recovers an image that a power failure has left, and judges.
     *
     * @param cuts collects what crashes of this recovery leave; null if nobody wants to know
     */
    public Verdict judged(SimDisk image, Oracle model, @Nullable RecoveryCuts cuts) {
        Recovered recovered = recover(image, cuts);
        return at(recovered.verdict, model.judge(recovered.verdict.found, true));
    }

    /** The same for an image that must give the same rows as another one. */
    Verdict same(SimDisk image, Verdict expected, @Nullable RecoveryCuts cuts) {
        Verdict verdict = recover(image, cuts).verdict;
        expectSame(expected.found, verdict.found, "a recovery that was crashed");
        return at(verdict, expected.commit);
    }

    /** What is too dear to be done for every image. */
    void thorough(SimDisk image, Verdict verdict) {
        Recovered again = recover(image, null);
        if (again.verdict.bytes != verdict.bytes) {
            SimDisk third = image.copy();
            open(third);
            throw new Mismatch(
                    "i10: two recoveries of the same disk differ: " + again.disk.differenceFrom(third) + ", bytes");
        }
        counts.countTwice();
        unsynced(verdict.found, again.disk);
        workOn(again.database, again.disk, verdict.found);
    }

    /** The same for an image that has failed: what it says goes into the report. */
    String aftermath(SimDisk image) {
        try {
            thorough(image, recover(image, null).verdict);
            return "recovered twice it has the same bytes, what it shows is durable, and it works on";
        } catch (RuntimeException | Error e) {
            return "looked at again: " + e;
        }
    }

    /**
     * Recovers and judges a disk that lost its process or its power, with everything there is to check.
     *
     * @return the number of the commit at which the database stands
     */
    public long check(SimDisk image, Oracle model, boolean powerFailure) {
        FirstChanges.check(image);
        Recovered recovered = recover(image, null);
        Verdict verdict = recovered.verdict;
        long commit = model.judge(verdict.found, powerFailure);
        unsynced(verdict.found, recovered.disk);
        cutShort(image, model, verdict, powerFailure);
        oneSlotLost(image, verdict.found);
        thorough(image, verdict);
        return commit;
    }

    /**
     * The newer slot of the control file has gone bad: the older one must do, and the log that it needs must be there. A
     * checkpoint that was under way may have written over the status pages of the older one: that is refused.
     */
    private void oneSlotLost(SimDisk image, Found found) {
        if (!image.list().contains(ControlFile.NAME)) {
            return;
        }
        ControlSlot.Reading[] slots = ControlFile.readSlots(image);
        ControlState first = slots[0].state();
        ControlState second = slots[1].state();
        if (first == null
                || second == null
                || first.phase() == ControlState.Phase.CREATING
                || second.phase() == ControlState.Phase.CREATING) {
            return;
        }
        SimDisk robbed = image.copy();
        robbed.flip(ControlFile.NAME, first.sequence() > second.sequence() ? 0 : ControlFile.SLOT_DISTANCE, 0);
        String what = "without the newer slot of the control file";
        try {
            same(found, robbed, what);
        } catch (LogCorruptException e) {
            throw new Mismatch(what + ": " + e, e);
        } catch (CorruptionException e) {
            // Refused, and nothing wrong was said.
            return;
        }
    }

    /** The process has died: nothing is lost yet, but a power failure may still take what was not synced. */
    void killed(SimDisk disk, Oracle model, boolean thorough) {
        SimDisk image = disk.copy();
        counts.countKilled();
        if (thorough) {
            check(image, model, false);
        } else {
            Recovered recovered = recover(image, null);
            model.judge(recovered.verdict.found, false);
            unsynced(recovered.verdict.found, recovered.disk);
        }
    }

    private static Verdict at(Verdict verdict, long commit) {
        return new Verdict(commit, verdict.found, verdict.bytes, verdict.operations);
    }

    private Recovered recover(SimDisk image, @Nullable RecoveryCuts cuts) {
        SimDisk disk = image.copy();
        disk.hook(cuts);
        Database database = redo(disk);
        disk.hook(null);
        if (cuts != null) {
            cuts.atEnd(disk);
        }
        long bytes = disk.contentHash();
        Lives.check(Lives.newest(image), disk);
        structure(disk);
        Found found = Found.in(database);
        if (disk.contentHash() != bytes) {
            throw new Mismatch("i11: reading has changed the disk");
        }
        return new Recovered(database, disk, new Verdict(0, found, bytes, disk.operations() - image.operations()));
    }

    private void structure(SimDisk disk) {
        counts.countPages(
                DirectoryCheck.ofRecovered(disk, RecoveryCheck::refuse).pages());
    }

    private static void refuse(Finding finding) {
        throw new Mismatch("after recovery: " + finding);
    }

    private void unsynced(Found found, SimDisk recovered) {
        counts.countUnsynced();
        same(found, recovered.crash(CrashChoices.allOld()), "recovery has not made durable what it showed");
    }

    /**
     * A second crash in the middle of recovery, and the recovery of that. All that the first recovery found was durable, so
     * the same must come back. Not so after the death of a process: a power failure then may still take what was not synced,
     * as it might have before.
     */
    private void cutShort(SimDisk image, Oracle model, Verdict verdict, boolean powerFailure) {
        SplittableRandom random = new SplittableRandom(seed ^ image.contentHash());
        for (int round = 0; round < CUTS && verdict.operations > 0; round++) {
            SimDisk cut = image.copy();
            long at = 1 + random.nextLong(verdict.operations);
            cut.crashAt(image.operations() + at);
            cutOff(cut);
            String what = "recovery, cut short at its operation " + at + " of " + verdict.operations;
            SimDisk again = cut.crash(CrashChoices.random(random.nextLong()));
            if (powerFailure) {
                same(verdict.found, again, what);
            } else {
                same(verdict.found, cut.copy(), what);
                judge(model, again, what + ", then power lost");
                judge(model, cut.crash(CrashChoices.allOld()), what + ", then power lost, all old");
            }
        }
    }

    private void judge(Oracle model, SimDisk disk, String what) {
        try {
            model.judge(Found.in(open(disk)), true);
        } catch (RuntimeException e) {
            throw new Mismatch(what + ": " + e, e);
        }
    }

    private void cutOff(SimDisk disk) {
        try {
            open(disk);
        } catch (RuntimeException | Error e) {
            if (disk.isDead()) {
                return;
            }
            throw e;
        }
        throw new Mismatch("recovery makes fewer disk operations than the time before");
    }

    private void workOn(Database database, SimDisk disk, Found found) {
        counts.countWorked();
        try (Transaction transaction = database.begin()) {
            Table table = transaction.createTable(
                    PROBE, Schema.builder().column("n", ColumnType.BIGINT).build());
            transaction.savepoint("kept");
            table.insert(Row.of(1L));
            transaction.release("kept");
            transaction.savepoint("undone");
            table.insert(Row.of(2L));
            transaction.rollbackTo("undone");
            transaction.commit();
        }
        database.checkpoint();
        database.close();
        Database again = open(disk);
        try (Transaction transaction = again.begin()) {
            try (Scan scan = transaction.table(PROBE).scan()) {
                Row row = scan.hasNext() ? scan.next() : null;
                if (row == null || !Long.valueOf(1).equals(row.get(0)) || scan.hasNext()) {
                    throw new Mismatch("i12: the probe's table holds not just its one row");
                }
            }
            transaction.dropTable(PROBE);
            transaction.commit();
        }
        expectSame(found, Found.in(again), "after working on");
        again.close();
        same(found, disk.crash(CrashChoices.allOld()), "after working on and closing");
    }

    private void same(Found found, SimDisk disk, String what) {
        expectSame(found, Found.in(open(disk)), what);
    }

    private static void expectSame(Found expected, Found found, String what) {
        String difference = expected.difference(found);
        if (!difference.isEmpty()) {
            throw new Mismatch(what + ": " + difference);
        }
    }

    private Database open(SimDisk disk) {
        return new SimEnvironment(seed).open(disk, options);
    }

    /** As {@link #open}, and each page that is redone is held against what the engine had made of it. */
    private Database redo(SimDisk disk) {
        AfterImages.Redone redone = images.redone();
        SimEnvironment environment = new SimEnvironment(seed);
        environment.pages(redone);
        Database database = environment.open(disk, options);
        environment.pages(PageWitness.NONE);
        if (!database.recoveryReport().created()) {
            String fault = redone.fault();
            if (fault != null) {
                throw new Mismatch(fault);
            }
            counts.countRedone(redone.compared());
        }
        return database;
    }
}
