package dev.cairn.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cairn.storage.base.TransactionException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everything that changes what a transaction will have done is told, in its order. */
class TransactionListenerTest {

    private final List<String> told = new ArrayList<>();
    private final TransactionOptions options = TransactionOptions.DEFAULT.withListener((event, name, row, depth) ->
            told.add(event + (name.isEmpty() ? "" : " " + name) + (row == null ? "" : " " + row) + " @" + depth));

    @Test
    void changesSavepointsAndEndsAreTold(@TempDir Path directory) {
        try (Database db = Database.open(directory);
                Transaction tx = db.begin(options)) {
            Table table = tx.createTable(
                    "t",
                    Schema.builder().column("n", ColumnType.BIGINT).notNull().build());
            table.insert(Row.of(1L));
            tx.savepoint("a");
            table.update(row -> true, row -> Row.of(2L));
            Savepoint inner = tx.savepoint("b");
            table.delete(row -> true);
            inner.rollbackTo();
            tx.release("b");
            assertThrows(TransactionException.class, () -> table.insert(Row.of((Object) null)));
            tx.rollbackTo("a");
            tx.commit();
        }
        assertEquals(
                List.of(
                        "CREATE_TABLE t @0",
                        "INSERT t [1] @0",
                        "SAVEPOINT a @1",
                        "UPDATE t [2] @1",
                        "SAVEPOINT b @2",
                        "DELETE t [2] @2",
                        "ROLLBACK_TO @2",
                        "RELEASE @1",
                        "FAILURE 23502 @1",
                        "ROLLBACK_TO @1",
                        "COMMITTING @1",
                        "COMMITTED @0"),
                told);
    }

    @Test
    void aStatementsOwnLevelIsToldWhereOnlyStatementsFail(@TempDir Path directory) {
        DatabaseOptions scope = DatabaseOptions.builder()
                .failureScope(DatabaseOptions.FailureScope.STATEMENT)
                .build();
        try (Database db = Database.open(directory, scope);
                Transaction tx = db.begin(options)) {
            Table table = tx.createTable(
                    "t",
                    Schema.builder().column("n", ColumnType.BIGINT).notNull().build());
            told.clear();
            assertThrows(
                    IllegalStateException.class,
                    () -> tx.statement(() -> {
                        table.insert(Row.of(1L));
                        throw new IllegalStateException("the application's own");
                    }));
            tx.dropTable("t");
            tx.rollback();
        }
        assertEquals(
                List.of(
                        "SAVEPOINT @1",
                        "INSERT t [1] @1",
                        "ROLLBACK_TO @1",
                        "RELEASE @0",
                        "SAVEPOINT @1",
                        "DROP_TABLE t @1",
                        "RELEASE @0",
                        "ROLLED_BACK @0"),
                told);
    }
}
