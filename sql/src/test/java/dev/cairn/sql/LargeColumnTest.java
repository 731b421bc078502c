package dev.cairn.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cairn.engine.Database;
import dev.cairn.storage.base.SqlState;
import dev.cairn.storage.base.TransactionException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Columns whose values stand on pages of their own: statements that do not ask for them never read them. */
class LargeColumnTest {

    @TempDir
    Path directory;

    private Database database;
    private SqlEngine engine;
    private SqlSession session;

    @BeforeEach
    void open() {
        database = Database.open(directory);
        engine = new SqlEngine(database);
        session = engine.open();
        session.execute("CREATE TABLE t (id int PRIMARY KEY, n int CHECK (n > 0), doc text)");
        session.execute("INSERT INTO t SELECT i, i, repeat(i::text || ',', 100000) FROM generate_series(1, 10) i");
    }

    @AfterEach
    void close() {
        engine.close();
        database.close();
    }

    private List<String> rows(String sql) {
        List<String> rows = new ArrayList<>();
        for (StatementResult result : session.execute(sql)) {
            result.rows().forEach(row -> rows.add(Arrays.deepToString(row)));
        }
        return rows;
    }

    /** The statement's rows, if it reads that many large values. */
    private List<String> reading(int values, String sql) {
        long before = database.statistics().largeValuesRead();
        List<String> rows = rows(sql);
        assertEquals(values, database.statistics().largeValuesRead() - before, sql);
        return rows;
    }

    @Test
    void onlyWhatIsAskedForIsRead() {
        assertEquals(List.of("[10]"), reading(0, "SELECT count(*) FROM t"));
        assertEquals(List.of("[5]"), reading(0, "SELECT id FROM t WHERE n = 5 ORDER BY n"));
        assertEquals(List.of("[55]"), reading(0, "SELECT sum(a.n) FROM t a JOIN t b ON a.id = b.id"));
        assertEquals(List.of("[200000]"), reading(1, "SELECT length(doc) FROM t WHERE id = 3"));
        assertEquals(List.of("[3,3]"), reading(1, "SELECT left(doc, 3) FROM t WHERE id = 3"));
        assertEquals(List.of(), reading(0, "UPDATE t SET n = n + 1"));
        assertEquals(List.of("[4]"), reading(0, "UPDATE t SET n = n + 1 WHERE id = 2 RETURNING n"));
        assertEquals(
                List.of("[100]"),
                reading(0, "INSERT INTO t VALUES (2, 1, 'x') ON CONFLICT (id) DO UPDATE SET n = 100 RETURNING n"));
        assertEquals(List.of(), reading(0, "DELETE FROM t WHERE n = 6"));
        assertEquals(List.of("[1900000]"), reading(9, "SELECT sum(length(doc)) FROM t"));
    }

    @Test
    void savepointsKeepAndUndoLargeValues() {
        session.execute("BEGIN");
        session.execute("SAVEPOINT a");
        session.execute("UPDATE t SET doc = repeat('new', 50000) WHERE id = 1");
        assertEquals(List.of("[150000, new]"), rows("SELECT length(doc), left(doc, 3) FROM t WHERE id = 1"));
        session.execute("ROLLBACK TO a");
        assertEquals(List.of("[200000, 1,1]"), rows("SELECT length(doc), left(doc, 3) FROM t WHERE id = 1"));
        session.execute("UPDATE t SET doc = doc || 'end' WHERE id = 1");
        session.execute("COMMIT");
        assertEquals(List.of("[200003, ,1,end]"), rows("SELECT length(doc), right(doc, 6) FROM t WHERE id = 1"));
    }

    private void refused(String sql, String message) {
        TransactionException refused = assertThrows(TransactionException.class, () -> session.execute(sql));
        assertEquals(SqlState.PROGRAM_LIMIT_EXCEEDED, refused.sqlState());
        assertEquals(message, refused.getMessage());
    }

    @Test
    void aKeyThatIsTooLongIs54000() {
        refused("CREATE INDEX t_doc ON t (doc)", "a value of 200000 bytes is too long for index \"t_doc\"");
        session.execute("CREATE TABLE k (name text PRIMARY KEY, n int)");
        session.execute("INSERT INTO k VALUES ('short', 1)");
        String message = "index row size 3007 exceeds the maximum 2701 for index \"k_pkey\"";
        refused("INSERT INTO k VALUES (repeat('k', 3000), 1)", message);
        refused("INSERT INTO k VALUES (repeat('k', 3000), 1) ON CONFLICT (name) DO UPDATE SET n = 2", message);
        refused("UPDATE k SET name = repeat('k', 3000)", message);
        refused(
                "INSERT INTO k VALUES (repeat('k', 100000), 1)",
                "index row size 100007 exceeds the maximum 2701 for index \"k_pkey\"");
        assertEquals(List.of("[short, 1]"), rows("SELECT name, n FROM k"));
    }
}
