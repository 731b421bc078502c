package dev.cairn.storage.sort;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Keys in ascending order, in blocks of a {@link SortFile} that follow each other: written once, then read once. One thread. */
final class SortedRun implements Comparable<SortedRun> {

    /** Length of what stands before each key. */
    static final int LENGTH_BYTES = Short.BYTES;

    private final SortFile file;
    private final int end;
    private int block;
    private @Nullable ByteBuffer bytes;
    private byte[] key = {};

    /** @param end the first block that is not its own any more */
    SortedRun(SortFile file, int begin, int end) {
        this.file = file;
        this.block = begin;
        this.end = end;
    }

    /** Appends a key to a run in the making, whose last block is in {@code last}. */
    static void append(SortFile file, ByteBuffer last, byte[] key) {
        if (last.remaining() < LENGTH_BYTES + key.length) {
            file.append(last);
            last.position(SortFile.HEADER_BYTES);
        }
        last.putShort((short) key.length).put(key);
    }

    /** Goes to the next key; false behind the last one, when the run's memory is given back. */
    boolean next() {
        ByteBuffer present = bytes;
        if (present == null) {
            present = file.newBlock().limit(0);
            bytes = present;
        }
        if (!present.hasRemaining()) {
            if (block == end) {
                bytes = null;
                return false;
            }
            file.read(block++, present);
        }
        key = new byte[Short.toUnsignedInt(present.getShort())];
        present.get(key);
        return true;
    }

    byte[] key() {
        return key;
    }

    @Override
    public int compareTo(SortedRun other) {
        return Arrays.compareUnsigned(key, other.key);
    }
}
