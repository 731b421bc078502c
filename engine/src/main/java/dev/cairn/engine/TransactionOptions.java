package dev.cairn.engine;

import dev.cairn.txn.IsolationLevel;
import dev.cairn.wal.Durability;
import org.jspecify.annotations.Nullable;

/**
 * How a transaction runs.
 *
 * @param deferrable whether a serializable read-only transaction waits for a snapshot that can be part of no anomaly: it can then
 *     neither fail nor make others fail
 * @param durability null for the database's
 * @param label names the session in the log, for inspection; at most 63 bytes of UTF-8, may be empty
 * @param listener told what the transaction does; null for nobody
 */
public record TransactionOptions(
        IsolationLevel isolation,
        boolean readOnly,
        boolean deferrable,
        @Nullable Durability durability,
        String label,
        @Nullable TransactionListener listener) {

    /** READ COMMITTED, read and write, as durable as the database's option says. */
    public static final TransactionOptions DEFAULT =
            new TransactionOptions(IsolationLevel.READ_COMMITTED, false, false, null, "", null);

    public TransactionOptions {
        if (!label.isEmpty()) {
            Column.requireName("session", label);
        }
    }

    public TransactionOptions withIsolation(IsolationLevel level) {
        return new TransactionOptions(level, readOnly, deferrable, durability, label, listener);
    }

    public TransactionOptions withReadOnly(boolean value) {
        return new TransactionOptions(isolation, value, deferrable, durability, label, listener);
    }

    public TransactionOptions withDeferrable(boolean value) {
        return new TransactionOptions(isolation, readOnly, value, durability, label, listener);
    }

    public TransactionOptions withDurability(Durability value) {
        return new TransactionOptions(isolation, readOnly, deferrable, value, label, listener);
    }

    public TransactionOptions withLabel(String value) {
        return new TransactionOptions(isolation, readOnly, deferrable, durability, value, listener);
    }

    public TransactionOptions withListener(TransactionListener value) {
        return new TransactionOptions(isolation, readOnly, deferrable, durability, label, value);
    }
}
