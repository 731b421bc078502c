package dev.cairn.sql;

import dev.cairn.engine.Table;
import dev.cairn.engine.Transaction;
import dev.cairn.engine.TransactionOptions;
import dev.cairn.sql.StatementResult.Notice;
import dev.cairn.sql.StatementResult.ResultColumn;
import dev.cairn.sql.plan.Outcome;
import dev.cairn.sql.plan.StatementPlanner;
import dev.cairn.sql.syntax.Ast;
import dev.cairn.sql.syntax.Ast.Control;
import dev.cairn.sql.syntax.Lexer;
import dev.cairn.sql.syntax.Parser;
import dev.cairn.sql.type.SqlErrors;
import dev.cairn.sql.type.SqlType;
import dev.cairn.storage.base.SqlState;
import dev.cairn.storage.base.TransactionException;
import dev.cairn.txn.IsolationLevel;
import dev.cairn.txn.SubxactCounters;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One SQL session: idle, in a transaction, or in a failed one. Used by one thread at a time; {@link #counters} may be asked by
 * any.
 */
public final class SqlSession implements AutoCloseable {

    /** Where the session stands, as psql's prompt shows it. */
    public enum State {
        IDLE,
        IN_TRANSACTION,
        FAILED
    }

    private static final String WARNING = "WARNING";

    private final SqlEngine engine;
    private final int id;
    private final String label;
    private final Settings settings = new Settings();
    private final SessionFacts facts;
    private volatile @Nullable Transaction transaction;
    /** Whether a BEGIN opened the transaction, as opposed to a string of several statements. */
    private boolean explicit;
    /** Whether several statements came in one string, so that they share a transaction. */
    private boolean several;

    private boolean closed;

    SqlSession(SqlEngine engine, int id, String label) {
        this.engine = engine;
        this.id = id;
        this.label = label;
        this.facts = new SessionFacts(engine, id);
    }

    /** The session's number in {@code pg_stat_get_backend_idset()}. */
    public int id() {
        return id;
    }

    public String label() {
        return label;
    }

    public State state() {
        Transaction current = transaction;
        if (current == null || !explicit) {
            return State.IDLE;
        }
        return current.state() == Transaction.State.FAILED ? State.FAILED : State.IN_TRANSACTION;
    }

    /** The two counters of the open transaction's sub-transactions; (0, false) without one. Any thread may ask. */
    public SubxactCounters counters() {
        Transaction current = transaction;
        return current == null ? SubxactCounters.NONE : current.subxacts();
    }

    /**
     * Runs one or several statements, several as PostgreSQL does with a string of several: in one transaction unless they say
     * otherwise.
     *
     * @throws TransactionException the error of the first statement that failed; the ones after it did not run
     * @throws IllegalStateException if the session is closed
     */
    public List<StatementResult> execute(String sql) {
        List<StatementResult> results = new ArrayList<>();
        execute(sql, results::add);
        return results;
    }

    /** As {@link #execute(String)}, but gives each result as soon as there is one, so that those before an error are not lost. */
    public void execute(String sql, Consumer<StatementResult> results) {
        if (closed) {
            throw new IllegalStateException("the session is closed");
        }
        facts.statementBegins();
        List<Ast.Statement> statements = parse(sql);
        several = statements.size() > 1;
        try {
            for (Ast.Statement statement : statements) {
                results.accept(execute(statement, results));
            }
            if (transaction != null && !explicit) {
                commit();
            }
        } finally {
            several = false;
            if (!explicit) {
                abandon();
            }
        }
    }

    /** All statements are parsed before the first one runs, as in PostgreSQL. */
    private List<Ast.Statement> parse(String sql) {
        List<Ast.Statement> statements = new ArrayList<>();
        int from = 0;
        try {
            while (from < sql.length()) {
                int end = Lexer.statementEnd(sql, from);
                String text = sql.substring(from, end < 0 ? sql.length() : end);
                if (Lexer.skipBlanks(text, 0) < text.length()) {
                    statements.add(Parser.parse(text));
                }
                from = end < 0 ? sql.length() : end + 1;
            }
        } catch (TransactionException syntax) {
            fail(syntax);
            throw syntax;
        }
        return statements;
    }

    private void fail(TransactionException cause) {
        Transaction current = transaction;
        if (current != null && current.state() == Transaction.State.ACTIVE) {
            current.fail(cause);
        }
    }

    private void abandon() {
        Transaction current = transaction;
        if (current != null) {
            transaction = null;
            current.close();
        }
    }

    private StatementResult execute(Ast.Statement statement, Consumer<StatementResult> results) {
        try {
            if (statement instanceof Control control) {
                return control(control, results);
            }
            requireNotFailed();
            if (statement instanceof Ast.Refused refused) {
                throw refused.error();
            }
            if (statement instanceof Ast.Show show) {
                return text(show.name(), settings.show(show.name(), transaction));
            }
            if (statement instanceof Ast.SetVariable set) {
                return set(set);
            }
            return run(statement);
        } catch (TransactionException error) {
            fail(error);
            throw error;
        }
    }

    private void requireNotFailed() {
        Transaction current = transaction;
        if (current != null && current.state() == Transaction.State.FAILED) {
            throw SqlErrors.of(
                    SqlState.IN_FAILED_SQL_TRANSACTION,
                    "current transaction is aborted, commands ignored until end of transaction block");
        }
    }

    private StatementResult run(Ast.Statement statement) {
        Transaction current = transaction;
        if (current == null) {
            current = begin(settings.options(label));
        }
        Transaction running = current;
        Outcome outcome = running.statement(() -> StatementPlanner.run(statement, running, facts));
        if (!explicit && !several) {
            commit();
        }
        List<ResultColumn> columns = outcome.columns() == null
                ? null
                : outcome.columns().stream()
                        .map(column -> new ResultColumn(column.name(), column.type()))
                        .toList();
        List<Notice> notices = outcome.notices().stream()
                .map(notice -> new Notice("NOTICE", notice.sqlState(), notice.message()))
                .toList();
        return new StatementResult(outcome.tag(), columns, outcome.rows(), notices);
    }

    private Transaction begin(TransactionOptions options) {
        Transaction begun = engine.database().begin(options);
        facts.transactionBegins();
        if (!settings.lockTimeout().isZero()) {
            begun.setLockTimeout(settings.lockTimeout());
        }
        transaction = begun;
        return begun;
    }

    private boolean commit() {
        Transaction current = transaction;
        transaction = null;
        explicit = false;
        return current == null || current.commit();
    }

    private void rollback() {
        explicit = false;
        abandon();
    }

    private static StatementResult tag(String tag, Notice... notices) {
        return new StatementResult(tag, null, List.of(), List.of(notices));
    }

    private static StatementResult text(String column, String value) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        rows.add(new Object[] {value});
        return new StatementResult("SHOW", List.of(new ResultColumn(column, SqlType.TEXT)), rows, List.of());
    }

    private StatementResult control(Control control, Consumer<StatementResult> results) {
        return switch (control.verb()) {
            case BEGIN, START -> begin(control, results);
            case COMMIT -> finish(control, true);
            case ROLLBACK -> finish(control, false);
            case SAVEPOINT -> {
                requireNotFailed();
                requireBlock("SAVEPOINT").savepoint(name(control));
                yield tag("SAVEPOINT");
            }
            case RELEASE -> {
                requireNotFailed();
                requireBlock("RELEASE SAVEPOINT").release(name(control));
                yield tag("RELEASE");
            }
            case ROLLBACK_TO -> {
                requireBlock("ROLLBACK TO SAVEPOINT").rollbackTo(name(control));
                yield tag("ROLLBACK");
            }
            case SET -> {
                requireNotFailed();
                yield setTransaction(control);
            }
            case SET_DEFAULT -> {
                requireNotFailed();
                settings.setDefaults(control);
                yield tag("SET");
            }
        };
    }

    private static String name(Control control) {
        String name = control.savepoint();
        if (name == null) {
            throw new IllegalStateException("the statement names no savepoint: " + control);
        }
        return name;
    }

    private Transaction requireBlock(String command) {
        Transaction current = transaction;
        if (current == null || !explicit) {
            throw SqlErrors.of(SqlState.NO_ACTIVE_SQL_TRANSACTION, command + " can only be used in transaction blocks");
        }
        return current;
    }

    private StatementResult begin(Control control, Consumer<StatementResult> results) {
        String tag = control.verb() == Control.Verb.BEGIN ? "BEGIN" : "START TRANSACTION";
        requireNotFailed();
        Transaction current = transaction;
        if (current != null && explicit) {
            Notice warning =
                    new Notice(WARNING, SqlState.ACTIVE_SQL_TRANSACTION, "there is already a transaction in progress");
            try {
                apply(control, current);
            } catch (TransactionException error) {
                results.accept(tag("", warning));
                throw error;
            }
            return tag(tag, warning);
        }
        if (current == null) {
            begin(settings.options(label, control));
        } else {
            apply(control, current);
        }
        explicit = true;
        return tag(tag);
    }

    private static void apply(Control control, Transaction current) {
        if (control.isolation() != null) {
            current.setIsolation(Settings.level(control.isolation()));
        }
        if (control.readOnly() != null) {
            current.setReadOnly(control.readOnly());
        }
        if (control.deferrable() != null) {
            current.setDeferrable(control.deferrable());
        }
    }

    /** What AND CHAIN begins: an error outside of savepoints has taken back what the transaction was told of itself. */
    private TransactionOptions chained(Transaction current, boolean commit) {
        boolean failed = current.state() == Transaction.State.FAILED;
        if (failed && current.savepointDepth() == 0) {
            return settings.options(label);
        }
        TransactionOptions next = current.characteristics().withLabel(label);
        return commit && !failed ? next.withReadOnly(current.isReadOnly()) : next;
    }

    private StatementResult finish(Control control, boolean commit) {
        Transaction current = transaction;
        if (current == null || !explicit) {
            if (control.chain()) {
                throw SqlErrors.of(
                        SqlState.NO_ACTIVE_SQL_TRANSACTION,
                        (commit ? "COMMIT" : "ROLLBACK") + " AND CHAIN can only be used in transaction blocks");
            }
            boolean committed = commit && commit();
            if (!commit) {
                rollback();
            }
            return tag(
                    committed ? "COMMIT" : "ROLLBACK",
                    new Notice(WARNING, SqlState.NO_ACTIVE_SQL_TRANSACTION, "there is no transaction in progress"));
        }
        TransactionOptions next = chained(current, commit);
        boolean committed = commit && commit();
        if (!commit) {
            rollback();
        }
        if (control.chain()) {
            begin(next);
            explicit = true;
        }
        return tag(committed ? "COMMIT" : "ROLLBACK");
    }

    private StatementResult setTransaction(Control control) {
        Transaction current = transaction;
        if (current == null || !explicit) {
            return tag(
                    "SET",
                    new Notice(
                            WARNING,
                            SqlState.NO_ACTIVE_SQL_TRANSACTION,
                            "SET TRANSACTION can only be used in transaction blocks"));
        }
        apply(control, current);
        return tag("SET");
    }

    private StatementResult set(Ast.SetVariable set) {
        Transaction current = transaction;
        if (set.name().equals("transaction_isolation") && set.value() != null && current != null && explicit) {
            current.setIsolation(Settings.level(set.value()));
        } else {
            settings.set(set);
            if (set.name().equals("lock_timeout") && current != null) {
                current.setLockTimeout(settings.lockTimeout());
            }
        }
        return tag(set.reset() ? "RESET" : "SET");
    }

    IsolationLevel isolation() {
        Transaction current = transaction;
        return current == null ? settings.isolation() : current.isolation();
    }

    /** The names of the tables that the session sees, in order. */
    List<String> tableNames() {
        return peek(
                current -> current.tables().stream().map(Table::name).sorted().toList());
    }

    /** @throws TransactionException 42P01 */
    TableDescription describe(String table) {
        return peek(current -> TableDescription.of(current.table(table)));
    }

    /** Looks at the catalog, in the open transaction or one of its own. */
    private <T> T peek(java.util.function.Function<Transaction, T> look) {
        Transaction current = transaction;
        if (current != null) {
            return look.apply(current);
        }
        try (Transaction own = engine.database().begin()) {
            return look.apply(own);
        }
    }

    /** Rolls back what is open. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            explicit = false;
            engine.closed(this);
            abandon();
        }
    }
}
