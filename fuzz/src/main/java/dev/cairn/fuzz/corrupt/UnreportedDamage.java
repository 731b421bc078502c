package dev.cairn.fuzz.corrupt;

import org.jspecify.annotations.Nullable;

/** Damage that nobody reported, that led to a wrong answer, or to an error that is none of the declared ones. */
public final class UnreportedDamage extends RuntimeException {
    public UnreportedDamage(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
