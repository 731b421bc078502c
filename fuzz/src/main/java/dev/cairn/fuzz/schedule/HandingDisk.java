package dev.cairn.fuzz.schedule;

import dev.cairn.fuzz.disk.SimCrash;
import dev.cairn.storage.file.Disk;
import dev.cairn.storage.file.DiskFile;
import dev.cairn.storage.file.OpenMode;
import dev.cairn.storage.file.ReadWindow;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A disk as a simulated process sees it: before and after each call another thread may have its turn. When the disk loses
 * its power, the process ends.
 */
public final class HandingDisk implements Disk {

    private final Disk disk;
    private final SimScheduler scheduler;

    public HandingDisk(Disk disk, SimScheduler scheduler) {
        this.disk = disk;
        this.scheduler = scheduler;
    }

    private <T extends @Nullable Object> T handing(Supplier<T> call) {
        scheduler.handOver();
        T result;
        try {
            result = call.get();
        } catch (SimCrash e) {
            scheduler.failed(e);
            throw e;
        }
        scheduler.handOver();
        return result;
    }

    private void handingOver(Runnable call) {
        handing(() -> {
            call.run();
            return Boolean.TRUE;
        });
    }

    @Override
    public DiskFile open(String name, OpenMode mode) {
        return new File(handing(() -> disk.open(name, mode)));
    }

    @Override
    public void rename(String from, String to) {
        handingOver(() -> disk.rename(from, to));
    }

    @Override
    public void delete(String name) {
        handingOver(() -> disk.delete(name));
    }

    @Override
    public List<String> list() {
        return handing(disk::list);
    }

    @Override
    public void syncDirectory() {
        handingOver(disk::syncDirectory);
    }

    @Override
    public AutoCloseable lock() {
        return disk.lock();
    }

    @Override
    public @Nullable ByteBuffer scratch(int bytes) {
        return disk.scratch(bytes);
    }

    @Override
    public String describe() {
        return disk.describe();
    }

    private final class File implements DiskFile {
        private final DiskFile file;

        File(DiskFile file) {
            this.file = file;
        }

        @Override
        public String name() {
            return file.name();
        }

        @Override
        public int read(long offset, ByteBuffer into) {
            return handing(() -> file.read(offset, into));
        }

        @Override
        public void write(long offset, ByteBuffer from) {
            handingOver(() -> file.write(offset, from));
        }

        @Override
        public void writeThrough(long offset, ByteBuffer from) {
            handingOver(() -> file.writeThrough(offset, from));
        }

        @Override
        public void allocate(long from, long to) {
            handingOver(() -> file.allocate(from, to));
        }

        @Override
        public void truncate(long size) {
            handingOver(() -> file.truncate(size));
        }

        @Override
        public long size() {
            return file.size();
        }

        @Override
        public void sync(boolean metadata) {
            handingOver(() -> file.sync(metadata));
        }

        @Override
        public @Nullable ReadWindow map(long offset, long length) {
            ReadWindow window = file.map(offset, length);
            return window == null ? null : new Window(window);
        }

        @Override
        public void close() {
            file.close();
        }
    }

    private final class Window implements ReadWindow {
        private final ReadWindow window;

        Window(ReadWindow window) {
            this.window = window;
        }

        @Override
        public long length() {
            return window.length();
        }

        @Override
        public void copy(long offset, ByteBuffer into) {
            handingOver(() -> window.copy(offset, into));
        }
    }
}
