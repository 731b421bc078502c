package dev.cairn.storage.cache;

import dev.cairn.storage.base.Scheduler;
import dev.cairn.storage.file.DiskFile;
import dev.cairn.storage.file.ReadWindow;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The read-only mappings of one file, each of a fixed stretch of it. The last one ends where the file ended when it was
 * made and is made anew, longer, when a page behind it is asked for; the old one goes when nobody reads from it any more.
 * Thread-safe.
 */
final class WindowSet {

    static final long WINDOW_BYTES = 64L << 20;

    private final DiskFile file;
    private final int pageSize;
    private final Scheduler.Mutex mapping;
    private volatile @Nullable ReadWindow[] windows = new ReadWindow[0];
    private volatile boolean unsupported;

    WindowSet(DiskFile file, int pageSize, Scheduler scheduler) {
        this.file = file;
        this.pageSize = pageSize;
        this.mapping = scheduler.newMutex();
    }

    /** Bytes from the start of its window. */
    static long offsetIn(long fileOffset) {
        return fileOffset % WINDOW_BYTES;
    }

    /**
     * A window with the whole page at this offset in it; null if there can be none.
     *
     * @param fileBytes up to where the file is allocated, and will not be cut back to
     */
    @Nullable ReadWindow at(long fileOffset, long fileBytes) {
        if (unsupported) {
            return null;
        }
        int index = (int) (fileOffset / WINDOW_BYTES);
        long end = offsetIn(fileOffset) + pageSize;
        @Nullable ReadWindow[] made = windows;
        ReadWindow window = index < made.length ? made[index] : null;
        if (window != null && window.length() >= end) {
            return window;
        }
        return fileOffset + pageSize <= fileBytes ? map(index, end, fileBytes) : null;
    }

    private @Nullable ReadWindow map(int index, long end, long fileBytes) {
        mapping.lock();
        try {
            @Nullable ReadWindow[] made = windows;
            ReadWindow window = index < made.length ? made[index] : null;
            if (window != null && window.length() >= end) {
                return window;
            }
            long start = index * WINDOW_BYTES;
            window = file.map(start, Math.min(WINDOW_BYTES, fileBytes - start));
            if (window == null) {
                unsupported = true;
                return null;
            }
            made = Arrays.copyOf(made, Math.max(made.length, index + 1));
            made[index] = window;
            windows = made;
            return window;
        } finally {
            mapping.unlock();
        }
    }
}
