package dev.cairn.sql;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.engine.Database;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which indexes queries use, as EXPLAIN tells, and that they give the same rows as without. */
class IndexUseTest {

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

    private void assertPlan(String sql, String... lines) {
        List<String> expected =
                Arrays.stream(lines).map(line -> "[" + line + "]").toList();
        assertEquals(expected, rows("EXPLAIN " + sql), sql);
    }

    /**
     * SET NOT NULL once built indexes anew, with keys in which the nulls that an older snapshot still sees stood among other values:
     * as the empty text those that come first, as U+0002 those that come last.
     */
    @Test
    void anOlderSnapshotFindsItsNullsByIndexesOfAColumnThatIsNotNullNow() {
        String[] indexes = {
            "CREATE INDEX one ON t (v NULLS FIRST, a)",
            "CREATE INDEX one ON t (v, a)",
            "CREATE UNIQUE INDEX one ON t (v DESC NULLS LAST)"
        };
        for (boolean before : new boolean[] {true, false}) {
            for (String index : indexes) {
                session.execute("CREATE TABLE t (a int, v text); CREATE TABLE other (a int)");
                session.execute("INSERT INTO t VALUES (1, NULL), (2, ''), (3, 'b'), (4, '\u0002'), (5, NULL)");
                session.execute(before ? index : "");
                SqlSession old = engine.open();
                old.execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT * FROM other");
                session.execute("UPDATE t SET v = 'x' || a WHERE v IS NULL; ALTER TABLE t ALTER v SET NOT NULL");
                session.execute(before ? "" : index);
                String by = index + (before ? " before" : " since");
                assertTrue(of(old, "EXPLAIN SELECT a FROM t WHERE v = ''").contains("using one"), by);
                assertEquals("[2]", of(old, "SELECT a FROM t WHERE v = ''"), by);
                assertEquals("[4]", of(old, "SELECT a FROM t WHERE v = '\u0002'"), by);
                assertEquals("[2][4]", of(old, "SELECT a FROM t WHERE v < 'b' ORDER BY a"), by);
                assertEquals("[3][4]", of(old, "SELECT a FROM t WHERE v > '' ORDER BY a"), by);
                assertEquals("[1][5]", of(old, "SELECT a FROM t WHERE v IS NULL ORDER BY a"), by);
                assertEquals("[1][5][3][4][2]", of(old, "SELECT a FROM t ORDER BY v DESC, a"), by);
                assertEquals("[2][4][3][1][5]", of(old, "SELECT a FROM t ORDER BY v, a"), by);
                old.execute("COMMIT");
                assertEquals(
                        "", rows("SELECT a FROM t WHERE v IS NULL").stream().collect(joining()), by);
                assertEquals(
                        "[1]", rows("SELECT a FROM t WHERE v = 'x1'").stream().collect(joining()), by);
                session.execute("ALTER TABLE t ALTER v DROP NOT NULL; INSERT INTO t VALUES (6, NULL)");
                assertEquals(
                        "[6]", rows("SELECT a FROM t WHERE v IS NULL").stream().collect(joining()), by);
                session.execute("DROP TABLE t, other");
            }
        }
    }

    private static String of(SqlSession session, String sql) {
        StringBuilder rows = new StringBuilder();
        for (StatementResult result : session.execute(sql)) {
            result.rows().forEach(row -> rows.append(Arrays.deepToString(row)));
        }
        return rows.toString();
    }

    /** What PostgreSQL 15 says to the same with COSTS OFF, once sequential and bitmap scans are forbidden. */
    @Test
    void explainNamesIndexConditionAndOrder() {
        session.execute("CREATE TABLE t (a int PRIMARY KEY, b int UNIQUE, c text, d int NOT NULL, \"E e\" bigint)");
        session.execute("CREATE INDEX t_cd ON t (c, d DESC)");
        assertPlan("SELECT * FROM t WHERE a = 3", "Index Scan using t_pkey on t", "  Index Cond: (a = 3)");
        assertPlan(
                "SELECT * FROM t x WHERE 3 < a AND a <= 10 AND d = 4 AND \"E e\" = 5",
                "Index Scan using t_pkey on t x",
                "  Index Cond: ((3 < a) AND (a <= 10))",
                "  Filter: ((d = 4) AND (\"E e\" = 5))");
        assertPlan("SELECT * FROM t ORDER BY a LIMIT 3", "Limit", "  ->  Index Scan using t_pkey on t");
        assertPlan("SELECT * FROM t ORDER BY a DESC", "Index Scan Backward using t_pkey on t");
        assertPlan(
                "SELECT * FROM t WHERE c = 'it''s' ORDER BY d",
                "Index Scan Backward using t_cd on t",
                "  Index Cond: (c = 'it''s'::text)");
        assertPlan("SELECT * FROM t ORDER BY c, d", "Sort", "  Sort Key: c, d", "  ->  Seq Scan on t");
        assertPlan(
                "SELECT * FROM t WHERE c LIKE 'x1%'",
                "Index Scan using t_cd on t",
                "  Index Cond: ((c >= 'x1'::text) AND (c < 'x2'::text))",
                "  Filter: (c ~~ 'x1%'::text)");
        assertPlan("SELECT * FROM t WHERE b IS NULL", "Index Scan using t_b_key on t", "  Index Cond: (b IS NULL)");
        assertPlan(
                "SELECT * FROM t WHERE a IN (1, 2) FOR UPDATE",
                "LockRows",
                "  ->  Index Scan using t_pkey on t",
                "        Index Cond: (a = ANY ('{1,2}'::integer[]))");
        assertPlan(
                "UPDATE t SET d = 3 WHERE a = 3 AND d = 2",
                "Update on t",
                "  ->  Index Scan using t_pkey on t",
                "        Index Cond: (a = 3)",
                "        Filter: (d = 2)");
        assertPlan("DELETE FROM t WHERE d = 3", "Delete on t", "  ->  Seq Scan on t", "        Filter: (d = 3)");
        assertPlan(
                "INSERT INTO t VALUES (1), (2) ON CONFLICT (a) DO NOTHING",
                "Insert on t",
                "  Conflict Resolution: NOTHING",
                "  Conflict Arbiter Indexes: t_pkey",
                "  ->  Values Scan on \"*VALUES*\"");
        assertPlan(
                "SELECT d, count(*) FROM t WHERE d > 3 GROUP BY d HAVING count(*) > 1",
                "HashAggregate",
                "  Group Key: d",
                "  Filter: (count(*) > 1)",
                "  ->  Seq Scan on t",
                "        Filter: (d > 3)");
        assertPlan("SELECT 1", "Result");
    }

    @Test
    void joinsUseIndexesOnBothSides() {
        session.execute("CREATE TABLE t (a int PRIMARY KEY, b int UNIQUE)");
        assertPlan(
                "SELECT * FROM t x JOIN t y ON x.a = y.b WHERE x.a = 3",
                "Nested Loop",
                "  Filter: (x.a = 3)",
                "  ->  Index Scan using t_pkey on t x",
                "        Index Cond: (a = 3)",
                "  ->  Index Scan using t_b_key on t y",
                "        Index Cond: (b = $0)");
        assertPlan(
                "SELECT * FROM t x, t y WHERE x.a = y.b",
                "Hash Join",
                "  Hash Cond: (x.a = y.b)",
                "  Filter: (x.a = y.b)",
                "  ->  Seq Scan on t x",
                "  ->  Seq Scan on t y");
    }

    @Test
    void explainChangesNothing() {
        session.execute("CREATE TABLE t (a int PRIMARY KEY)");
        session.execute("INSERT INTO t VALUES (1)");
        rows("EXPLAIN DELETE FROM t");
        rows("EXPLAIN UPDATE t SET a = 2");
        rows("EXPLAIN INSERT INTO t VALUES (3)");
        assertEquals(List.of("[1]"), rows("SELECT * FROM t"));
    }

    /** A limit ends the walk through the index: the rows behind it, which cannot be divided by, are not asked for. */
    @Test
    void limitStopsEarly() {
        session.execute("CREATE TABLE t (a int PRIMARY KEY, b int)");
        session.execute("INSERT INTO t SELECT i, i - 50 FROM generate_series(1, 100) AS i");
        assertEquals(List.of("[1]", "[2]", "[3]"), rows("SELECT a FROM t WHERE 1 / b < 9 ORDER BY a LIMIT 3"));
        assertEquals(List.of("[100]"), rows("SELECT a FROM t WHERE 1 / b < 9 ORDER BY a DESC LIMIT 1"));
    }

    @Test
    void integersBeyondTheColumnsTypeFindWhatTheyShould() {
        session.execute("CREATE TABLE t (s smallint PRIMARY KEY)");
        session.execute("INSERT INTO t VALUES (-32768), (0), (32767)");
        assertEquals(List.of(), rows("SELECT * FROM t WHERE s = 32768"));
        assertEquals(3, rows("SELECT * FROM t WHERE s < 32768").size());
        assertEquals(3, rows("SELECT * FROM t WHERE s > -9999999999").size());
        assertEquals(List.of(), rows("SELECT * FROM t WHERE s > 32768"));
        assertEquals(List.of(), rows("SELECT * FROM t WHERE s < -32769"));
        assertEquals(2, rows("SELECT * FROM t WHERE s IN (0, 70000, -32768, 0)").size());
    }

    /** The same random rows and questions, with and without indexes. */
    @Test
    void indexesChangeNoResult() {
        String columns =
                "(id int PRIMARY KEY, n int, s smallint, t text, v varchar(5), p numeric(6,2), r double precision,"
                        + " b boolean, d date, m timestamp, y bytea)";
        session.execute("CREATE TABLE plain " + columns.replace(" PRIMARY KEY", ""));
        session.execute("CREATE TABLE keyed " + columns);
        Random random = new Random(4);
        List<String> names = List.of("n", "s", "t", "v", "p", "r", "b", "d", "m", "y");
        for (String name : names) {
            String order =
                    List.of("", " DESC", " NULLS FIRST", " DESC NULLS LAST").get(random.nextInt(4));
            String second = names.get(random.nextInt(names.size()));
            session.execute("CREATE INDEX ON keyed (" + name + order
                    + (second.equals(name) ? "" : ", " + second + (random.nextBoolean() ? " DESC" : "")) + ")");
        }
        for (int i = 0; i < 150; i++) {
            StringBuilder row = new StringBuilder().append(i);
            for (String name : names) {
                row.append(", ").append(random.nextInt(6) == 0 ? "NULL" : literal(name, random));
            }
            session.execute("INSERT INTO plain VALUES (" + row + "); INSERT INTO keyed VALUES (" + row + ")");
        }
        int indexed = 0;
        for (int i = 0; i < 600; i++) {
            String question = question(names, random);
            List<String> expected = rows("SELECT * FROM plain AS q " + question);
            String sql = "SELECT * FROM keyed AS q " + question;
            assertEquals(expected, rows(sql), sql);
            indexed += rows("EXPLAIN " + sql).toString().contains("Index Scan") ? 1 : 0;
            if (i % 20 == 0) {
                String change = i % 40 == 0 ? " SET n = n + 1 " : " SET t = t || 'x', id = id + 1000 ";
                String where = "WHERE " + condition(names, random);
                assertEquals(
                        session.execute("UPDATE plain" + change + where).get(0).tag(),
                        session.execute("UPDATE keyed" + change + where).get(0).tag(),
                        change + where);
            }
        }
        assertTrue(indexed > 300, "queries by index: " + indexed);
    }

    private static String question(List<String> names, Random random) {
        StringBuilder sql = new StringBuilder();
        if (random.nextInt(5) > 0) {
            sql.append("WHERE ").append(condition(names, random));
        }
        sql.append(" ORDER BY ");
        for (int i = random.nextInt(3); i > 0; i--) {
            sql.append(names.get(random.nextInt(names.size())))
                    .append(List.of("", " DESC", " NULLS FIRST", " DESC NULLS LAST")
                            .get(random.nextInt(4)))
                    .append(", ");
        }
        sql.append(random.nextBoolean() ? "id" : "id DESC");
        return random.nextBoolean() ? sql.toString() : sql + " LIMIT " + random.nextInt(9);
    }

    private static String condition(List<String> names, Random random) {
        StringBuilder sql = new StringBuilder();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            String name = names.get(random.nextInt(names.size()));
            String value = literal(name, random);
            sql.append(
                    switch (random.nextInt(8)) {
                        case 0 -> name + " IS NULL";
                        case 1 -> name + " IN (" + value + ", " + literal(name, random) + ", " + value + ")";
                        case 2 -> name + " BETWEEN " + value + " AND " + literal(name, random);
                        case 3 -> name.equals("t") ? "t LIKE 'a%'" : value + " >= " + name;
                        case 4 -> name + " > " + value;
                        case 5 -> name.equals("b") ? "NOT b" : name + " < " + value;
                        default -> name + " = " + value;
                    });
            sql.append(i > 1 ? (random.nextInt(6) == 0 ? " OR " : " AND ") : "");
        }
        return sql.toString();
    }

    private static String literal(String column, Random random) {
        int n = random.nextInt(7) - 2;
        return switch (column) {
            case "n", "s" -> String.valueOf(random.nextInt(20) == 0 ? n * 1000 : n);
            case "t", "v" -> "'" + List.of("", "a", "ab", "b", "ä", "aa", "B").get(n + 2) + "'";
            case "p" -> n + "." + random.nextInt(3) + "0";
            case "r" ->
                "'" + List.of("-0", "0", "1.5", "1e9", "NaN", "-Infinity", "2").get(n + 2) + "'::float8";
            case "b" -> String.valueOf(random.nextBoolean());
            case "d" -> "date '2024-01-0" + (n + 3) + "'";
            case "m" -> "timestamp '2024-01-01 0" + (n + 3) + ":00:00.000001'";
            default -> "'\\x0" + (n + 2) + (random.nextBoolean() ? "00" : "") + "'::bytea";
        };
    }
}
