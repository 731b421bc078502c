package dev.cairn.fuzz.workload;

import dev.cairn.engine.Database;
import dev.cairn.engine.DatabaseOptions;
import dev.cairn.fuzz.disk.SimDisk;
import dev.cairn.recovery.RecoveryListener;
import dev.cairn.storage.base.Clock;
import dev.cairn.storage.base.CrashPoint;
import dev.cairn.storage.base.Environment;
import dev.cairn.storage.base.InlineScheduler;
import dev.cairn.storage.base.MemoryGate;
import dev.cairn.storage.base.PageWitness;
import dev.cairn.storage.file.Disk;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Everything besides the disk that a database sees, all from a seed: one thread, a clock that ticks when it is read. */
public final class SimEnvironment {

    private static final long TICK_NANOS = 50_000;
    private static final long EPOCH_MICROS = 1_700_000_000_000_000L;

    private final InlineScheduler scheduler = new InlineScheduler(this::passed);
    private final Environment environment;
    private MemoryGate memory = MemoryGate.OPEN;
    private PageWitness pages = PageWitness.NONE;
    private @Nullable SimDisk disk;
    private long nanos;

    public SimEnvironment(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        environment = new Environment(
                new TickingClock(),
                scheduler,
                random::nextLong,
                bytes -> memory.taking(bytes),
                (fileId, pageNo, page) -> pages.changed(fileId, pageNo, page));
    }

    /** From now on this is asked before page memory is taken. */
    public void memory(MemoryGate gate) {
        memory = gate;
    }

    /** From now on this sees the pages that change. */
    public void pages(PageWitness witness) {
        pages = witness;
    }

    /** Opens a database that sees this environment and the given disk. */
    public Database open(Disk files, DatabaseOptions options) {
        disk = files instanceof SimDisk simulated ? simulated : null;
        return Database.open(files, options, environment, RecoveryListener.SILENT);
    }

    private void passed(CrashPoint point) {
        if (disk != null) {
            disk.passed(point);
        }
    }

    /** The seams themselves, for what is no database. */
    public Environment environment() {
        return environment;
    }

    /** Gives every background machine its turns. */
    public void runBackground() {
        scheduler.runBackground();
    }

    private final class TickingClock implements Clock {
        @Override
        public long nanoTime() {
            nanos += TICK_NANOS;
            return nanos;
        }

        @Override
        public long epochMicros() {
            nanos += TICK_NANOS;
            return EPOCH_MICROS + nanos / 1_000;
        }
    }
}
