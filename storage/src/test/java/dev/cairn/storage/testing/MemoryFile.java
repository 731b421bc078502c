package dev.cairn.storage.testing;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** One file's bytes, whatever its names: those it has, those that are durable, and what was written between. Guarded by its disk. */
final class MemoryFile {

    /** Bytes that lie at an offset of the file. */
    private record Piece(int offset, byte[] bytes) {
        int end() {
            return offset + bytes.length;
        }

        void copyInto(byte[] file) {
            int length = Math.min(bytes.length, file.length - offset);
            if (length > 0) {
                System.arraycopy(bytes, 0, file, offset, length);
            }
        }
    }

    private byte[] current = {};
    private int size;
    private byte[] durable = {};
    /** The writes since the last sync, in order. */
    private List<Piece> unsynced = new ArrayList<>();

    int size() {
        return size;
    }

    byte[] bytes() {
        return Arrays.copyOf(current, size);
    }

    byte[] durableBytes() {
        return durable.clone();
    }

    int read(long offset, ByteBuffer into) {
        int length = (int) Math.max(0, Math.min(into.remaining(), size - offset));
        if (length > 0) {
            into.put(current, (int) offset, length);
        }
        return length;
    }

    void write(int offset, ByteBuffer from) {
        byte[] bytes = new byte[from.remaining()];
        from.get(bytes);
        int end = Math.addExact(offset, bytes.length);
        if (end > current.length) {
            current = Arrays.copyOf(current, Math.max(end, 2 * current.length));
        }
        System.arraycopy(bytes, 0, current, offset, bytes.length);
        size = Math.max(size, end);
        unsynced.add(new Piece(offset, bytes));
    }

    void truncate(int newSize) {
        current = Arrays.copyOf(current, newSize);
        size = newSize;
    }

    void replace(byte[] bytes) {
        current = bytes.clone();
        size = bytes.length;
        durable = bytes.clone();
        unsynced.clear();
    }

    void sync() {
        durable = bytes();
        unsynced.clear();
    }

    /** Only this range is durable, as with O_DSYNC. */
    void syncRange(int offset, int length) {
        durable = durable.length == size ? durable : Arrays.copyOf(durable, size);
        System.arraycopy(current, offset, durable, offset, length);
        unsynced = bySector();
        unsynced.removeIf(piece -> piece.offset >= offset && piece.end() <= offset + length);
    }

    /** Each sector with one of its versions since the last sync. */
    byte[] torn(Random choices) {
        byte[] result = Arrays.copyOf(durable, size);
        Map<Integer, List<Piece>> sectors = new TreeMap<>();
        for (Piece piece : bySector()) {
            sectors.computeIfAbsent(piece.offset / MemoryDisk.SECTOR, s -> new ArrayList<>())
                    .add(piece);
        }
        for (List<Piece> versions : sectors.values()) {
            int kept = choices.nextInt(versions.size() + 1);
            versions.subList(0, kept).forEach(piece -> piece.copyInto(result));
        }
        return result;
    }

    private List<Piece> bySector() {
        List<Piece> pieces = new ArrayList<>();
        for (Piece piece : unsynced) {
            for (int at = piece.offset; at < piece.end(); ) {
                int end = Math.min(piece.end(), (at / MemoryDisk.SECTOR + 1) * MemoryDisk.SECTOR);
                boolean whole = end - at == piece.bytes.length;
                pieces.add(
                        whole
                                ? piece
                                : new Piece(
                                        at, Arrays.copyOfRange(piece.bytes, at - piece.offset, end - piece.offset)));
                at = end;
            }
        }
        return pieces;
    }
}
