package dev.cairn.sql.plan;

import dev.cairn.engine.Transaction;
import dev.cairn.sql.expr.Evaluation;
import dev.cairn.sql.expr.SessionInfo;
import dev.cairn.sql.syntax.Ast;
import dev.cairn.sql.type.SqlErrors;
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
        if (statement instanceof Ast.DropIndex drop) {
            return new DefinitionCommand(planner, evaluation).dropIndex(drop);
        }
        if (statement instanceof Ast.DropTable drop) {
            return new DefinitionCommand(planner, evaluation).drop(drop);
        }
        if (statement instanceof Ast.Truncate truncate) {
            return new DefinitionCommand(planner, evaluation).truncate(truncate);
        }
        throw SqlErrors.notSupported(statement instanceof Ast.Explain ? "EXPLAIN" : "the statement");
    }
}
