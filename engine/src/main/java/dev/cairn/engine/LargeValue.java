package dev.cairn.engine;

import dev.cairn.storage.base.CorruptionException;
import dev.cairn.storage.overflow.OverflowReference;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A text or byte array of a stored row that stands on overflow pages, and is read when it is asked for. One thread at a time. */
final class LargeValue {

    private final OverflowReference reference;
    private final ColumnType.Kind kind;
    private final Function<OverflowReference, byte @Nullable []> source;
    private @Nullable Object value;

    /** @param source gives null if the value has gone */
    LargeValue(
            OverflowReference reference, ColumnType.Kind kind, Function<OverflowReference, byte @Nullable []> source) {
        this.reference = reference;
        this.kind = kind;
        this.source = source;
    }

    OverflowReference reference() {
        return reference;
    }

    boolean isRead() {
        return value != null;
    }

    /** The value itself of what a row holds. */
    static @Nullable Object resolved(@Nullable Object value) {
        return value instanceof LargeValue large ? large.get() : value;
    }

    /** @throws IllegalStateException if the version that refers to it was rolled back or removed, so that the value is gone */
    Object get() {
        Object found = getIfThere();
        if (found == null) {
            throw gone(reference);
        }
        return found;
    }

    static IllegalStateException gone(OverflowReference reference) {
        return new IllegalStateException(
                "the value of " + reference.length() + " bytes is gone: its row was rolled back or removed");
    }

    @Nullable Object getIfThere() {
        if (value == null) {
            byte[] bytes = source.apply(reference);
            value = bytes == null || kind == ColumnType.Kind.BYTEA ? bytes : text(bytes);
        }
        return value;
    }

    private static String text(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new CorruptionException(
                    "expected UTF-8 in a text of " + bytes.length + " bytes, found other bytes", e);
        }
    }

    @Override
    public String toString() {
        return value == null ? "(" + reference.length() + " bytes)" : value.toString();
    }
}
