package dev.cairn.storage.cache;

import dev.cairn.storage.base.CrashPoint;
import dev.cairn.storage.base.Environment;
import dev.cairn.storage.base.Health;
import dev.cairn.storage.base.MemoryGate;
import dev.cairn.storage.base.Scheduler;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.memory.PageMemory;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * All frames, and the clock that finds one for a page that comes in: a hand goes round, passes over what was used since
 * its last round, over frames that are latched or being written, and writes back what is dirty. It never waits for a
 * frame, so a thread may ask for one while it holds latches.
 *
 * <p>When every frame stays latched, because that many threads hold some while they want another, waiting would be a
 * deadlock: then the pool makes one frame more. As a thread holds at most two latches, it never gets larger than what
 * was asked for and two frames a thread.
 */
final class FramePool {

    /** So many rounds of the hand, with backing off between, and every frame counts as stuck. */
    private static final int ROUNDS_UNTIL_STUCK = 200;

    private static final int LEAST_CLEANED_AHEAD = 8;

    private final FileTable files;
    private final PageWriter writer;
    private final Scheduler scheduler;
    private final MemoryGate memoryGate;
    private final Health health;
    private final PageMemory memory;
    private final AtomicLong hand = new AtomicLong();
    private final AtomicLong evictions = new AtomicLong();
    /** Replaced by a longer one under this object's monitor. */
    private volatile Frame[] frames;

    FramePool(PageMemory memory, FileTable files, PageWriter writer, Environment environment, Health health) {
        this.memory = memory;
        this.files = files;
        this.writer = writer;
        this.scheduler = environment.scheduler();
        this.memoryGate = environment.memory();
        this.health = health;
        this.frames = new Frame[memory.frames()];
        for (int i = 0; i < frames.length; i++) {
            frames[i] = new Frame(i, memory.frame(i));
        }
    }

    /** All frames there are now; not to be changed. */
    Frame[] all() {
        return frames;
    }

    PageMemory memory() {
        return memory;
    }

    long evictions() {
        return evictions.get();
    }

    /** A frame that holds nothing, latched by the caller. */
    Frame claim() {
        for (int round = 0; round < ROUNDS_UNTIL_STUCK; round++) {
            health.check();
            Frame[] now = frames;
            // Twice round: the first time may only find that all were used.
            for (int i = 0; i < 2 * now.length; i++) {
                Frame frame = now[(int) (hand.getAndIncrement() % now.length)];
                if (tryClaim(frame)) {
                    return frame;
                }
            }
            scheduler.spin(round);
        }
        return add();
    }

    /** Takes what the caller has latched away from its page. */
    void vacate(Frame frame) {
        if (frame.identity() != Frame.NOBODY) {
            DataFile file = files.get(frame.fileId());
            if (file != null) {
                file.pages().release(frame.pageNo(), frame);
            }
            frame.vacate();
        }
    }

    /**
     * Writes back some of the frames that the hand will come to next, so that whoever needs one finds it clean.
     *
     * @param most pages to write
     * @return pages written
     */
    int cleanAhead(int most) {
        Frame[] now = frames;
        long from = hand.get();
        if (from < now.length) {
            // There are frames that no page was ever in.
            return 0;
        }
        int written = 0;
        int ahead = Math.min(now.length, Math.max(LEAST_CLEANED_AHEAD, now.length / 8));
        for (int i = 0; i < ahead && written < most; i++) {
            Frame frame = now[(int) ((from + i) % now.length)];
            if (!frame.isReferenced() && frame.isDirty() && writer.tryWrite(frame)) {
                written++;
            }
        }
        return written;
    }

    void close() {
        for (Frame frame : frames) {
            frame.retire();
        }
        memory.close();
    }

    private boolean tryClaim(Frame frame) {
        if (frame.beginRead() == Frame.LATCHED) {
            return false;
        }
        if (frame.isReferenced()) {
            frame.clearReferenced();
            return false;
        }
        if (frame.isDirty() && !writer.tryWrite(frame)) {
            return false;
        }
        scheduler.point(CrashPoint.CACHE_CLAIM);
        if (frame.tryLatch() == Frame.LATCHED) {
            return false;
        }
        if (frame.isDirty()) {
            frame.unlatchUnchanged();
            return false;
        }
        if (frame.identity() != Frame.NOBODY) {
            evictions.incrementAndGet();
            vacate(frame);
        }
        return true;
    }

    private synchronized Frame add() {
        Frame[] now = frames;
        memoryGate.taking(memory.pageSize());
        Frame frame = Frame.unstamped(now.length, PageBuffer.allocate(memory.pageSize()));
        if (frame.tryLatch() == Frame.LATCHED) {
            throw new IllegalStateException("a new frame is latched");
        }
        Frame[] more = Arrays.copyOf(now, now.length + 1);
        more[now.length] = frame;
        frames = more;
        return frame;
    }
}
