package dev.cairn.engine.verify;

/** Is told what a check finds, when it does, on the checking thread. */
@FunctionalInterface
public interface VerifyListener {

    void found(Finding finding);

    /** Some more of a part is done: {@code done} of {@code total} pages, or bytes of log. May never be called. */
    default void progress(String part, long done, long total) {}
}
