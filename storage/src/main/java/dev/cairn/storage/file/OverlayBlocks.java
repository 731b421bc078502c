package dev.cairn.storage.file;

import dev.cairn.storage.base.DiskException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The private bytes of an {@link OverlayDisk}, in blocks with a number: the first ones in memory, the others in a temporary
 * file. Thread-safe.
 */
final class OverlayBlocks implements AutoCloseable {

    /** Length of a block. */
    static final int BYTES = 4096;

    /** The number of a block of zeros that is kept nowhere. */
    static final int ZEROS = -1;

    private static final String FILE = "blocks";

    private final int inMemory;
    private final Path temporary;
    private final List<byte[]> memory = new ArrayList<>();
    private final Deque<Integer> free = new ArrayDeque<>();
    private int count;
    private @Nullable Path directory;
    private @Nullable RealDisk spill;
    private @Nullable DiskFile file;

    /** @param temporary where the directory for the file is made when it is needed */
    OverlayBlocks(long memoryBytes, Path temporary) {
        this.temporary = temporary;
        this.inMemory = (int) Math.min(Integer.MAX_VALUE, Math.max(0, memoryBytes / BYTES));
    }

    /** Keeps a block of {@link #BYTES} bytes; returns its number. */
    synchronized int add(ByteBuffer content) {
        Integer freed = free.poll();
        int block = freed != null ? freed : count++;
        if (block < inMemory && block == memory.size()) {
            memory.add(new byte[BYTES]);
        }
        write(block, 0, content);
        return block;
    }

    synchronized void write(int block, int within, ByteBuffer from) {
        if (block < inMemory) {
            from.get(memory.get(block), within, from.remaining());
        } else {
            spilled().write(offset(block) + within, from);
        }
    }

    /** Fills the buffer's remaining space. */
    synchronized void read(int block, int within, ByteBuffer into) {
        if (block == ZEROS) {
            while (into.hasRemaining()) {
                into.put((byte) 0);
            }
        } else if (block < inMemory) {
            into.put(memory.get(block), within, into.remaining());
        } else {
            spilled().read(offset(block) + within, into);
        }
    }

    synchronized void free(int block) {
        if (block != ZEROS) {
            free.add(block);
        }
    }

    synchronized @Nullable ByteBuffer scratch(int bytes) {
        return disk().scratch(bytes);
    }

    @Override
    public synchronized void close() {
        memory.clear();
        RealDisk disk = spill;
        Path made = directory;
        if (disk == null || made == null) {
            return;
        }
        spill = null;
        directory = null;
        if (file != null) {
            file.close();
            file = null;
            disk.delete(FILE);
        }
        try {
            Files.delete(made);
        } catch (IOException e) {
            throw new DiskException("cannot delete " + made + ": " + e, e);
        }
    }

    private long offset(int block) {
        return (long) (block - inMemory) * BYTES;
    }

    private DiskFile spilled() {
        DiskFile open = file;
        if (open == null) {
            open = disk().open(FILE, OpenMode.CREATE);
            file = open;
        }
        return open;
    }

    private RealDisk disk() {
        RealDisk disk = spill;
        if (disk == null) {
            try {
                Path made = Files.createTempDirectory(temporary, "cairn-private-");
                directory = made;
                disk = new RealDisk(made);
                spill = disk;
            } catch (IOException e) {
                throw new DiskException("cannot make a temporary directory in " + temporary + ": " + e, e);
            }
        }
        return disk;
    }
}
