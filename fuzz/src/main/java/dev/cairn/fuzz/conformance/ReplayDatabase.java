package dev.cairn.fuzz.conformance;

import dev.cairn.engine.ColumnType;
import dev.cairn.engine.Database;
import dev.cairn.engine.Schema;
import dev.cairn.engine.Transaction;
import dev.cairn.sql.SqlEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The database of a replay: fresh tables for each scenario, and sessions that outlive it. */
final class ReplayDatabase implements AutoCloseable {

    /** How sessions talk to the database. */
    enum Way {
        JAVA,
        SQL
    }

    private static final Schema SCHEMA = Schema.builder()
            .column("k", ColumnType.BIGINT)
            .column("v", ColumnType.BIGINT)
            .primaryKey("k")
            .build();

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Database database;
    private final SqlEngine engine;
    private final Way way;
    private final List<SessionThread> sessions = new ArrayList<>();

    ReplayDatabase(Database database, Way way) {
        this.database = database;
        this.engine = new SqlEngine(database);
        this.way = way;
    }

    Database database() {
        return database;
    }

    /** Sessions 1 to {@code count}, idle. */
    List<SessionThread> sessions(int count) {
        while (sessions.size() < count) {
            sessions.add(new SessionThread(session("s" + (sessions.size() + 1))));
        }
        return sessions.subList(0, count);
    }

    private ReplaySession session(String label) {
        return way == Way.JAVA ? new JavaSession(database, label) : new SqlStepSession(engine.open(label));
    }

    /** Empty tables, filled by the set-up. */
    void prepare(Scenario scenario) throws Mismatch {
        try (Transaction tx = database.begin()) {
            for (String table : scenario.tables()) {
                tx.createTable(table, SCHEMA);
            }
            tx.commit();
        }
        ReplaySession setter = session("setup");
        for (Step step : scenario.setup()) {
            Expected done = setter.execute(step);
            if (done.error() != null) {
                throw new Mismatch("set-up " + step + ": " + done);
            }
        }
    }

    /** @throws dev.cairn.storage.base.TransactionException 55P03 if somebody keeps a table though all sessions have ended */
    void drop(Scenario scenario) {
        try (Transaction tx = database.begin()) {
            tx.setLockTimeout(PATIENCE);
            for (String table : scenario.tables()) {
                if (tx.hasTable(table)) {
                    tx.dropTable(table);
                }
            }
            tx.commit();
        }
    }

    /** Each table's rows by key. */
    Map<String, List<List<Long>>> contents(Scenario scenario) {
        Map<String, List<List<Long>>> contents = new LinkedHashMap<>();
        try (Transaction tx = database.begin()) {
            for (String table : scenario.tables()) {
                contents.put(table, JavaSession.contents(tx.table(table)));
            }
        }
        return contents;
    }

    @Override
    public void close() {
        sessions.forEach(SessionThread::close);
        engine.close();
    }
}
