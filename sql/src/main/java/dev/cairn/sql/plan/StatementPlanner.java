package dev.cairn.sql.plan;

import dev.cairn.engine.Transaction;
import dev.cairn.sql.expr.Evaluation;
import dev.cairn.sql.expr.SessionInfo;
import dev.cairn.sql.syntax.Ast;
import dev.cairn.sql.type.SqlErrors;
import dev.cairn.sql.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Plans and runs statements that read or change data. Stateless. */
public final class StatementPlanner {

    private StatementPlanner() {}

    /**
     * Runs a statement; to be called within {@link Transaction#statement}.
     *
     * @throws dev.cairn.storage.base.TransactionException whatever is wrong with the statement
     */
    public static Outcome run(Ast.Statement statement, Transaction transaction, SessionInfo session) {
        Planner planner = new Planner(transaction, session);
        Evaluation evaluation = Evaluation.of(session);
        if (statement instanceof Ast.Query query) {
            Plan plan = planner.query(query, new Scope.Level(null), false);
            List<@Nullable Object[]> rows = plan.all(evaluation);
            return new Outcome("SELECT " + rows.size(), plan.columns(), rows, List.of());
        }
        if (statement instanceof Ast.Insert insert) {
            return new InsertCommand(planner.with(insert.with(), insert.recursive()), evaluation).run(insert);
        }
        if (statement instanceof Ast.Update update) {
            return new ChangeCommand(planner.with(update.with(), update.recursive()), evaluation).update(update);
        }
        if (statement instanceof Ast.Delete delete) {
            return new ChangeCommand(planner.with(delete.with(), delete.recursive()), evaluation).delete(delete);
        }
        if (statement instanceof Ast.CreateTable create) {
            return new DefinitionCommand(planner, evaluation).create(create);
        }
        if (statement instanceof Ast.CreateIndex create) {
            return new DefinitionCommand(planner, evaluation).createIndex(create);
        }
        if (statement instanceof Ast.AlterTable alter) {
            return new AlterCommand(planner, evaluation).run(alter);
        }
        if (statement instanceof Ast.DropIndex drop) {
            return new DefinitionCommand(planner, evaluation).dropIndex(drop);
        }
        if (statement instanceof Ast.DropTable drop) {
            return new DefinitionCommand(planner, evaluation).drop(drop);
        }
        if (statement instanceof Ast.Truncate truncate) {
            return new DefinitionCommand(planner, evaluation).truncate(truncate);
        }
        if (statement instanceof Ast.Explain explain) {
            return explained(explain(explain.statement(), planner, evaluation));
        }
        throw SqlErrors.notSupported("the statement");
    }

    private static List<String> explain(Ast.Statement statement, Planner planner, Evaluation evaluation) {
        if (statement instanceof Ast.Insert insert) {
            return new InsertCommand(planner.with(insert.with(), insert.recursive()), evaluation).explain(insert);
        }
        if (statement instanceof Ast.Update update) {
            return new ChangeCommand(planner.with(update.with(), update.recursive()), evaluation).explain(update);
        }
        if (statement instanceof Ast.Delete delete) {
            return new ChangeCommand(planner.with(delete.with(), delete.recursive()), evaluation).explain(delete);
        }
        Ast.Query query = statement instanceof Ast.CreateTable create ? create.query() : (Ast.Query) statement;
        if (query == null) {
            throw SqlErrors.syntax("syntax error: EXPLAIN of CREATE TABLE without AS");
        }
        return Explanation.of(planner.query(query, new Scope.Level(null), false), evaluation);
    }

    private static Outcome explained(List<String> lines) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        lines.forEach(line -> rows.add(new Object[] {line}));
        return new Outcome("EXPLAIN", List.of(new Plan.Column("QUERY PLAN", SqlType.TEXT)), rows, List.of());
    }
}
