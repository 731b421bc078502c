package dev.cairn.engine;

import dev.cairn.storage.base.TransactionException;
import dev.cairn.txn.IsolationLevel;
import dev.cairn.txn.SubxactCounters;
import dev.cairn.wal.Durability;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** A transaction. Used by one thread at a time. */
public final class Transaction implements AutoCloseable {
    /** Where a transaction stands. */
    public enum State {
        ACTIVE,
        FAILED,
        COMMITTED,
        ROLLED_BACK
    }

    public Savepoint savepoint(String name) {
        throw new UnsupportedOperationException();
    }

    public void release(String name) {
        throw new UnsupportedOperationException();
    }

    public void rollbackTo(String name) {
        throw new UnsupportedOperationException();
    }

    public <T> T nested(Function<Transaction, T> body) {
        throw new UnsupportedOperationException();
    }

    public void nestedRun(Consumer<Transaction> body) {
        throw new UnsupportedOperationException();
    }

    public Table table(String name) {
        throw new UnsupportedOperationException();
    }

    public boolean hasTable(String name) {
        throw new UnsupportedOperationException();
    }

    public Table createTable(String name, Schema schema) {
        throw new UnsupportedOperationException();
    }

    public void dropTable(String name) {
        throw new UnsupportedOperationException();
    }

    public List<Table> tables() {
        throw new UnsupportedOperationException();
    }

    public <T> T statement(Supplier<T> body) {
        throw new UnsupportedOperationException();
    }

    public void fail(TransactionException cause) {
        throw new UnsupportedOperationException();
    }

    public boolean commit() {
        throw new UnsupportedOperationException();
    }

    public boolean commit(Durability durability) {
        throw new UnsupportedOperationException();
    }

    public void rollback() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }

    public State state() {
        throw new UnsupportedOperationException();
    }

    public SubxactCounters subxacts() {
        throw new UnsupportedOperationException();
    }

    public IsolationLevel isolation() {
        throw new UnsupportedOperationException();
    }

    public boolean isReadOnly() {
        throw new UnsupportedOperationException();
    }

    public int savepointDepth() {
        throw new UnsupportedOperationException();
    }
    /** 25001 once a query has run. */
    public void setIsolation(IsolationLevel level) {
        throw new UnsupportedOperationException();
    }

    public void setReadOnly(boolean readOnly) {
        throw new UnsupportedOperationException();
    }
}
