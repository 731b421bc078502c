package dev.cairn.storage.sort;

import dev.cairn.storage.base.TransactionException;
import dev.cairn.storage.file.Disk;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Sorts keys, as unsigned bytes, in bounded memory: an external merge sort (Knuth, volume 3, 5.4). Keys are sorted in
 * memory as long as they fit; then each memory full is written to a temporary file as a run, and runs are merged, as many at a
 * time as there is memory for a block of each, until the last merge gives the keys in order. Equal keys come once.
 *
 * <p>First {@link #add}, then {@link #next}. {@link #close} removes the temporary files. Errors of the disk are
 * {@link TransactionException}s: 53100 if there is no room, else 58030. One thread.
 */
public final class KeySort implements AutoCloseable {

    /** What a key in memory takes besides its bytes: the array's header and rounding, the reference, and what sorting it takes. */
    private static final int KEY_OVERHEAD = 32;

    private static final int MOST_BLOCK_BYTES = 256 << 10;
    private static final int BLOCKS_IN_MEMORY = 16;
    private static final int FIRST_CAPACITY = 64;

    private final Disk disk;
    private final int number;
    private final int memoryBytes;
    private final int blockBytes;

    private byte[][] keys = new byte[FIRST_CAPACITY][];
    private int count;
    private int nextInMemory;
    private long bytes;
    private List<SortedRun> runs = new ArrayList<>();
    private @Nullable SortFile file;
    private int runsWritten;
    private int pass;
    private @Nullable PriorityQueue<SortedRun> merge;
    private byte[] key = {};

    /**
     * A sort of no keys yet.
     *
     * @param number what is being sorted; names the temporary files, used once while the database is open
     * @param memoryBytes about how much memory it takes
     * @param maxKeyBytes the longest key, at most 65,535 bytes
     */
    public KeySort(Disk disk, int number, int memoryBytes, int maxKeyBytes) {
        this.disk = disk;
        this.number = number;
        this.memoryBytes = memoryBytes;
        int least = SortFile.HEADER_BYTES + SortedRun.LENGTH_BYTES + maxKeyBytes;
        this.blockBytes = Math.max(least, Math.min(MOST_BLOCK_BYTES, memoryBytes / BLOCKS_IN_MEMORY));
    }

    /** Takes a key, and keeps it: it must not change. */
    public void add(byte[] added) {
        long taken = added.length + (long) KEY_OVERHEAD;
        if (bytes + taken > memoryBytes && count > 0) {
            writeRun();
        }
        if (count == keys.length) {
            keys = Arrays.copyOf(keys, 2 * count);
        }
        keys[count++] = added;
        bytes += taken;
    }

    /** Runs written so far; merged ones count again. */
    public int runs() {
        return runsWritten;
    }

    /** Merges over all keys so far, the last one, which gives them in order, included; 0 if they all fit in memory. */
    public int passes() {
        return merge == null ? pass : pass + 1;
    }

    /** Goes to the next key in order; false if there is none. After the first call nothing can be added. */
    public boolean next() {
        if (merge == null && !runs.isEmpty()) {
            merge = mergeAll();
        }
        return merge == null ? nextInMemory() : nextOf(merge);
    }

    /** The current key. */
    public byte[] key() {
        return key;
    }

    private boolean nextInMemory() {
        if (nextInMemory == 0) {
            Arrays.sort(keys, 0, count, Arrays::compareUnsigned);
        }
        while (nextInMemory < count) {
            byte[] next = keys[nextInMemory++];
            if (nextInMemory == 1 || !Arrays.equals(next, key)) {
                key = next;
                return true;
            }
        }
        return false;
    }

    private boolean nextOf(PriorityQueue<SortedRun> from) {
        SortedRun least = from.poll();
        if (least == null) {
            return false;
        }
        key = least.key();
        advance(from, least);
        // The same key may stand in several runs, and at first more than once in one.
        SortedRun equal = from.peek();
        while (equal != null && Arrays.equals(equal.key(), key)) {
            from.poll();
            advance(from, equal);
            equal = from.peek();
        }
        return true;
    }

    private static void advance(PriorityQueue<SortedRun> from, SortedRun run) {
        if (run.next()) {
            from.add(run);
        }
    }

    private void writeRun() {
        Arrays.sort(keys, 0, count, Arrays::compareUnsigned);
        SortFile into = file == null ? SortFile.create(disk, number, pass, blockBytes) : file;
        file = into;
        int begin = into.blocks();
        ByteBuffer block = into.newBlock().position(SortFile.HEADER_BYTES);
        for (int i = 0; i < count; i++) {
            SortedRun.append(into, block, keys[i]);
        }
        into.append(block);
        runs.add(new SortedRun(into, begin, into.blocks()));
        runsWritten++;
        Arrays.fill(keys, 0, count, new byte[0]);
        count = 0;
        bytes = 0;
    }

    private PriorityQueue<SortedRun> mergeAll() {
        if (count > 0) {
            writeRun();
        }
        keys = new byte[0][];
        int atOnce = Math.max(2, memoryBytes / blockBytes - 1);
        while (runs.size() > atOnce) {
            mergePass(atOnce);
        }
        return queue(runs);
    }

    /** Merges runs, so many at a time, into fewer and longer ones in a new file. */
    private void mergePass(int atOnce) {
        SortFile from = file;
        pass++;
        SortFile into = SortFile.create(disk, number, pass, blockBytes);
        file = into;
        List<SortedRun> merged = new ArrayList<>();
        try {
            for (int i = 0; i < runs.size(); i += atOnce) {
                PriorityQueue<SortedRun> some = queue(runs.subList(i, Math.min(runs.size(), i + atOnce)));
                int begin = into.blocks();
                ByteBuffer block = into.newBlock().position(SortFile.HEADER_BYTES);
                while (nextOf(some)) {
                    SortedRun.append(into, block, key);
                }
                into.append(block);
                merged.add(new SortedRun(into, begin, into.blocks()));
                runsWritten++;
            }
        } finally {
            if (from != null) {
                from.close();
            }
        }
        runs = merged;
    }

    private static PriorityQueue<SortedRun> queue(List<SortedRun> runs) {
        PriorityQueue<SortedRun> queue = new PriorityQueue<>();
        runs.forEach(run -> advance(queue, run));
        return queue;
    }

    /** Removes what there is of temporary files. Idempotent. */
    @Override
    public void close() {
        SortFile open = file;
        file = null;
        if (open != null) {
            open.close();
        }
    }
}
