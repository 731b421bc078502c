package dev.cairn.fuzz.crash;

import dev.cairn.engine.ColumnType;
import dev.cairn.engine.Database;
import dev.cairn.engine.DatabaseOptions;
import dev.cairn.engine.Row;
import dev.cairn.engine.Scan;
import dev.cairn.engine.Schema;
import dev.cairn.engine.Table;
import dev.cairn.engine.Transaction;
import dev.cairn.fuzz.disk.CrashChoices;
import dev.cairn.fuzz.disk.SimDisk;
import dev.cairn.fuzz.workload.Found;
import dev.cairn.fuzz.workload.Mismatch;
import dev.cairn.fuzz.workload.Oracle;
import dev.cairn.fuzz.workload.SimEnvironment;
import java.util.SplittableRandom;

/**
 * Everything that must hold of a disk after a crash. Images are judged on copies and stay as they are.
 *
 * <ul>
 *   <li>I7: what is recovered is a committed state, none before what was acknowledged;
 *   <li>recovering two copies gives the same bytes;
 *   <li>what recovery has acknowledged by opening is durable: without its unsynced writes, the same state comes back;
 *   <li>a recovery that is itself cut short, anywhere, changes nothing of the outcome;
 *   <li>the database then works: it writes, checkpoints, closes and opens again.
 * </ul>
 */
public final class RecoveryCheck {

    private static final String PROBE = "probe";

    /** How often a recovery is cut short. */
    private static final int CUTS = 3;

    private final DatabaseOptions options;
    private final long seed;

    /** @param seed of the environments that databases are recovered in */
    public RecoveryCheck(DatabaseOptions options, long seed) {
        this.options = options;
        this.seed = seed;
    }

    /**
     * Recovers and judges.
     *
     * @param thorough also cuts recovery short, and works on with the database
     * @return the number of the commit at which the database stands
     */
    public long check(SimDisk image, Oracle model, boolean powerFailure, boolean thorough) {
        SimDisk first = image.copy();
        Database database = open(first);
        long bytes = first.contentHash();
        long operations = first.operations() - image.operations();
        Found found = Found.in(database);
        long commit = model.judge(found, powerFailure);
        if (first.contentHash() != bytes) {
            throw new Mismatch("i11: reading has changed the disk");
        }

        SimDisk second = image.copy();
        open(second);
        if (second.contentHash() != bytes) {
            throw new Mismatch("i10: two recoveries of the same disk differ: " + first.differenceFrom(second));
        }
        same(found, first.crash(CrashChoices.allOld()), "recovery has not made durable what it showed");
        if (thorough) {
            cutShort(image, found, model, operations, powerFailure);
            workOn(database, first, found);
        }
        return commit;
    }

    /**
     * A second crash in the middle of recovery, and the recovery of that. All that the first recovery found was durable, so
     * the same must come back. Not so after the death of a process: a power failure then may still take what was not synced,
     * as it might have before.
     */
    private void cutShort(SimDisk image, Found found, Oracle model, long operations, boolean powerFailure) {
        SplittableRandom random = new SplittableRandom(seed ^ image.contentHash());
        for (int round = 0; round < CUTS && operations > 0; round++) {
            SimDisk cut = image.copy();
            long at = 1 + random.nextLong(operations);
            cut.crashAt(image.operations() + at);
            cutOff(cut);
            String what = "recovery, cut short at its operation " + at + " of " + operations;
            SimDisk again = cut.crash(CrashChoices.random(random.nextLong()));
            if (powerFailure) {
                same(found, again, what);
            } else {
                same(found, cut.copy(), what);
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
}
