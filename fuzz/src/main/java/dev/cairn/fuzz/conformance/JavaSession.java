package dev.cairn.fuzz.conformance;

import dev.cairn.engine.Database;
import dev.cairn.engine.Row;
import dev.cairn.engine.Table;
import dev.cairn.engine.Transaction;
import dev.cairn.engine.TransactionOptions;
import dev.cairn.storage.base.SqlState;
import dev.cairn.storage.base.TransactionException;
import dev.cairn.txn.IsolationLevel;
import dev.cairn.txn.SubxactCounters;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A session over the Java API. The API has transactions and no sessions: what happens outside a transaction, and to a
 * statement that comes without one, is done here.
 */
final class JavaSession implements ReplaySession {

    private final Database database;
    private final String label;
    private final JavaOperations operations = new JavaOperations();
    private @Nullable Transaction transaction;
    private TransactionOptions options;

    JavaSession(Database database, String label) {
        this.database = database;
        this.label = label;
        this.options = plain();
    }

    private TransactionOptions plain() {
        return TransactionOptions.DEFAULT.withLabel(label);
    }

    @Override
    public String label() {
        return label;
    }

    @Override
    public Expected execute(Step step) {
        Expected outcome;
        try {
            outcome = outcome(step);
        } catch (TransactionException e) {
            outcome = Expected.error(e.sqlState());
        }
        return outcome.withStatus(status());
    }

    private String status() {
        Transaction current = transaction;
        if (current == null) {
            return "idle";
        }
        return current.state() == Transaction.State.FAILED ? "failed" : "tx";
    }

    private Expected outcome(Step step) {
        return switch (step.op()) {
            case "begin" -> begin(step);
            case "commit" -> end(step, true);
            case "rollback" -> end(step, false);
            case "savepoint" -> {
                inBlock().savepoint(name(step));
                yield Expected.NOTHING;
            }
            case "rollback_to" -> {
                inBlock().rollbackTo(name(step));
                yield Expected.NOTHING;
            }
            case "release" -> {
                inBlock().release(name(step));
                yield Expected.NOTHING;
            }
            case "stats" -> {
                Transaction current = transaction;
                SubxactCounters counters = current == null ? SubxactCounters.NONE : current.subxacts();
                yield Expected.NOTHING.withStats(List.of((long) counters.count(), counters.overflowed()));
            }
            case "fail" ->
                statement(tx -> {
                    throw new TransactionException(SqlState.DIVISION_BY_ZERO, "division by zero");
                });
            default -> statement(tx -> operations.run(step, tx.table(step.text("table"))));
        };
    }

    /** Names fold as SQL's do. */
    private static String name(Step step) {
        return step.text("name").toLowerCase(Locale.ROOT);
    }

    private Transaction inBlock() {
        Transaction current = transaction;
        if (current == null) {
            throw new TransactionException(
                    SqlState.NO_ACTIVE_SQL_TRANSACTION, "this can only be done in a transaction");
        }
        return current;
    }

    private Expected begin(Step step) {
        Transaction current = transaction;
        if (current != null) {
            if (current.state() == Transaction.State.FAILED) {
                throw new TransactionException(SqlState.IN_FAILED_SQL_TRANSACTION, "the transaction has failed");
            }
            return again(current, step).withWarning(SqlState.ACTIVE_SQL_TRANSACTION);
        }
        options = plain().withReadOnly(step.flag("readonly")).withDeferrable(step.flag("deferrable"));
        if (step.has("iso")) {
            options = options.withIsolation(level(step));
        }
        transaction = database.begin(options);
        return Expected.NOTHING;
    }

    /** BEGIN inside a transaction warns, and sets its options even so, which may fail. */
    private static Expected again(Transaction current, Step step) {
        try {
            if (step.has("iso")) {
                current.setIsolation(level(step));
            }
            if (step.flag("readonly")) {
                current.setReadOnly(true);
            }
            return Expected.NOTHING;
        } catch (TransactionException e) {
            return Expected.error(e.sqlState());
        }
    }

    private static IsolationLevel level(Step step) {
        return switch (step.text("iso")) {
            case "rc", "ru" -> IsolationLevel.READ_COMMITTED;
            case "rr" -> IsolationLevel.REPEATABLE_READ;
            case "ser" -> IsolationLevel.SERIALIZABLE;
            default -> throw new IllegalArgumentException("unknown level " + step.text("iso"));
        };
    }

    private Expected end(Step step, boolean commit) {
        Transaction current = transaction;
        if (current == null) {
            if (step.flag("chain")) {
                return Expected.error(SqlState.NO_ACTIVE_SQL_TRANSACTION);
            }
            return Expected.NOTHING
                    .withTag(commit ? "COMMIT" : "ROLLBACK")
                    .withWarning(SqlState.NO_ACTIVE_SQL_TRANSACTION);
        }
        transaction = null;
        boolean committed = commit && current.commit();
        if (!commit) {
            current.rollback();
        }
        if (step.flag("chain")) {
            transaction = database.begin(options.withIsolation(current.isolation())
                    .withReadOnly(current.isReadOnly())
                    .withDeferrable(current.isDeferrable()));
        }
        return Expected.NOTHING.withTag(committed ? "COMMIT" : "ROLLBACK");
    }

    private Expected statement(Function<Transaction, Expected> body) {
        Transaction current = transaction;
        if (current != null) {
            return current.statement(() -> body.apply(current));
        }
        try (Transaction own = database.begin(plain())) {
            Expected outcome = own.statement(() -> body.apply(own));
            own.commit();
            return outcome;
        }
    }

    @Override
    public void rollback() {
        Transaction current = transaction;
        transaction = null;
        if (current != null) {
            current.close();
        }
    }

    /** A row of the transcripts' tables. */
    static Row row(long k, long v) {
        return Row.of(k, v);
    }

    static List<List<Long>> contents(Table table) {
        return JavaOperations.sorted(table.scan());
    }
}
