package dev.cairn.sql.expr;

import dev.cairn.sql.type.RowValue;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What functions may ask of the session that runs them. */
public interface SessionInfo {

    /** When the transaction began. */
    Instant transactionTime();

    /** When the statement began. */
    Instant statementTime();

    /** Now. */
    Instant currentTime();

    /** The next of the session's random numbers, from 0 inclusive to 1 exclusive. */
    double nextRandom();

    /** The numbers of the open sessions. */
    List<Integer> sessionIds();

    /** The counters of a session's sub-transactions; null if there is no such session. */
    @Nullable RowValue subxacts(int sessionId);

    /** The process that a session runs in; null if there is no such session. */
    @Nullable Integer pid(int sessionId);

    /** This process. */
    int pid();

    /** The number of this session. */
    int sessionId();
}
