package dev.cairn.fuzz.disk;

import dev.cairn.fuzz.disk.FaultPlan.Fault;
import dev.cairn.storage.base.DiskException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Bytes on their way to and from a simulated disk, with what may befall them there. */
final class FaultyTransfer {

    private FaultyTransfer() {}

    static int read(Fault fault, DiskOperation operation, SimInode inode, ByteBuffer into) {
        long there = Math.max(0, Math.min(operation.length(), inode.size() - operation.offset()));
        long draw = draw(operation);
        long at = there == 0 ? 0 : Long.remainderUnsigned(draw >>> 3, there);
        int bit = (int) (draw & 7);
        if (fault == Fault.IO_ERROR) {
            throw new DiskException("I/O error, as planned: " + operation);
        }
        if (fault == Fault.BAD_SECTOR) {
            inode.faults().unreadable(inode.sectorOf(operation.offset() + at));
        }
        if (fault == Fault.FLIP_ON_DISK && there > 0) {
            inode.flip(operation.offset() + at, bit);
        }
        int start = into.position();
        int limit = into.limit();
        if (fault == Fault.SHORT_READ && there > 1) {
            into.limit(start + 1 + (int) (at % (there - 1)));
        }
        int read = inode.read(operation.offset(), into);
        into.limit(limit);
        if (fault == Fault.FLIP_IN_TRANSIT && read > 0) {
            int index = start + (int) at;
            into.put(index, (byte) (into.get(index) ^ 1 << bit));
        }
        return read;
    }

    /** @param files all there are */
    static void write(
            Fault fault, DiskOperation operation, SimInode inode, byte[] bytes, Supplier<List<SimInode>> files) {
        long offset = operation.offset();
        switch (fault) {
            case LOST_WRITE -> {}
            case MISDIRECTED_WRITE -> misdirect(operation, inode, bytes);
            case MISDIRECTED_TO_OTHER_FILE -> {
                List<SimInode> all = files.get();
                SimInode other = all.get((int) Long.remainderUnsigned(draw(operation), all.size()));
                if (other != inode) {
                    misdirect(operation, other, bytes);
                }
            }
            case STALE_WRITE -> {
                Map<Integer, SimInode.@Nullable Sector> before = inode.sectors(offset, bytes.length);
                inode.write(operation.number(), offset, bytes);
                inode.faults().returning(before);
            }
            case FLIP_ON_DISK -> {
                byte[] flipped = bytes.clone();
                flipped[(int) Long.remainderUnsigned(draw(operation) >>> 3, bytes.length)] ^=
                        (byte) (1 << (draw(operation) & 7));
                inode.write(operation.number(), offset, flipped);
            }
            case BAD_SECTOR -> {
                inode.faults()
                        .unwritable(
                                inode.sectorOf(offset + Long.remainderUnsigned(draw(operation) >>> 3, bytes.length)));
                inode.write(operation.number(), offset, bytes);
            }
            case NONE, IO_ERROR, DISK_FULL, SYNC_REVERTED, SYNC_LATE, SHORT_READ, FLIP_IN_TRANSIT ->
                inode.write(operation.number(), offset, bytes);
        }
    }

    /** To a place in the file that such a write could have been meant for; lost if there is none but its own. */
    private static void misdirect(DiskOperation operation, SimInode inode, byte[] bytes) {
        long places = inode.size() / bytes.length;
        if (places > 1) {
            long meant = operation.offset() / bytes.length;
            long place = (meant + 1 + Long.remainderUnsigned(draw(operation), places - 1)) % places;
            inode.write(operation.number(), place * bytes.length, bytes);
        }
    }

    private static long draw(DiskOperation operation) {
        long hash = TraceHash.mix(TraceHash.text(TraceHash.SEED, operation.name()), operation.number());
        return TraceHash.mix(TraceHash.mix(hash, operation.offset()), operation.length());
    }
}
