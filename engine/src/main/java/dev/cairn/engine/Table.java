package dev.cairn.engine;

import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A table as one transaction sees it. */
public final class Table {
    public String name() {
        throw new UnsupportedOperationException();
    }

    public Schema schema() {
        throw new UnsupportedOperationException();
    }

    public RowId insert(Row row) {
        throw new UnsupportedOperationException();
    }

    public boolean update(RowId id, Row row) {
        throw new UnsupportedOperationException();
    }

    public boolean delete(RowId id) {
        throw new UnsupportedOperationException();
    }

    public @Nullable Row get(RowId id) {
        throw new UnsupportedOperationException();
    }

    public long update(Predicate<Row> where, UnaryOperator<Row> set) {
        throw new UnsupportedOperationException();
    }

    public long update(Predicate<Row> where, UnaryOperator<Row> set, Consumer<Row> updated) {
        throw new UnsupportedOperationException();
    }

    public long delete(Predicate<Row> where) {
        throw new UnsupportedOperationException();
    }

    public long delete(Predicate<Row> where, Consumer<Row> deleted) {
        throw new UnsupportedOperationException();
    }

    public Scan scan() {
        throw new UnsupportedOperationException();
    }

    public Scan scan(Predicate<Row> where) {
        throw new UnsupportedOperationException();
    }
}
