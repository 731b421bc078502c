package dev.cairn.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A table {@code t (k bigint, v bigint)} and threads that wait, for the engine's tests. */
final class TestTables {

    static final Schema KV = Schema.builder()
            .column("k", ColumnType.BIGINT)
            .column("v", ColumnType.BIGINT)
            .build();

    private TestTables() {}

    static void create(Database db) {
        try (Transaction tx = db.begin()) {
            tx.createTable("t", KV);
            tx.commit();
        }
    }

    static void put(Transaction tx, long k, long v) {
        tx.table("t").insert(Row.of(k, v));
    }

    static void committed(Database db, long k, long v) {
        try (Transaction tx = db.begin()) {
            put(tx, k, v);
            tx.commit();
        }
    }

    static long set(Transaction tx, long k, long v) {
        return tx.table("t").update(row -> row.getLong("k") == k, row -> row.with("v", v));
    }

    static long add(Transaction tx, long k, long delta) {
        return tx.table("t").update(row -> row.getLong("k") == k, row -> row.with("v", row.getLong("v") + delta));
    }

    /** What the transaction sees, as {@code k=v}, sorted. */
    static List<String> rows(Transaction tx) {
        List<String> rows = new ArrayList<>();
        try (Scan scan = tx.table("t").scan()) {
            scan.forEachRemaining(row -> rows.add(row.get(0) + "=" + row.get(1)));
        }
        rows.sort(null);
        return rows;
    }

    static List<String> rows(Database db) {
        try (Transaction tx = db.begin()) {
            return rows(tx);
        }
    }

    /** An action on a thread of its own. */
    static final class Other {
        private final CompletableFuture<Object> result = new CompletableFuture<>();
        private final Thread thread;

        Other(java.util.concurrent.Callable<?> action) {
            thread = new Thread(() -> {
                try {
                    result.complete(action.call());
                } catch (Throwable e) {
                    result.completeExceptionally(e);
                }
            });
            thread.setDaemon(true);
            thread.start();
        }

        /** Returns once the thread waits for something inside the engine. */
        Other untilBlocked() {
            while (thread.getState() != Thread.State.WAITING && thread.getState() != Thread.State.TIMED_WAITING) {
                if (result.isDone()) {
                    throw new AssertionError("expected the call to wait, but it has ended: " + result);
                }
                Thread.onSpinWait();
            }
            return this;
        }

        Thread thread() {
            return thread;
        }

        Object get() throws Throwable {
            try {
                return result.get(2, TimeUnit.MINUTES);
            } catch (ExecutionException e) {
                throw e.getCause();
            } catch (TimeoutException e) {
                throw new AssertionError("the call has not ended in two minutes", e);
            }
        }
    }
}
