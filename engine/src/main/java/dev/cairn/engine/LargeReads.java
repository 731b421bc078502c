package dev.cairn.engine;

import dev.cairn.storage.base.CorruptionException;
import dev.cairn.storage.overflow.OverflowReference;
import dev.cairn.txn.Snapshot;
import dev.cairn.txn.Xact;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets one transaction read large values after the statement that gave out their row. It keeps a snapshot that sees them, so that
 * nobody gives their pages back before the transaction ends. The transaction's thread.
 */
final class LargeReads {

    private final Transaction transaction;
    private final Xact xact;
    private long keptLsn = Long.MAX_VALUE;

    LargeReads(Transaction transaction, Xact xact) {
        this.transaction = transaction;
        this.xact = xact;
    }

    /** A row is about to be given out. */
    void keep(@Nullable Object[] values, Snapshot snapshot) {
        if (snapshot.lsn() >= keptLsn) {
            return;
        }
        for (Object value : values) {
            if (value instanceof LargeValue) {
                keep(snapshot);
                return;
            }
        }
    }

    /** A row with a large value is about to be given out. */
    void keep(Snapshot snapshot) {
        if (snapshot.lsn() < keptLsn) {
            xact.hold(snapshot);
            keptLsn = snapshot.lsn();
        }
    }

    /**
     * Reads a value; null if its writer was rolled back since.
     *
     * @throws CorruptionException if it is gone otherwise, or damaged
     */
    byte @Nullable [] read(LargeValues values, OverflowReference reference) {
        transaction.enter();
        try {
            transaction.requireOpen();
            byte[] bytes = values.readIfThere(reference);
            if (bytes == null && !xact.isUndone(reference.creator())) {
                throw new CorruptionException("expected " + reference + " on the pages of its table, found it gone");
            }
            return bytes;
        } finally {
            transaction.leave();
        }
    }

    /**
     * Reads a part of a value that is read piece by piece.
     *
     * @param read begins or goes on
     * @throws IllegalStateException if the value's writer was rolled back since, or the transaction has ended
     * @throws CorruptionException if it is gone otherwise, or damaged
     */
    <T extends @Nullable Object> T part(OverflowReference reference, Supplier<T> read) {
        transaction.enter();
        try {
            transaction.requireOpen();
            return read.get();
        } catch (CorruptionException e) {
            if (xact.isUndone(reference.creator())) {
                throw LargeValue.gone(reference);
            }
            throw e;
        } finally {
            transaction.leave();
        }
    }
}
