package dev.cairn.sql;

import dev.cairn.sql.expr.SessionInfo;
import dev.cairn.sql.type.RowValue;
import dev.cairn.sql.type.SqlType;
import dev.cairn.txn.SubxactCounters;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a session's functions are told: times, and the sessions of the engine. Used by the session's thread. */
final class SessionFacts implements SessionInfo {

    private static final List<SqlType> COUNTERS = List.of(SqlType.INTEGER, SqlType.BOOLEAN);

    private final SqlEngine engine;
    private final int id;
    private Instant transactionTime;
    private Instant statementTime;

    SessionFacts(SqlEngine engine, int id) {
        this.engine = engine;
        this.id = id;
        this.statementTime = engine.now();
        this.transactionTime = statementTime;
    }

    void statementBegins() {
        statementTime = engine.now();
    }

    void transactionBegins() {
        transactionTime = statementTime;
    }

    @Override
    public Instant transactionTime() {
        return transactionTime;
    }

    @Override
    public Instant statementTime() {
        return statementTime;
    }

    @Override
    public Instant currentTime() {
        return engine.now();
    }

    @Override
    public double nextRandom() {
        return engine.nextRandom();
    }

    @Override
    public List<Integer> sessionIds() {
        return engine.sessions().stream().map(SqlSession::id).toList();
    }

    @Override
    public @Nullable RowValue subxacts(int sessionId) {
        SqlSession session = engine.session(sessionId);
        if (session == null) {
            return null;
        }
        SubxactCounters counters = session.counters();
        return new RowValue(COUNTERS, new Object[] {counters.count(), counters.overflowed()});
    }

    @Override
    public @Nullable Integer pid(int sessionId) {
        return engine.session(sessionId) == null ? null : pid();
    }

    @Override
    public int pid() {
        return (int) ProcessHandle.current().pid();
    }

    @Override
    public int sessionId() {
        return id;
    }
}
