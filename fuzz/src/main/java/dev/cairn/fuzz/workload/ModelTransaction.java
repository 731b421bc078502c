package dev.cairn.fuzz.workload;

import java.util.ArrayList;
import java.util.List;

/**
 * What a transaction with savepoints means, as simply as it can be said: a savepoint copies all of the session's rows, and
 * rolling back puts the copy back. Shares nothing with the engine that it judges.
 */
final class ModelTransaction {

    private static final class Level {
        private final String name;
        private final Rows before;

        Level(String name, Rows before) {
            this.name = name;
            this.before = before;
        }
    }

    private final List<Level> levels = new ArrayList<>();
    private Rows rows;
    private boolean failed;

    /** @param committed the session's rows as last committed */
    ModelTransaction(Rows committed) {
        rows = committed.copy();
        levels.add(new Level("", committed));
    }

    /** The session's rows as the transaction sees them. */
    Rows rows() {
        return rows;
    }

    boolean isFailed() {
        return failed;
    }

    /** Open savepoints, the outermost first; names may repeat. */
    List<String> savepoints() {
        return levels.stream().skip(1).map(level -> level.name).toList();
    }

    /** What a step that does not end the transaction means. */
    void apply(Step step) {
        if (step instanceof Step.TakeSavepoint savepoint) {
            levels.add(new Level(savepoint.name(), rows.copy()));
        } else if (step instanceof Step.Release release) {
            levels.subList(latest(release.name()), levels.size()).clear();
        } else if (step instanceof Step.RollbackTo rollback) {
            rollbackTo(rollback.name());
        } else if (step instanceof Step.Insert insert) {
            rows.put(insert.table(), insert.key(), insert.value());
        } else if (step instanceof Step.InsertMany insert) {
            insert.rows().forEach((key, value) -> rows.put(insert.table(), key, value));
        } else if (step instanceof Step.Update update) {
            rows.put(update.table(), update.key(), update.value());
        } else if (step instanceof Step.UpdateMany update) {
            rows.rowsOf(update.table()).replaceAll((key, value) -> update.concerns(key) ? value.next() : value);
        } else if (step instanceof Step.Delete delete) {
            rows.delete(delete.table(), delete.key());
        } else if (step instanceof Step.Rekey rekey) {
            rows.delete(rekey.table(), rekey.key());
            rows.put(rekey.table(), rekey.newKey(), rekey.value());
        } else if (step instanceof Step.Upsert upsert) {
            rows.put(upsert.table(), upsert.key(), upsert.value());
        } else if (step instanceof Step.CreateIndex create) {
            rows.createIndex(create.table());
        } else if (step instanceof Step.DropIndex drop) {
            rows.dropIndex(drop.table());
        } else if (step instanceof Step.CreateTable create) {
            rows.create(create.table());
        } else if (step instanceof Step.DropTable drop) {
            rows.drop(drop.table());
        } else if (step instanceof Step.Fail || step instanceof Step.Duplicate) {
            rows = levels.get(levels.size() - 1).before.copy();
            failed = true;
        } else if (!(step instanceof Step.Read || step instanceof Step.Keep || step instanceof Step.Touch)) {
            throw new IllegalArgumentException("ends the transaction: " + step);
        }
    }

    private void rollbackTo(String name) {
        int index = latest(name);
        levels.subList(index + 1, levels.size()).clear();
        rows = levels.get(index).before.copy();
        failed = false;
    }

    private int latest(String name) {
        for (int i = levels.size() - 1; i > 0; i--) {
            if (levels.get(i).name.equals(name)) {
                return i;
            }
        }
        throw new IllegalStateException("the model has no savepoint " + name);
    }
}
