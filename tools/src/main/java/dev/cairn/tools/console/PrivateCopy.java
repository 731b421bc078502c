package dev.cairn.tools.console;

import dev.cairn.recovery.ControlFile;
import dev.cairn.storage.file.RealDisk;
import dev.cairn.wal.WalReader;
import dev.cairn.wal.segment.SegmentNames;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Copies a directory that somebody may be writing so that recovery makes one state of the copy. The order does it:
 *
 * <ol>
 *   <li>the control file, whose redo point all that follows is newer than;
 *   <li>every other file but the log: a page may be torn or of any later moment, but what was done to it since the redo point is
 *       in the log, with an image of it first;
 *   <li>the log, from its end to its beginning: so all that the copied pages hold is in it, and where a piece was copied
 *       before its bytes were written, no later piece has any.
 * </ol>
 *
 * Segments that were recycled meanwhile are missing then, and opening the copy fails. Zeros are not written.
 */
final class PrivateCopy {

    /** No larger than what the operating system copies at once, so that backwards is backwards. */
    private static final int CHUNK_BYTES = 4096;

    private final Path from;
    private final Path to;
    private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);

    private PrivateCopy(Path from, Path to) {
        this.from = from;
        this.to = to;
    }

    /**
     * Copies.
     *
     * @param names the files of the database, as listed
     * @return whether all of the log that was listed was still there
     */
    static boolean make(Path from, Path to, List<String> names) {
        return new PrivateCopy(from, to).run(names);
    }

    private boolean run(List<String> names) {
        copy(ControlFile.NAME);
        for (String name : names) {
            if (!name.equals(ControlFile.NAME) && !SegmentNames.isLogFile(name)) {
                // A file that is gone was dropped, and the log says so.
                copy(name);
            }
        }
        List<String> log = new ArrayList<>();
        WalReader.segments(new RealDisk(from)).forEach(segment -> log.add(0, SegmentNames.of(segment)));
        boolean whole = true;
        for (String name : log) {
            whole &= copy(name);
        }
        return whole;
    }

    /** Backwards; false if there is no such file any more. */
    private boolean copy(String name) {
        try (FileChannel source = FileChannel.open(from.resolve(name), StandardOpenOption.READ);
                FileChannel target =
                        FileChannel.open(to.resolve(name), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            long size = source.size();
            if (size > 0) {
                target.write(ByteBuffer.allocate(1), size - 1);
            }
            for (long at = (size - 1) / CHUNK_BYTES * CHUNK_BYTES; at >= 0 && size > 0; at -= CHUNK_BYTES) {
                read(source, at, (int) Math.min(CHUNK_BYTES, size - at));
                write(target, at);
            }
            return true;
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read(FileChannel source, long at, int length) throws IOException {
        chunk.clear().limit(length);
        while (chunk.hasRemaining() && source.read(chunk, at + chunk.position()) >= 0) {
            continue; // until it is full, or the file has become shorter
        }
        chunk.flip();
    }

    private void write(FileChannel target, long at) throws IOException {
        byte[] bytes = chunk.array();
        int length = chunk.limit();
        boolean zero = true;
        for (int i = 0; zero && i < length; i++) {
            zero = bytes[i] == 0;
        }
        while (!zero && chunk.hasRemaining()) {
            target.write(chunk, at + chunk.position());
        }
    }
}
