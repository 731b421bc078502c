package dev.cairn.stress;

import dev.cairn.storage.base.DiskException;
import dev.cairn.storage.file.Disk;
import dev.cairn.storage.file.DiskFile;
import dev.cairn.storage.file.OpenMode;
import java.util.List;
import java.util.TreeMap;

/** A disk on the heap that knows what has been synced, and remembers nothing else. Thread-safe. */
public final class HeapDisk implements Disk {

    private final TreeMap<String, HeapFile> files = new TreeMap<>();

    @Override
    public synchronized DiskFile open(String name, OpenMode mode) {
        HeapFile file = mode == OpenMode.CREATE ? new HeapFile(name) : files.get(name);
        if (file == null) {
            throw new DiskException(name + " does not exist");
        }
        files.put(name, file);
        return file;
    }

    @Override
    public synchronized void rename(String from, String to) {
        HeapFile file = files.remove(from);
        if (file == null) {
            throw new DiskException(from + " does not exist");
        }
        file.rename(to);
        files.put(to, file);
    }

    @Override
    public synchronized void delete(String name) {
        files.remove(name);
    }

    @Override
    public synchronized List<String> list() {
        return List.copyOf(files.keySet());
    }

    /** Copies bytes that have been synced. @return how many there are */
    public int readSynced(String name, long offset, byte[] target, int length) {
        HeapFile file;
        synchronized (this) {
            file = files.get(name);
        }
        return file == null ? 0 : file.readSynced((int) offset, target, length);
    }

    @Override
    public void syncDirectory() {
        // Names are as durable as they get.
    }

    @Override
    public AutoCloseable lock() {
        return () -> {};
    }

    @Override
    public String describe() {
        return "the heap";
    }
}
