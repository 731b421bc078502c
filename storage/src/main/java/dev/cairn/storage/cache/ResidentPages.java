package dev.cairn.storage.cache;

import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.memory.PageMemory;
import dev.cairn.storage.memory.PageWindow;
import java.util.function.ToIntFunction;

/**
 * Several pages of one file that are in memory, read optimistically: nothing is read in, and what was read of a page counts if it
 * {@link #validate}s afterwards. It looks at nothing but two words of each page and the page itself, where the way by {@link PageCache#find}
 * looks at the frame too: in a scan of many pages each of these is a line of memory to be waited for, while the words of thousands of pages stay in
 * the processor's caches.
 *
 * <p>To be used again and again; allocates nothing. Not thread-safe.
 */
public final class ResidentPages {

    private final FileTable files;
    private final PageWindow window;
    private final int[] pageNos;
    private final long[] stamps;
    private final long[] addresses;
    private final int[] layouts;
    private PageTable table = new PageTable();
    private int fileId;

    ResidentPages(FileTable files, PageMemory memory, int most) {
        this.files = files;
        this.window = memory.window();
        this.pageNos = new int[most];
        this.stamps = new long[most];
        this.addresses = new long[most];
        this.layouts = new int[most];
    }

    /**
     * Starts reading these pages.
     *
     * @param ids the pages' numbers, above bits that are not looked at
     * @param shift how many those are
     */
    public void find(int fileId, long[] ids, int shift, int count) {
        this.fileId = fileId;
        table = files.require(fileId).pages();
        for (int i = 0; i < count; i++) {
            int pageNo = (int) (ids[i] >>> shift);
            long stamp = table.stamp(pageNo);
            if (stamp != PageStamp.NONE) {
                addresses[i] = window.addressOf(PageStamp.frame(stamp));
                if (!PageStamp.isUsed(stamp)) {
                    table.restamp(pageNo, stamp, PageStamp.used(stamp));
                }
            }
            pageNos[i] = pageNo;
            stamps[i] = stamp;
            layouts[i] = table.layout(pageNo);
        }
    }

    /** Whether one of them can be read; else it is not in memory, or being changed. */
    public boolean isFound(int i) {
        return stamps[i] != PageStamp.NONE;
    }

    /** One of those that are found, until another one is asked for. What is read is provisional, exceptions included. */
    public PageBuffer page(int i) {
        return window.at(addresses[i]);
    }

    /** What {@link #describe} has said of one of those that are found, if it validates; 0 if nothing has been said since it last changed. */
    public int layout(int i) {
        return layouts[i];
    }

    /**
     * Finds out how one of those that are found is laid out, for whoever finds it next, if nobody has it latched. Latches it for that long: what is
     * said of it is of the page as it then is, and forgotten with its next change.
     *
     * @param how what is to be said of the page, not 0; must not throw
     */
    public void describe(int i, ToIntFunction<PageBuffer> how) {
        Frame frame = table.get(pageNos[i]);
        if (frame == null || frame.tryLatch() == Frame.LATCHED) {
            return;
        }
        try {
            if (frame.holds(fileId, pageNos[i])) {
                frame.layout(how.applyAsInt(frame.page()));
            }
        } finally {
            frame.unlatchUnchanged();
        }
    }

    /** Whether all that was read of one of them since it was found was this page, unchanged. */
    public boolean validate(int i) {
        PageMemory.acquireFence();
        return PageStamp.used(table.stamp(pageNos[i])) == PageStamp.used(stamps[i]);
    }
}
