package dev.cairn.fuzz.corrupt;

import dev.cairn.engine.Database;
import dev.cairn.engine.Row;
import dev.cairn.engine.salvage.Salvage;
import dev.cairn.engine.salvage.SalvageListener;
import dev.cairn.engine.verify.DirectoryCheck;
import dev.cairn.fuzz.workload.Mismatch;
import dev.cairn.fuzz.workload.SimEnvironment;
import dev.cairn.storage.base.CairnException;
import dev.cairn.storage.base.EngineFailedException;
import dev.cairn.storage.base.Environment;
import dev.cairn.storage.base.MemoryGate;
import dev.cairn.storage.file.Disk;
import dev.cairn.storage.file.OverlayDisk;
import java.util.List;
import java.util.Map;

/** What must hold of a damaged directory: the truth or a typed error, and what is damaged is reported by somebody. */
final class DamageCheck {

    private static final long SEED = 1;

    private static final SalvageListener SILENT = new SalvageListener() {
        @Override
        public void note(String text) {}

        @Override
        public void table(TableOutcome outcome) {}
    };

    private DamageCheck() {}

    /**
     * Opens, reads, verifies. The directory is not changed.
     *
     * @param truth what a sound directory holds
     * @return how the damage came to light; {@link Outcome#UNREFERENCED} if it did not
     * @throws Mismatch if a wrong answer was given
     * @throws RuntimeException if there was an error of no declared type: a defect
     */
    static Outcome run(Disk damaged, Map<String, List<Row>> truth) {
        Outcome outcome = open(damaged, truth);
        return outcome == null ? verify(damaged) : outcome;
    }

    /** Verifies, up to the first error. */
    static Outcome verify(Disk damaged) {
        try {
            DirectoryCheck.Result result = DirectoryCheck.run(damaged, environment(), finding -> {
                if (finding.error()) {
                    throw new Found();
                }
            });
            return result.verdict() == DirectoryCheck.Verdict.CLEAN ? Outcome.UNREFERENCED : Outcome.BY_VERIFY;
        } catch (Found e) {
            return Outcome.BY_VERIFY;
        }
    }

    /** Enough is known. */
    private static final class Found extends RuntimeException {
        Found() {
            super("an error was found", null, false, false);
        }
    }

    /** Null if all was as it should be. */
    static @org.jspecify.annotations.Nullable Outcome open(Disk damaged, Map<String, List<Row>> truth) {
        try (OverlayDisk overlay = new OverlayDisk(damaged)) {
            Database database;
            try {
                database = new SimEnvironment(SEED).open(overlay, Reference.OPTIONS);
            } catch (EngineFailedException e) {
                return Outcome.REFUSED;
            }
            Map<String, List<Row>> found;
            try {
                found = Reference.contents(database);
            } catch (EngineFailedException e) {
                closeDamaged(database);
                return Outcome.AT_READING;
            }
            if (!found.equals(truth)) {
                throw new Mismatch("a wrong answer: expected " + truth + ", found " + found);
            }
            database.close();
            return null;
        }
    }

    /**
     * Opens, reads, writes and verifies what may say anything. Typed errors are expected, any answer is accepted.
     *
     * @param memory asked before memory is taken for pages
     * @throws RuntimeException if there was an error of no declared type: a defect
     */
    static Outcome survive(Disk hostile, MemoryGate memory) {
        Outcome outcome = Outcome.UNREFERENCED;
        try (OverlayDisk overlay = new OverlayDisk(hostile)) {
            Database database = environment(memory).open(overlay, Reference.OPTIONS);
            try {
                Reference.contents(database);
                Reference.touch(database);
            } catch (CairnException e) {
                outcome = Outcome.AT_READING;
            }
            closeDamaged(database);
        } catch (EngineFailedException e) {
            outcome = Outcome.REFUSED;
        }
        DirectoryCheck.Result result =
                DirectoryCheck.run(hostile, environment(memory).environment(), finding -> {});
        boolean clean = result.verdict() == DirectoryCheck.Verdict.CLEAN;
        return outcome == Outcome.UNREFERENCED && !clean ? Outcome.BY_VERIFY : outcome;
    }

    /**
     * Saves what can be saved; what comes of it must be a sound database.
     *
     * @param memory asked before memory is taken for pages
     * @throws RuntimeException if there was an error of no declared type: a defect
     */
    static void salvage(Disk hostile, MemoryGate memory) {
        try (OverlayDisk saved = new OverlayDisk(new ByteImage(Map.of()))) {
            try (Database destination = environment(memory).open(saved, Reference.OPTIONS)) {
                Salvage.run(hostile, destination, environment(memory).environment(), SILENT);
            } catch (EngineFailedException e) {
                return; // nothing tells whose directory it is
            }
            Outcome outcome = verify(saved);
            if (outcome != Outcome.UNREFERENCED) {
                throw new UnreportedDamage("what was salvaged is damaged itself: " + outcome, null);
            }
        }
    }

    private static SimEnvironment environment(MemoryGate memory) {
        SimEnvironment environment = new SimEnvironment(SEED);
        environment.memory(memory);
        return environment;
    }

    private static void closeDamaged(Database database) {
        try {
            database.close();
        } catch (EngineFailedException e) {
            return; // it may say so again
        }
    }

    static Environment environment() {
        return new SimEnvironment(SEED).environment();
    }
}
