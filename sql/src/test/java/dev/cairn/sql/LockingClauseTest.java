package dev.cairn.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cairn.engine.Database;
import dev.cairn.storage.base.TransactionException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** FOR UPDATE and its like, lock_timeout, and what a read-only or chained transaction may do. */
class LockingClauseTest {

    private Database database;
    private SqlEngine engine;
    private SqlSession session;
    private SqlSession other;
    private ExecutorService thread;

    @BeforeEach
    void open(@TempDir Path directory) {
        database = Database.open(directory);
        engine = new SqlEngine(database);
        session = engine.open("session");
        other = engine.open("other");
        thread = Executors.newSingleThreadExecutor();
        session.execute("CREATE TABLE t (k bigint, v bigint)");
        session.execute("INSERT INTO t VALUES (3, 30), (1, 10), (2, 20)");
    }

    @AfterEach
    void close() {
        thread.shutdownNow();
        engine.close();
        database.close();
    }

    private static List<List<Object>> rows(SqlSession asked, String query) {
        List<StatementResult> results = asked.execute(query);
        return results.get(results.size() - 1).rows().stream()
                .map(Arrays::asList)
                .toList();
    }

    private static String failure(SqlSession asked, String sql) {
        return assertThrows(TransactionException.class, () -> asked.execute(sql))
                .sqlState();
    }

    private void awaitWaiter() {
        while (database.lockWaits().isEmpty()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void strengthsExcludeEachOtherAsTheyShould() {
        List<String> modes = List.of("KEY SHARE", "SHARE", "NO KEY UPDATE", "UPDATE");
        List<String> free = List.of("1110", "1100", "1000", "0000");
        for (int held = 0; held < modes.size(); held++) {
            session.execute("BEGIN; SELECT k FROM t WHERE k = 1 FOR " + modes.get(held));
            StringBuilder granted = new StringBuilder();
            for (String mode : modes) {
                int rows = rows(other, "SELECT k FROM t WHERE k = 1 FOR " + mode + " SKIP LOCKED")
                        .size();
                granted.append(rows);
            }
            assertEquals(free.get(held), granted.toString(), modes.get(held));
            session.execute("ROLLBACK");
        }
    }

    @Test
    void onlyTheRowsThatAreGivenAreLocked() {
        session.execute("BEGIN");
        assertEquals(List.of(List.of(10L)), rows(session, "SELECT v FROM t WHERE v > 0 ORDER BY k LIMIT 1 FOR UPDATE"));
        assertEquals(
                List.of(List.of(2L), List.of(3L)), rows(other, "SELECT k FROM t ORDER BY k FOR SHARE SKIP LOCKED"));
        assertEquals("55P03", failure(other, "SELECT k FROM t ORDER BY k FOR SHARE NOWAIT"));
    }

    @Test
    void aRowThatHasChangedMeanwhileIsAskedForAgain() throws Exception {
        session.execute("BEGIN; UPDATE t SET v = v + 1 WHERE k < 3");
        Future<List<List<Object>>> waiting = thread.submit(
                () -> rows(other, "SELECT v * 2, k FROM t x WHERE v <> 21 ORDER BY v DESC FOR UPDATE OF x"));
        awaitWaiter();
        session.execute("COMMIT");
        assertEquals(List.of(List.of(60L, 3L), List.of(22L, 1L)), waiting.get());
    }

    @Test
    void aWaitIsAsLongAsTheTimeoutSays() {
        session.execute("BEGIN; DELETE FROM t WHERE k = 2");
        other.execute("SET lock_timeout = '5ms'");
        assertEquals("5ms", rows(other, "SHOW lock_timeout").get(0).get(0));
        assertEquals("55P03", failure(other, "SELECT * FROM t FOR KEY SHARE"));
        other.execute("RESET lock_timeout; BEGIN; SET lock_timeout TO 5");
        assertEquals("55P03", failure(other, "UPDATE t SET v = 0"));
        assertEquals("22023", failure(session, "ROLLBACK; SET lock_timeout = 'soon'"));
        assertEquals("0", rows(session, "SHOW lock_timeout").get(0).get(0));
    }

    @Test
    void whatCannotBeLockedIsRefused() {
        for (String query : List.of(
                "SELECT count(*) FROM t FOR UPDATE",
                "SELECT DISTINCT k FROM t FOR SHARE",
                "SELECT k FROM t GROUP BY k FOR SHARE",
                "SELECT k FROM t UNION SELECT 1 FOR UPDATE",
                "WITH w AS (SELECT k FROM t) SELECT k FROM w FOR UPDATE")) {
            assertEquals("0A000", failure(session, query), query);
        }
        assertEquals("42P01", failure(session, "SELECT k FROM t FOR UPDATE OF u"));
    }

    @Test
    void aReadOnlyTransactionLocksNoRows() {
        session.execute("BEGIN READ ONLY");
        assertEquals("25006", failure(session, "SELECT k FROM t FOR KEY SHARE"));
        session.execute("ROLLBACK AND CHAIN");
        // PostgreSQL's error has undone the mode with the transaction.
        assertEquals("off", rows(session, "SHOW transaction_read_only").get(0).get(0));
        session.execute("ROLLBACK; BEGIN READ ONLY; ROLLBACK AND CHAIN");
        assertEquals("on", rows(session, "SHOW transaction_read_only").get(0).get(0));
        assertEquals("25006", failure(session, "INSERT INTO t VALUES (4, 40)"));
        session.execute("ROLLBACK; BEGIN ISOLATION LEVEL SERIALIZABLE, READ WRITE; COMMIT AND CHAIN");
        assertEquals(
                "serializable",
                rows(session, "SHOW transaction_isolation").get(0).get(0));
        session.execute("INSERT INTO t VALUES (4, 40); COMMIT");
        assertEquals("25P01", failure(session, "COMMIT AND CHAIN"));
    }

    @Test
    void goingBackGivesBackWhatWasLockedSince() {
        session.execute("BEGIN; SELECT k FROM t WHERE k = 1 FOR SHARE; SAVEPOINT a");
        session.execute("SELECT k FROM t FOR UPDATE; ROLLBACK TO a");
        assertEquals(3, rows(other, "SELECT k FROM t FOR SHARE NOWAIT").size());
        assertEquals("55P03", failure(other, "SELECT k FROM t FOR UPDATE NOWAIT"));
    }
}
