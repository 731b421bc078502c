package dev.cairn.storage.sort;

import dev.cairn.storage.base.Crc;
import dev.cairn.storage.base.DiskException;
import dev.cairn.storage.base.SqlState;
import dev.cairn.storage.base.TransactionException;
import dev.cairn.storage.file.Disk;
import dev.cairn.storage.file.DiskFile;
import dev.cairn.storage.file.OpenMode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A temporary file of blocks of one length, each written once. It dies with the process: nothing in it is ever synced, and a
 * file that a crash has left is removed when the database is opened.
 *
 * <p>What is read is checked all the same (I9): a block's checksum is seeded with the file's number and the block's place. An
 * error of the disk here costs the statement that sorts, not the engine. One thread.
 *
 * <pre>
 *   0        4         8
 *   | CRC-32C | length | content ... | not read |
 * </pre>
 */
public final class SortFile implements AutoCloseable {

    static final int HEADER_BYTES = 8;

    private static final String PREFIX = "sort-";
    private static final Pattern NAME = Pattern.compile(PREFIX + "[0-9a-f]{8}-[0-9]+");
    /** Space is taken so many blocks at a time. */
    private static final int BLOCKS_AHEAD = 16;

    private final Disk disk;
    private final String name;
    private final long seed;
    private final int blockBytes;
    private final DiskFile file;
    private int blocks;
    private int allocated;

    private SortFile(Disk disk, String name, long seed, int blockBytes) {
        this.disk = disk;
        this.name = name;
        this.seed = seed;
        this.blockBytes = blockBytes;
        this.file = disk.open(name, OpenMode.CREATE);
    }

    /**
     * Makes an empty one.
     *
     * @param number what is being sorted: used once while the database is open
     * @param pass of the sort
     */
    static SortFile create(Disk disk, int number, int pass, int blockBytes) {
        String name = PREFIX + HexFormat.of().toHexDigits(number) + "-" + pass;
        return asked(name, () -> new SortFile(disk, name, (long) number << Integer.SIZE | pass, blockBytes));
    }

    /** Whether a file of that name is a temporary one of a sort. */
    public static boolean isSortFile(String name) {
        return NAME.matcher(name).matches();
    }

    /** A block's bytes, to be filled behind {@link #HEADER_BYTES}. */
    ByteBuffer newBlock() {
        return ByteBuffer.allocate(blockBytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Blocks written so far. */
    int blocks() {
        return blocks;
    }

    /** Writes one more block: what stands before the buffer's position. */
    void append(ByteBuffer block) {
        int end = block.position();
        block.putInt(Integer.BYTES, end - HEADER_BYTES);
        block.flip().position(Integer.BYTES);
        block.putInt(0, Crc.of(seedOf(blocks), block));
        asked(name, () -> {
            if (blocks == allocated) {
                file.allocate(offset(blocks), offset(blocks + BLOCKS_AHEAD));
                allocated = blocks + BLOCKS_AHEAD;
            }
            file.write(offset(blocks), block.position(0));
            return name;
        });
        blocks++;
        block.clear();
    }

    /**
     * Reads a block: the buffer's remaining bytes are its content.
     *
     * @throws TransactionException 58030 if it is not what was written there
     */
    void read(int block, ByteBuffer into) {
        into.clear();
        asked(name, () -> file.readFully(offset(block), into));
        into.flip();
        int length = into.limit() < HEADER_BYTES ? -1 : into.getInt(Integer.BYTES);
        if (length < 0 || length > into.limit() - HEADER_BYTES) {
            throw failed(
                    name,
                    "expected a block at " + offset(block) + ", found " + into.limit() + " bytes that are none",
                    null);
        }
        into.limit(HEADER_BYTES + length).position(Integer.BYTES);
        if (Crc.of(seedOf(block), into) != into.getInt(0)) {
            throw failed(name, "the checksum of the block at " + offset(block) + " does not match", null);
        }
        into.position(HEADER_BYTES);
    }

    private long offset(int block) {
        return (long) block * blockBytes;
    }

    private long seedOf(int block) {
        return seed * 31 + block;
    }

    /** Removes the file. */
    @Override
    public void close() {
        asked(name, () -> {
            file.close();
            disk.delete(name);
            return name;
        });
    }

    private static <T> T asked(String name, Supplier<T> operation) {
        try {
            return operation.get();
        } catch (DiskException e) {
            throw failed(name, String.valueOf(e.getMessage()), e);
        }
    }

    private static TransactionException failed(String name, String why, @Nullable DiskException cause) {
        return new TransactionException(SqlState.IO_ERROR, "temporary file \"" + name + "\": " + why, cause);
    }
}
