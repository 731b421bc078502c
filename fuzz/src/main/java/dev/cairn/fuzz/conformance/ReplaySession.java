package dev.cairn.fuzz.conformance;

/** One session of a replay; {@link #execute} is called from one thread at a time and may block. */
interface ReplaySession {

    /** What the database calls the session's transactions, as {@code LockWait} shows it. */
    String label();

    Expected execute(Step step);

    /** Ends what is open. */
    void rollback();
}
