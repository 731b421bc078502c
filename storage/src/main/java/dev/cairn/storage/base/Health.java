package dev.cairn.storage.base;

import java.util.concurrent.atomic.AtomicReference;

/**
 * The engine's one-way switch from working to failed. The first failure wins; afterwards nothing is written or
 * acknowledged. Thread-safe.
 */
public final class Health {

    private final AtomicReference<@org.jspecify.annotations.Nullable Throwable> first = new AtomicReference<>();

    /** Stops the engine. Returns the exception to throw, which carries the first cause. */
    public EngineFailedException fail(Throwable cause) {
        first.compareAndSet(null, cause);
        return failure();
    }

    /** @throws EngineFailedException if the engine has failed */
    public void check() {
        if (first.get() != null) {
            throw failure();
        }
    }

    public boolean isFailed() {
        return first.get() != null;
    }

    private EngineFailedException failure() {
        Throwable cause = first.get();
        return new EngineFailedException("the engine has failed and must be reopened: " + cause, cause);
    }
}
