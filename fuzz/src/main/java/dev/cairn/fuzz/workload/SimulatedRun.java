package dev.cairn.fuzz.workload;

import dev.cairn.engine.DatabaseOptions;
import dev.cairn.fuzz.disk.SimDisk;

/** A workload in progress on a simulated disk, and the oracle beside it. All choices come from the seed. */
public interface SimulatedRun {

    /** A run on an empty disk. */
    static SimulatedRun of(long seed, Workload workload, DatabaseOptions options) {
        return workload.threads()
                ? new ConcurrentRun(seed, workload, options)
                : new WorkloadRun(seed, workload, options);
    }

    /** Opens the database, runs so many steps, and closes it. When the disk crashes in the middle, the oracle knows more. */
    void run(SimDisk disk, int steps);

    Oracle model();

    /** What its engine has made of the pages. */
    AfterImages images();

    /** The last steps, for people. */
    String trace();

    /** Depends on the order in which threads ran; 0 where there was one. */
    default long scheduleHash() {
        return 0;
    }

    /**
     * Goes on with the same oracle after a crash, from the state in which the database was recovered.
     *
     * @param recoveredAt what {@link Oracle#judge} has returned
     * @param firstRow new rows are numbered from here
     */
    SimulatedRun afterRecovery(long seed, long recoveredAt, long firstRow);
}
