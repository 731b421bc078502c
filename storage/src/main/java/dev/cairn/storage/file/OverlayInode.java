package dev.cairn.storage.file;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A file of an {@link OverlayDisk}: its private blocks, and below them the base's file as far as that still counts. A block
 * that is written for the first time is copied whole. Thread-safe.
 */
final class OverlayInode {

    private final @Nullable Disk base;
    private final String baseName;
    private final OverlayBlocks blocks;
    /** Block number to where it is kept; {@link OverlayBlocks#ZEROS} for zeros that are kept nowhere. */
    private final Map<Long, Integer> own = new HashMap<>();

    private @Nullable DiskFile baseFile;
    private long size = -1;
    /** The base's bytes count below this only; what is not private from here on is zeros. */
    private long baseLimit;

    /** @param base null for a file that was made here */
    OverlayInode(@Nullable Disk base, String baseName, OverlayBlocks blocks) {
        this.base = base;
        this.baseName = baseName;
        this.blocks = blocks;
        if (base == null) {
            size = 0;
        }
    }

    synchronized long size() {
        openBase();
        return size;
    }

    synchronized int read(long offset, ByteBuffer into) {
        openBase();
        int wanted = (int) Math.max(0, Math.min(into.remaining(), size - offset));
        int limit = into.limit();
        long end = offset + wanted;
        for (long at = offset; at < end; ) {
            long block = at / OverlayBlocks.BYTES;
            int within = (int) (at % OverlayBlocks.BYTES);
            int length = (int) Math.min(OverlayBlocks.BYTES - within, end - at);
            into.limit(into.position() + length);
            readBlock(block, within, into);
            at += length;
        }
        into.limit(limit);
        return wanted;
    }

    synchronized void write(long offset, ByteBuffer from) {
        openBase();
        int limit = from.limit();
        long end = offset + from.remaining();
        for (long at = offset; at < end; ) {
            long block = at / OverlayBlocks.BYTES;
            int within = (int) (at % OverlayBlocks.BYTES);
            int length = (int) Math.min(OverlayBlocks.BYTES - within, end - at);
            from.limit(from.position() + length);
            blocks.write(writable(block, length == OverlayBlocks.BYTES), within, from);
            at += length;
        }
        from.limit(limit);
        size = Math.max(size, end);
    }

    /** Real zeros, but kept nowhere where whole blocks are concerned. */
    synchronized void zero(long from, long to) {
        openBase();
        for (long at = from; at < to; ) {
            long block = at / OverlayBlocks.BYTES;
            int within = (int) (at % OverlayBlocks.BYTES);
            int length = (int) Math.min(OverlayBlocks.BYTES - within, to - at);
            boolean beyond = block * OverlayBlocks.BYTES >= baseLimit;
            if (length == OverlayBlocks.BYTES || (beyond && !own.containsKey(block))) {
                forget(block);
                if (!beyond) {
                    own.put(block, OverlayBlocks.ZEROS);
                }
            } else {
                blocks.write(writable(block, false), within, ByteBuffer.allocate(length));
            }
            at += length;
        }
        size = Math.max(size, to);
    }

    synchronized void truncate(long newSize) {
        openBase();
        if (newSize < size) {
            long rest = newSize % OverlayBlocks.BYTES;
            long last = newSize / OverlayBlocks.BYTES;
            if (rest != 0) {
                int dropped = (int) (OverlayBlocks.BYTES - rest);
                blocks.write(writable(last, false), (int) rest, ByteBuffer.allocate(dropped));
                last++;
            }
            long firstGone = last;
            own.keySet().stream().filter(block -> block >= firstGone).toList().forEach(this::forget);
            baseLimit = Math.min(baseLimit, newSize);
        }
        size = newSize;
    }

    synchronized void close() {
        DiskFile open = baseFile;
        baseFile = null;
        if (open != null) {
            open.close();
        }
    }

    private void openBase() {
        Disk from = base;
        if (from != null && size < 0) {
            DiskFile opened = from.open(baseName, OpenMode.READ);
            baseFile = opened;
            size = opened.size();
            baseLimit = size;
        }
    }

    /** Where the block is kept, to be written to. */
    private int writable(long block, boolean whole) {
        Integer slot = own.get(block);
        if (slot != null && slot != OverlayBlocks.ZEROS) {
            return slot;
        }
        ByteBuffer content = ByteBuffer.allocate(OverlayBlocks.BYTES);
        if (!whole) {
            readBlock(block, 0, content);
            content.clear();
        }
        int made = blocks.add(content);
        own.put(block, made);
        return made;
    }

    /** Fills the buffer's remaining space, with zeros where there is nothing. */
    private void readBlock(long block, int within, ByteBuffer into) {
        Integer slot = own.get(block);
        if (slot != null) {
            blocks.read(slot, within, into);
            return;
        }
        long from = block * OverlayBlocks.BYTES + within;
        DiskFile file = baseFile;
        int limit = into.limit();
        if (file != null && from < baseLimit) {
            into.limit((int) Math.min(limit, into.position() + (baseLimit - from)));
            file.readFully(from, into);
            into.limit(limit);
        }
        while (into.hasRemaining()) {
            into.put((byte) 0);
        }
    }

    private void forget(long block) {
        Integer slot = own.remove(block);
        if (slot != null) {
            blocks.free(slot);
        }
    }
}
