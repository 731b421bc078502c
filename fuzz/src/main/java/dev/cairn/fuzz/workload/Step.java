package dev.cairn.fuzz.workload;

import dev.cairn.txn.IsolationLevel;
import dev.cairn.wal.Durability;
import java.util.SortedMap;

/** One thing that a session does. Rows are named by their key; whose row it is follows from the key. */
sealed interface Step {

    record Begin(IsolationLevel isolation) implements Step {}

    record Insert(String table, long key, RowValue value) implements Step {}

    /** All at once, as when a table is loaded. */
    record InsertMany(String table, SortedMap<Long, RowValue> rows) implements Step {}

    record Update(String table, long key, RowValue value) implements Step {}

    /** Raises the version of all own rows whose key leaves no rest. */
    record UpdateMany(String table, long modulus) implements Step {
        boolean concerns(long key) {
            return key % modulus == 0;
        }
    }

    /** The row gets a new version with the same values. */
    record Touch(String table, long key) implements Step {}

    record Delete(String table, long key) implements Step {}

    /** The row gets another key. */
    record Rekey(String table, long key, long newKey, RowValue value) implements Step {}

    /** Inserted, or changed if it is there. */
    record Upsert(String table, long key, RowValue value) implements Step {}

    /** To be inserted unless it is there, which it is. */
    record Keep(String table, long key) implements Step {}

    /** A row with a key that is there: refused, so the innermost level is undone and the transaction is failed. */
    record Duplicate(String table, long key) implements Step {}

    record CreateIndex(String table) implements Step {}

    record DropIndex(String table) implements Step {}

    record CreateTable(String table) implements Step {}

    record DropTable(String table) implements Step {}

    record TakeSavepoint(String name) implements Step {}

    record Release(String name) implements Step {}

    record RollbackTo(String name) implements Step {}

    /** A statement that fails: the innermost level is undone and the transaction is failed. */
    record Fail(String table) implements Step {}

    /** All own rows of the table are compared. */
    record Read(String table) implements Step {}

    record Commit(Durability durability) implements Step {}

    record Rollback() implements Step {}
}
