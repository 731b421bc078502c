package dev.cairn.fuzz.fault;

import dev.cairn.engine.Database;
import dev.cairn.engine.DatabaseOptions;
import dev.cairn.engine.Transaction;
import dev.cairn.fuzz.crash.CrashCounts;
import dev.cairn.fuzz.crash.RecoveryCheck;
import dev.cairn.fuzz.disk.OperationType;
import dev.cairn.fuzz.disk.SimDisk;
import dev.cairn.fuzz.fault.FaultClass.Harm;
import dev.cairn.fuzz.workload.Found;
import dev.cairn.fuzz.workload.Mismatch;
import dev.cairn.fuzz.workload.Model;
import dev.cairn.fuzz.workload.SimEnvironment;
import dev.cairn.recovery.ControlFile;
import dev.cairn.recovery.ControlSlot;
import dev.cairn.recovery.ControlState;
import dev.cairn.recovery.RecoveryReport;
import dev.cairn.storage.base.CairnException;
import dev.cairn.storage.base.CorruptionException;
import dev.cairn.storage.base.EngineFailedException;
import dev.cairn.storage.base.LogCorruptException;
import dev.cairn.wal.LoggedRecord;
import dev.cairn.wal.WalEnd;
import dev.cairn.wal.WalOptions;
import dev.cairn.wal.WalReader;
import dev.cairn.wal.record.WalRecordType;
import java.util.List;

/**
 * What may be found after a fault: the right answer or a typed error, never a wrong answer. Silent are at most
 *
 * <ul>
 *   <li>log of a crashed database behind its last durable mark, if it was the log that was damaged;
 *   <li>what was acknowledged since a sync lied;
 *   <li>a page of a data file of which a write was lost or went elsewhere, or of which an old version came back.
 * </ul>
 */
final class FaultJudge {

    private static final int WAL_BUFFER_BYTES = 64 << 10;

    /** What came of it. */
    enum Outcome {
        RIGHT,
        /** Refused, or given up. */
        TYPED_ERROR,
        /** The end of the log was taken for torn. */
        LOG_TAIL_LOST,
        /** Acknowledgements since the lie are lost. */
        LIE_BELIEVED,
        /** An older page was not noticed. */
        OLD_PAGE
    }

    private final DatabaseOptions options;
    private final long seed;
    private final long newestSlot;

    /**
     * @param seed of the environments that databases are opened in
     * @param newestSlot sequence number of the newest slot of the control file before the damage; 0 if it is not known
     */
    FaultJudge(DatabaseOptions options, long seed, long newestSlot) {
        this.options = options;
        this.seed = seed;
        this.newestSlot = newestSlot;
    }

    /**
     * Judges a disk as it is left, with no more faults to come.
     *
     * @param power whether the disk has lost what was not synced
     * @param clean whether the database was closed
     * @param durableThen the newest commit that was durable when the fault happened
     * @throws Mismatch if it is not what may be found
     */
    Outcome judge(SimDisk image, Model model, FaultMatrix.Cell cell, boolean power, boolean clean, long durableThen) {
        if (cell.fault().harm() == Harm.NONE) {
            new RecoveryCheck(options, seed, new CrashCounts()).check(image, model, power);
            return Outcome.RIGHT;
        }
        SimDisk opened = image.copy();
        RecoveryReport report;
        Found found;
        try {
            Database database = new SimEnvironment(seed).open(opened, options);
            report = database.recoveryReport();
            found = Found.in(database);
        } catch (CairnException e) {
            requireTwoSlotsBad(image, cell, e);
            return Outcome.TYPED_ERROR;
        } catch (Mismatch e) {
            return oldPage(cell, power, e);
        }
        try {
            model.judge(found, power);
            return Outcome.RIGHT;
        } catch (Mismatch e) {
            if (cell.fault().harm() == Harm.LIE && power && !cell.fault().mayLeaveOldPage(cell.type())) {
                model.judge(found, durableThen);
                return Outcome.LIE_BELIEVED;
            }
            if (mayLoseTail(cell) && !clean) {
                model.judge(found, model.oldest());
                requireNoLaterMark(image, report);
                return Outcome.LOG_TAIL_LOST;
            }
            return oldPage(cell, power, e);
        }
    }

    /** Judges a disk that has lost power and nothing else. */
    void requireRight(SimDisk image, Model model) {
        new RecoveryCheck(options, seed, new CrashCounts()).judged(image, model, null);
    }

    /**
     * One bad slot of the control file must not keep a database from opening, unless the other is from its creation and the bad
     * one was the first after it: slots are written in turns; or a checkpoint was under way, which writes over the status pages that only
     * the older slot needs.
     */
    private void requireTwoSlotsBad(SimDisk image, FaultMatrix.Cell cell, CairnException refusal) {
        boolean oneSlot = cell.type().role() == OperationType.Role.CONTROL
                && (cell.fault() == FaultClass.FLIP_ON_DISK
                        || cell.fault().isAtRest()
                        || (cell.fault() == FaultClass.BAD_SECTOR && cell.type().reads()));
        if (!oneSlot || !image.list().contains(ControlFile.NAME)) {
            return;
        }
        for (ControlSlot.Reading slot : ControlFile.readSlots(image)) {
            ControlState state = slot.state();
            if (state != null
                    && (state.phase() != ControlState.Phase.CREATING || state.sequence() < newestSlot - 1)
                    && !isWrittenOver(image, state, refusal)) {
                throw new Mismatch("one slot of the control file is intact, and yet: " + refusal, refusal);
            }
        }
    }

    /** That slot is of the checkpoint before the last one, and after that one has begun another. */
    private static boolean isWrittenOver(SimDisk image, ControlState older, CairnException refusal) {
        return refusal instanceof CorruptionException
                && !(refusal instanceof LogCorruptException)
                && checkpointsSince(image, older) > 2;
    }

    private static int checkpointsSince(SimDisk image, ControlState state) {
        WalOptions options = WalOptions.of(state.segmentBytes(), WAL_BUFFER_BYTES, state.pageSize());
        int begun = 0;
        try (WalReader log =
                WalReader.from(image, options, state.databaseId(), state.redoPoint(), state.redoIncarnation())) {
            for (LoggedRecord record = log.next(); record != null; record = log.next()) {
                begun += record.record().type() == WalRecordType.CHECKPOINT_BEGIN ? 1 : 0;
            }
        }
        return begun;
    }

    private static boolean mayLoseTail(FaultMatrix.Cell cell) {
        return cell.fault() == FaultClass.MISDIRECTED_TO_OTHER_FILE
                ? cell.type().role() != OperationType.Role.DATA
                : cell.type().role() == OperationType.Role.LOG && cell.fault().harm() != Harm.LIE;
    }

    static Outcome oldPage(FaultMatrix.Cell cell, boolean power, Mismatch found) {
        boolean explained = cell.fault().mayLeaveOldPage(cell.type())
                && (power || cell.fault().harm() != Harm.LIE);
        if (!explained) {
            throw found;
        }
        return Outcome.OLD_PAGE;
    }

    /** The log was cut at the end that opening reported: then nothing behind it says that more was durable. */
    private void requireNoLaterMark(SimDisk image, RecoveryReport report) {
        ControlState control = ControlFile.open(image).current();
        if (report.endLsn() < control.checkpointEnd()) {
            throw new Mismatch("log that a checkpoint had made durable was cut in silence, at " + report.endLsn());
        }
        LoggedRecord mark = WalReader.findLaterDurableMark(
                image,
                WalOptions.of(control.segmentBytes(), WAL_BUFFER_BYTES, control.pageSize()),
                control.databaseId(),
                WalEnd.closed(report.endLsn(), control.incarnation()),
                List.of(control.incarnation()));
        if (mark != null) {
            throw new Mismatch("log that was durable was cut in silence at " + report.endLsn() + ", though a record at "
                    + mark.start() + " says " + mark.record());
        }
    }

    /** I8: after a failed sync nothing is acknowledged. */
    static void requireStopped(Database database) {
        try (Transaction transaction = database.begin()) {
            transaction.createTable(
                    "never",
                    dev.cairn.engine.Schema.builder()
                            .column("n", dev.cairn.engine.ColumnType.BIGINT)
                            .build());
            transaction.commit();
        } catch (EngineFailedException e) {
            return;
        }
        throw new Mismatch("i8: a commit is acknowledged after a failed sync");
    }
}
