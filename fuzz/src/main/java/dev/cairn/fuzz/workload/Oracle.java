package dev.cairn.fuzz.workload;

/** Knows what a database may hold after a crash. Commits are numbered in the order in which they take effect. */
public interface Oracle {

    /** Number of the newest commit that may have survived. */
    long begun();

    /** Number of the newest commit that has been acknowledged as durable. */
    long durable();

    /** Whether a power failure at this moment may leave this commit as the last one. */
    default boolean allows(long commit) {
        return durable() <= commit && commit <= begun();
    }

    /**
     * Judges what a recovery found.
     *
     * @param powerFailure whether the crash took what was not synced, or only the process
     * @return the number of the commit at which the database stands
     * @throws Mismatch if it stands nowhere, or before what was acknowledged
     */
    long judge(Found found, boolean powerFailure);
}
