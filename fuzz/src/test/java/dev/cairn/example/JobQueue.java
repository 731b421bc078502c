package dev.cairn.example;

import dev.cairn.engine.ColumnType;
import dev.cairn.engine.Row;
import dev.cairn.engine.Scan;
import dev.cairn.engine.Schema;
import dev.cairn.engine.Table;
import dev.cairn.engine.Transaction;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.LongFunction;

/** A job queue in two tables, as an application might have it. A job's result is there exactly if the job is done. */
public final class JobQueue {

    /** What becomes of a job. */
    public enum State {
        READY,
        DONE,
        FAILED
    }

    private static final String JOBS = "jobs";
    private static final String RESULTS = "results";

    private final Transaction tx;

    /** The queue within a transaction. */
    public JobQueue(Transaction tx) {
        this.tx = tx;
    }

    /** Makes the tables. */
    public void create() {
        tx.createTable(
                JOBS,
                Schema.builder()
                        .column("id", ColumnType.BIGINT)
                        .notNull()
                        .column("state", ColumnType.TEXT)
                        .notNull()
                        .build());
        tx.createTable(
                RESULTS,
                Schema.builder()
                        .column("job", ColumnType.BIGINT)
                        .notNull()
                        .column("result", ColumnType.TEXT)
                        .build());
    }

    /** Adds a job; returns its id. */
    public long add() {
        long id =
                1 + states().keySet().stream().mapToLong(Long::longValue).max().orElse(0);
        tx.table(JOBS).insert(Row.of(id, State.READY.name()));
        return id;
    }

    /**
     * Works on the first job that is ready. What a failing worker has written is undone, by its savepoint, and the job is marked
     * as failed in the same transaction.
     *
     * @param worker makes the result, or throws
     * @return the job; empty if none is ready
     */
    public OptionalLong work(LongFunction<String> worker) {
        OptionalLong job = states().entrySet().stream()
                .filter(entry -> entry.getValue() == State.READY)
                .mapToLong(Map.Entry::getKey)
                .findFirst();
        job.ifPresent(id -> {
            tx.savepoint("work");
            mark(id, State.DONE);
            try {
                tx.table(RESULTS).insert(Row.of(id, worker.apply(id)));
            } catch (IllegalStateException e) {
                tx.rollbackTo("work");
                mark(id, State.FAILED);
            }
            tx.release("work");
        });
        return job;
    }

    private void mark(long job, State state) {
        tx.table(JOBS).update(row -> row.getLong("id") == job, row -> row.with("state", state.name()));
    }

    /** All jobs, by id. */
    public Map<Long, State> states() {
        Map<Long, State> states = new TreeMap<>();
        try (Scan jobs = tx.table(JOBS).scan()) {
            jobs.forEachRemaining(row -> states.put(row.getLong("id"), State.valueOf(row.getString("state"))));
        }
        return states;
    }

    /** The results of the jobs that are done, by the job's id. */
    public Map<Long, String> results() {
        Map<Long, String> results = new TreeMap<>();
        Table table = tx.table(RESULTS);
        try (Scan rows = table.scan()) {
            rows.forEachRemaining(row -> results.put(row.getLong("job"), String.valueOf(row.getString("result"))));
        }
        return results;
    }
}
