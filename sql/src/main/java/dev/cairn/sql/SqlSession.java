package dev.cairn.sql;

import dev.cairn.engine.Schema;
import dev.cairn.txn.SubxactCounters;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** One SQL session. Used by one thread at a time; {@link #counters} may be asked by any. */
public final class SqlSession implements AutoCloseable {

    /** Where the session stands, as psql's prompt shows it. */
    public enum State {
        IDLE,
        IN_TRANSACTION,
        FAILED
    }

    private final SqlEngine engine;
    private final int id;
    private final String label;

    SqlSession(SqlEngine engine, int id, String label) {
        this.engine = engine;
        this.id = id;
        this.label = label;
    }

    /** The session's number in {@code pg_stat_get_backend_idset()}. */
    public int id() {
        return id;
    }

    public String label() {
        return label;
    }

    public State state() {
        throw new UnsupportedOperationException();
    }

    /** The two counters of the open transaction's sub-transactions; (0, false) without one. Any thread may ask. */
    public SubxactCounters counters() {
        throw new UnsupportedOperationException();
    }

    /**
     * Runs one or several statements, several as PostgreSQL does with a string of several: in one transaction unless they say
     * otherwise.
     *
     * @throws dev.cairn.storage.base.TransactionException the error of the first statement that failed; the ones after it did not run
     */
    public List<StatementResult> execute(String sql) {
        List<StatementResult> results = new ArrayList<>();
        execute(sql, results::add);
        return results;
    }

    /** As {@link #execute(String)}, but gives each result as soon as there is one, so that those before an error are not lost. */
    public void execute(String sql, Consumer<StatementResult> results) {
        throw new UnsupportedOperationException();
    }

    /** The names of the tables that the session sees, in order. */
    List<String> tableNames() {
        throw new UnsupportedOperationException();
    }

    /** @throws dev.cairn.storage.base.TransactionException 42P01 */
    Schema describe(String table) {
        throw new UnsupportedOperationException();
    }

    /** Rolls back what is open. */
    @Override
    public void close() {
        engine.closed(this);
    }
}
