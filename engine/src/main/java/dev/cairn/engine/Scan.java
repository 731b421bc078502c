package dev.cairn.engine;

import java.util.Iterator;

/** Rows one after another, as of the statement that opened it. */
public final class Scan implements Iterator<Row>, AutoCloseable {
    @Override
    public boolean hasNext() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Row next() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
