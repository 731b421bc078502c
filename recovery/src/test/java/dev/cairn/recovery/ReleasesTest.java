package dev.cairn.recovery;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReleasesTest {

    private final Releases releases = new Releases();
    private final List<String> closed = new ArrayList<>();

    private void add(String name, Exception failure) {
        AutoCloseable resource = () -> {
            closed.add(name);
            if (failure != null) {
                throw failure;
            }
        };
        assertSame(resource, releases.add(resource));
    }

    @Test
    void closesInReverseOrderOnce() {
        add("lock", null);
        add("file", null);
        add("cache", null);
        releases.close();
        releases.close();
        assertEquals(List.of("cache", "file", "lock"), closed);
    }

    @Test
    void anErrorKeepsNothingFromBeingClosed() {
        RuntimeException first = new IllegalStateException("first");
        RuntimeException second = new IllegalStateException("second");
        add("lock", null);
        add("file", second);
        add("cache", first);
        assertSame(first, assertThrows(RuntimeException.class, releases::close));
        assertArrayEquals(new Throwable[] {second}, first.getSuppressed());
        assertEquals(List.of("cache", "file", "lock"), closed);
    }

    @Test
    void aCheckedErrorIsWrapped() {
        IOException failure = new IOException("checked");
        add("file", failure);
        RuntimeException thrown = assertThrows(RuntimeException.class, releases::close);
        assertInstanceOf(IllegalStateException.class, thrown);
        assertSame(failure, thrown.getCause());
    }

    @Test
    void afterAFailureErrorsAreSuppressedInIt() {
        RuntimeException failure = new IllegalStateException("the failure");
        RuntimeException closing = new IllegalStateException("closing");
        add("lock", null);
        add("file", closing);
        releases.closeAfter(failure);
        assertArrayEquals(new Throwable[] {closing}, failure.getSuppressed());
        assertEquals(List.of("file", "lock"), closed);
        RuntimeException other = new IllegalStateException("other");
        add("late", null);
        releases.closeAfter(other);
        assertEquals(0, other.getSuppressed().length);
        assertEquals(List.of("file", "lock", "late"), closed);
    }
}
