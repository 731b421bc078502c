package dev.cairn.fuzz.api;

import dev.cairn.engine.Database;
import dev.cairn.engine.Transaction;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What an application does with its database, and what it expects to find there after a crash.
 *
 * <p>One object is used for many databases, one after the other, on one thread: it keeps nothing between two calls. What a check
 * needs to know of the steps before it, the steps return as notes.
 *
 * @param <N> what a step notes; should have a helpful {@code toString}
 */
public interface CrashWorkload<N> {

    /** Makes a new database ready. The runner commits. */
    default void setUp(Transaction tx) {}

    /**
     * Does one thing within a transaction that the runner begins and ends, after some number of steps. May take savepoints,
     * release them and go back to them, and may leave them open for the following steps. A {@link
     * dev.cairn.storage.base.TransactionException} that it lets out rolls the transaction back, anything else is a failure of the
     * test.
     *
     * @param random the only source of choice; there must be no other, nor a clock
     * @return what the check will want to know if the transaction commits; null for nothing. The note is forgotten when the
     *     savepoint that is the innermost at the end of the step is rolled back to
     */
    @Nullable N step(Transaction tx, RandomGenerator random);

    /**
     * Looks at a database that has been recovered after a crash, or opened after a clean close. It may write to it.
     *
     * @throws RuntimeException or Error, such as an AssertionError, if it is not as it must be
     */
    void check(Database db, Acknowledged<N> acknowledged);
}
