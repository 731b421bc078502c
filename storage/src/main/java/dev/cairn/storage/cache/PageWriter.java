package dev.cairn.storage.cache;

import dev.cairn.storage.base.CrashPoint;
import dev.cairn.storage.base.EngineFailedException;
import dev.cairn.storage.base.Environment;
import dev.cairn.storage.base.Health;
import dev.cairn.storage.base.Scheduler;
import dev.cairn.storage.memory.IoBuffers;
import dev.cairn.storage.page.PageChecks;
import dev.cairn.storage.page.PageHeader;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Writes frames back: a consistent copy of the page, its checksum, the log durable up to the copy's pageLsn (I1), the
 * write; the frame is clean if it was not changed meanwhile. Any failure stops the engine. Thread-safe.
 */
final class PageWriter {

    private static final int OPTIMISTIC_TURNS = 8;

    private final FileTable files;
    private final WalBarrier wal;
    private final Scheduler scheduler;
    private final Health health;
    private final PageChecks checks;
    private final IoBuffers buffers;
    private final AtomicLong written = new AtomicLong();

    PageWriter(
            FileTable files,
            WalBarrier wal,
            Environment environment,
            Health health,
            PageChecks checks,
            IoBuffers buffers) {
        this.files = files;
        this.wal = wal;
        this.scheduler = environment.scheduler();
        this.health = health;
        this.checks = checks;
        this.buffers = buffers;
    }

    long written() {
        return written.get();
    }

    /**
     * Writes the frame if it is dirty and nobody stands in the way; waits for no latch.
     *
     * @return false if the frame is latched or another thread is writing it
     */
    boolean tryWrite(Frame frame) {
        return write(frame, false);
    }

    /**
     * Sees to it that the page as it is now, if dirty, or as the thread that has it latched now leaves it, reaches its file.
     * The caller holds no latch.
     */
    void writeNow(Frame frame) {
        long begun = frame.version();
        for (int turn = 0; (begun & 1) != 0 && frame.version() == begun; turn++) {
            pause(turn);
        }
        for (int turn = 0; frame.isDirty() && !write(frame, true); turn++) {
            pause(turn);
        }
    }

    /** Waits a little for another thread; throws if the engine has failed, since that thread may have died of it. */
    private void pause(int turn) {
        health.check();
        scheduler.spin(turn);
    }

    private boolean write(Frame frame, boolean patient) {
        health.check();
        if (!frame.beginWriting()) {
            return false;
        }
        DataFile file;
        try {
            file = writeCopy(frame, patient);
        } catch (EngineFailedException e) {
            throw health.isFailed() ? e : health.fail(e);
        } catch (RuntimeException | Error e) {
            throw health.fail(e);
        } finally {
            frame.endWriting();
        }
        if (file == null) {
            return !frame.isDirty();
        }
        file.syncIfMuchIsUnsynced();
        return true;
    }

    /** The file written to; null if the frame turned out clean, or latched by another and the caller is not patient. */
    private @Nullable DataFile writeCopy(Frame frame, boolean patient) {
        ByteBuffer copy = buffers.acquire();
        try {
            for (int turn = 0; turn < OPTIMISTIC_TURNS; turn++) {
                long begun = frame.beginRead();
                if (begun != Frame.LATCHED) {
                    boolean dirty = frame.isDirty();
                    int fileId = frame.fileId();
                    int pageNo = frame.pageNo();
                    copyPage(frame, copy);
                    scheduler.point(CrashPoint.CACHE_COPY);
                    if (frame.unchangedSince(begun)) {
                        return dirty ? writeOut(frame, begun, fileId, pageNo, copy) : null;
                    }
                } else if (!patient) {
                    return null;
                }
                scheduler.spin(turn);
            }
            return patient ? writeLatched(frame, copy) : null;
        } finally {
            buffers.release(copy);
        }
    }

    private @Nullable DataFile writeLatched(Frame frame, ByteBuffer copy) {
        long begun = frame.tryLatch();
        for (int turn = 0; begun == Frame.LATCHED; turn++) {
            pause(turn);
            begun = frame.tryLatch();
        }
        boolean dirty = frame.isDirty();
        int fileId = frame.fileId();
        int pageNo = frame.pageNo();
        copyPage(frame, copy);
        frame.unlatchUnchanged();
        return dirty ? writeOut(frame, begun, fileId, pageNo, copy) : null;
    }

    private static void copyPage(Frame frame, ByteBuffer copy) {
        copy.clear();
        frame.page().writeTo(copy);
        copy.clear();
    }

    private DataFile writeOut(Frame frame, long copied, int fileId, int pageNo, ByteBuffer copy) {
        long pageLsn = PageHeader.pageLsn(copy);
        checks.seal(copy);
        wal.awaitDurable(pageLsn);
        health.check();
        DataFile file = files.require(fileId);
        file.write(pageNo, copy, pageLsn);
        written.incrementAndGet();
        scheduler.point(CrashPoint.CACHE_WRITTEN);
        frame.cleanIfUnchangedSince(copied);
        return file;
    }
}
