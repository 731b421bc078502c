package dev.cairn.engine;

import dev.cairn.storage.overflow.OverflowReference;
import dev.cairn.txn.overflow.OverflowReader;
import java.io.InputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A large value piece by piece, as {@link Table#stream} gives it out. Used by one thread, while the transaction is open. */
final class LargeInput extends InputStream {

    private static final int END = -1;
    private static final int BYTE = 0xFF;

    private final LargeReads reads;
    private final OverflowReference reference;
    private final OverflowReader.Pieces pieces;
    private byte @Nullable [] piece = new byte[0];
    private int at;

    LargeInput(LargeReads reads, LargeValues values, OverflowReference reference) {
        this.reads = reads;
        this.reference = reference;
        this.pieces = reads.part(reference, () -> values.pieces(reference));
    }

    /** The piece to read from, if there is any left. */
    private byte @Nullable [] piece() {
        byte[] present = piece;
        if (present != null && at == present.length) {
            present = reads.part(reference, pieces::next);
            piece = present;
            at = 0;
        }
        return present;
    }

    @Override
    public int read() {
        byte[] present = piece();
        return present == null ? END : present[at++] & BYTE;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, into.length);
        if (length == 0) {
            return 0;
        }
        byte[] present = piece();
        if (present == null) {
            return END;
        }
        int count = Math.min(length, present.length - at);
        System.arraycopy(present, at, into, offset, count);
        at += count;
        return count;
    }

    @Override
    public int available() {
        byte[] present = piece;
        return present == null ? 0 : present.length - at;
    }
}
