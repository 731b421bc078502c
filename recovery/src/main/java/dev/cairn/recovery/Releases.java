package dev.cairn.recovery;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What has been opened so far, to be closed in reverse order. An error while closing does not keep the rest from being
 * closed: the directory lock, opened first, is always given back. One thread.
 */
final class Releases {

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    <T extends AutoCloseable> T add(T resource) {
        opened.push(resource);
        return resource;
    }

    /** Closes everything and throws the first error, if any, with the others suppressed in it. */
    void close() {
        RuntimeException first = closeAll();
        if (first != null) {
            throw first;
        }
    }

    /** Closes everything after a failure; errors are suppressed in it. */
    void closeAfter(Throwable failure) {
        RuntimeException first = closeAll();
        if (first != null) {
            failure.addSuppressed(first);
        }
    }

    private @Nullable RuntimeException closeAll() {
        RuntimeException failure = null;
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                RuntimeException unchecked = e instanceof RuntimeException r ? r : new IllegalStateException(e);
                if (failure == null) {
                    failure = unchecked;
                } else {
                    failure.addSuppressed(unchecked);
                }
            }
        }
        return failure;
    }
}
