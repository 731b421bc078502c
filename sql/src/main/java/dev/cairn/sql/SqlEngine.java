package dev.cairn.sql;

import dev.cairn.engine.Database;
import dev.cairn.storage.base.Environment;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * SQL over a database: opens sessions and knows those that are open. Thread-safe; the database stays its opener's to close.
 *
 * <p>The sessions' numbers are what {@code pg_stat_get_backend_idset()} gives.
 */
public final class SqlEngine implements AutoCloseable {

    private final Database database;
    private final Environment environment;
    private final ConcurrentSkipListMap<Integer, SqlSession> sessions = new ConcurrentSkipListMap<>();
    private final AtomicInteger nextId = new AtomicInteger(1);

    public SqlEngine(Database database) {
        this(database, Environment.system());
    }

    /** With the clock and the random source of a simulation. */
    public SqlEngine(Database database, Environment environment) {
        this.database = database;
        this.environment = environment;
    }

    public Database database() {
        return database;
    }

    /** A new session, idle. Used by one thread at a time, closed by its opener. */
    public SqlSession open() {
        return open("");
    }

    /** @param label names the session's transactions in the log; at most 63 bytes of UTF-8, may be empty */
    public SqlSession open(String label) {
        SqlSession session = new SqlSession(this, nextId.getAndIncrement(), label);
        sessions.put(session.id(), session);
        return session;
    }

    /** The open sessions, by number. */
    public List<SqlSession> sessions() {
        return new ArrayList<>(sessions.values());
    }

    @Nullable SqlSession session(int id) {
        return sessions.get(id);
    }

    Instant now() {
        return Instant.EPOCH.plus(environment.clock().epochMicros(), ChronoUnit.MICROS);
    }

    double nextRandom() {
        return (environment.random().getAsLong() >>> 11) * 0x1p-53;
    }

    void closed(SqlSession session) {
        sessions.remove(session.id());
    }

    /** Closes every session, which rolls back what they have open. No session may be in use by another thread. */
    @Override
    public void close() {
        sessions().forEach(SqlSession::close);
    }
}
