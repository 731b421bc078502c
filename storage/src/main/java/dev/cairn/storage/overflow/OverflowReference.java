package dev.cairn.storage.overflow;

import dev.cairn.storage.base.CorruptionException;
import dev.cairn.storage.format.Layout;
import java.nio.ByteBuffer;

/**
 * What stands in a row instead of a value that lies on overflow pages. Creator and number name the value: pages that have
 * been given to another one since are recognised by them.
 *
 * @param firstPage of the table's overflow file, at least 1
 * @param creator the transaction that wrote the value
 * @param value tells the creator's values apart
 * @param length of the value in bytes, 0 to {@link #MAX_LENGTH}
 */
public record OverflowReference(int firstPage, long creator, int value, int length) {

    /** Length in bytes. */
    public static final int BYTES = 20;

    /** The longest value, in bytes. */
    public static final int MAX_LENGTH = 64 << 20;

    public static final Layout LAYOUT = Layout.named("overflow reference")
            .u32("firstPage", "the value's first page, in the overflow file of the table")
            .i64("creator", "transaction that wrote the value")
            .u32("value", "number that tells the creator's values apart")
            .u32("length", "of the value in bytes, at most 67108864")
            .size(BYTES);

    /** Appends it to a little-endian buffer. */
    public void put(ByteBuffer out) {
        out.putInt(firstPage).putLong(creator).putInt(value).putInt(length);
    }

    /**
     * Reads one from a little-endian buffer.
     *
     * @throws CorruptionException if it cannot be one
     * @throws java.nio.BufferUnderflowException if it is cut off
     */
    public static OverflowReference get(ByteBuffer in) {
        OverflowReference reference = new OverflowReference(in.getInt(), in.getLong(), in.getInt(), in.getInt());
        if (reference.firstPage < 1 || reference.creator < 1 || reference.length < 0 || reference.length > MAX_LENGTH) {
            throw new CorruptionException(
                    "expected a reference to a value of at most " + MAX_LENGTH + " bytes, found " + reference);
        }
        return reference;
    }
}
