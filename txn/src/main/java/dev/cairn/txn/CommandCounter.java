package dev.cairn.txn;

import dev.cairn.storage.base.SqlState;
import dev.cairn.storage.base.TransactionException;

/** Numbers the commands of one transaction that write; what only reads goes on with the number that it found. Its thread's. */
final class CommandCounter {

    private static final Snapshot NONE = new Snapshot(-1, 0);

    private int command;
    private boolean writes;
    private Snapshot latest = NONE;

    int current() {
        return command;
    }

    /** The current one, for a version that it makes or deletes. */
    int writing() {
        writes = true;
        return command;
    }

    /** Ends the current one. */
    void next() {
        if (!writes) {
            return;
        }
        if (command == Integer.MAX_VALUE) {
            throw new TransactionException(
                    SqlState.PROGRAM_LIMIT_EXCEEDED, "a transaction cannot have more than 2^31 commands");
        }
        command++;
        writes = false;
    }

    /** A snapshot of the current command; the same one again if nothing was committed and no command ended since. */
    Snapshot snapshot(long lsn) {
        if (latest.lsn() != lsn || latest.command() != command) {
            latest = new Snapshot(lsn, command);
        }
        return latest;
    }
}
