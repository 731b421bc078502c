package dev.cairn.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.engine.Database;
import dev.cairn.sql.SqlSession.State;
import dev.cairn.storage.base.TransactionException;
import dev.cairn.txn.SubxactCounters;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqlSessionTest {

    private Database database;
    private SqlEngine engine;
    private SqlSession session;

    @BeforeEach
    void open(@TempDir Path directory) {
        database = Database.open(directory);
        engine = new SqlEngine(database);
        session = engine.open("tested");
        session.execute("CREATE TABLE t (a bigint)");
    }

    @AfterEach
    void close() {
        engine.close();
        database.close();
    }

    private Object value(SqlSession asked, String query) {
        return asked.execute(query).get(0).rows().get(0)[0];
    }

    private void assertFails(String sqlState, String sql) {
        assertEquals(
                sqlState,
                assertThrows(TransactionException.class, () -> session.execute(sql))
                        .sqlState());
    }

    @Test
    void stateFollowsTheTransaction() {
        assertEquals(State.IDLE, session.state());
        session.execute("BEGIN");
        assertEquals(State.IN_TRANSACTION, session.state());
        assertFails("22012", "SELECT 1 / 0");
        assertEquals(State.FAILED, session.state());
        assertFails("25P02", "SELECT 1");
        assertFails("42601", "SELEC 1");
        assertEquals("ROLLBACK", session.execute("COMMIT").get(0).tag());
        assertEquals(State.IDLE, session.state());
    }

    @Test
    void severalStatementsInOneStringAreOneTransaction() {
        List<String> tags = new ArrayList<>();
        assertThrows(
                TransactionException.class,
                () -> session.execute(
                        "INSERT INTO t VALUES (1); INSERT INTO t VALUES (2); SELECT 1 / 0",
                        result -> tags.add(result.tag())));
        assertEquals(List.of("INSERT 0 1", "INSERT 0 1"), tags);
        assertEquals(0L, value(session, "SELECT count(*) FROM t"));
        assertEquals(State.IDLE, session.state());
    }

    @Test
    void aBeginWithinAStringStaysOpenAfterIt() {
        session.execute("INSERT INTO t VALUES (1); BEGIN; INSERT INTO t VALUES (2)");
        assertEquals(State.IN_TRANSACTION, session.state());
        session.execute("ROLLBACK");
        assertEquals(0L, value(session, "SELECT count(*) FROM t"));
    }

    /** A BEGIN within a transaction warns; that it then fails does not take the warning back. */
    @Test
    void aStatementMayWarnAndFail() {
        session.execute("BEGIN; SELECT 1");
        List<String> warnings = new ArrayList<>();
        TransactionException error = assertThrows(
                TransactionException.class,
                () -> session.execute(
                        "BEGIN ISOLATION LEVEL SERIALIZABLE",
                        result -> result.notices().forEach(notice -> warnings.add(notice.sqlState()))));
        assertEquals("25001", error.sqlState());
        assertEquals(List.of("25001"), warnings);
    }

    @Test
    void aSavepointNeedsABlock() {
        assertFails("25P01", "SAVEPOINT a; SELECT 1");
        assertFails("25P01", "ROLLBACK TO a");
    }

    @Test
    void aSyntaxErrorAnywhereRunsNothing() {
        assertFails("42601", "INSERT INTO t VALUES (1); SELEC 2");
        assertEquals(0L, value(session, "SELECT count(*) FROM t"));
    }

    @Test
    void sessionsSeeEachOthersCounters() {
        SqlSession other = engine.open();
        session.execute("BEGIN");
        session.execute("SAVEPOINT a");
        session.execute("INSERT INTO t VALUES (1)");
        assertEquals(new SubxactCounters(1, false), session.counters());
        String query = "SELECT id, pg_catalog.pg_stat_get_backend_pid(id) AS pid,"
                + " pg_catalog.pg_stat_get_backend_subxact(id) AS nsubxact"
                + " FROM pg_catalog.pg_stat_get_backend_idset() AS id";
        StatementResult result = other.execute(query).get(0);
        assertEquals(
                List.of(session.id(), other.id()),
                List.of(result.rows().get(0)[0], result.rows().get(1)[0]));
        assertEquals((int) ProcessHandle.current().pid(), result.rows().get(0)[1]);
        assertEquals("(1,f)", String.valueOf(result.rows().get(0)[2]));
        assertEquals("(0,f)", String.valueOf(result.rows().get(1)[2]));
        assertEquals(0L, value(other, "SELECT count(*) FROM t"));
        session.execute("COMMIT");
        assertEquals(1L, value(other, "SELECT count(*) FROM t"));
    }

    @Test
    void closingRollsBack() {
        session.execute("BEGIN; INSERT INTO t VALUES (1)");
        session.close();
        assertThrows(IllegalStateException.class, () -> session.execute("SELECT 1"));
        assertEquals(0L, value(engine.open(), "SELECT count(*) FROM t"));
        assertTrue(engine.sessions().stream().noneMatch(open -> open == session));
    }

    @Test
    void repeatableReadKeepsItsSnapshot() {
        SqlSession other = engine.open();
        session.execute("BEGIN ISOLATION LEVEL REPEATABLE READ");
        assertEquals(0L, value(session, "SELECT count(*) FROM t"));
        other.execute("INSERT INTO t VALUES (1)");
        assertEquals(0L, value(session, "SELECT count(*) FROM t"));
        session.execute("COMMIT");
        assertEquals(1L, value(session, "SELECT count(*) FROM t"));
    }

    @Test
    void whatIsPostgresButNotOursIsNamed() {
        for (String sql : List.of(
                "CREATE INDEX i ON t ((a + 1))",
                "CREATE INDEX i ON t (a) WHERE a > 0",
                "CREATE INDEX i ON t USING hash (a)",
                "CREATE TABLE u (a bigint PRIMARY KEY DEFERRABLE)",
                "CREATE TABLE u (a bigint REFERENCES t (a))",
                "CREATE TABLE u (a bigint GENERATED ALWAYS AS IDENTITY)",
                "CREATE TABLE u (a real)",
                "CREATE VIEW v AS SELECT 1",
                "ALTER TABLE t ADD COLUMN b int",
                "ALTER TABLE t DROP COLUMN a",
                "ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES t (a)",
                "ALTER TABLE t RENAME TO u",
                "COPY t FROM stdin",
                "VACUUM",
                "LISTEN x",
                "EXPLAIN ANALYZE SELECT 1",
                "SELECT row_number() OVER () FROM t",
                "SELECT ARRAY[1]",
                "SELECT to_char(1, '9')",
                "SELECT * FROM t, t u FOR UPDATE",
                "INSERT INTO t VALUES (1) ON CONFLICT ((a + 1)) DO NOTHING")) {
            assertFails("0A000", sql);
        }
    }
}
