package dev.cairn.engine.verify;

import dev.cairn.recovery.ControlFile;
import dev.cairn.recovery.ControlSlot;
import dev.cairn.storage.file.Disk;
import dev.cairn.storage.file.DiskFile;
import dev.cairn.storage.file.OpenMode;
import dev.cairn.storage.page.PageChecks;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** The control file: both slots valid, nothing but zeros between them, nothing behind. */
final class ControlCheck {

    private ControlCheck() {}

    /**
     * Judges what can be told without the rest of the directory.
     *
     * <p>Why one slot that is not valid is an error although opening gets by with the other: a crash in mid-write leaves the
     * same, but the next crash or the next bad sector then finds no second one.
     */
    static void run(Disk disk, Consumer<Finding> findings) {
        ControlSlot.Reading[] slots = ControlFile.readSlots(disk);
        for (int i = 0; i < slots.length; i++) {
            if (slots[i].state() == null && slots[i].otherVersion() < 0) {
                findings.accept(Finding.inFile(ControlFile.NAME, "slot " + i + " is not valid: " + slots[i].damage()));
            }
        }
        try (DiskFile file = disk.open(ControlFile.NAME, OpenMode.READ)) {
            long expected = ControlFile.SLOT_DISTANCE + ControlSlot.BYTES;
            if (file.size() != expected) {
                findings.accept(
                        Finding.inFile(ControlFile.NAME, "expected " + expected + " bytes, found " + file.size()));
            }
            ByteBuffer gap = ByteBuffer.allocate(ControlFile.SLOT_DISTANCE - ControlSlot.BYTES);
            file.readFully(ControlSlot.BYTES, gap);
            if (!PageChecks.isZero(gap.clear())) {
                int at = 0;
                while (gap.get(at) == 0) {
                    at++;
                }
                findings.accept(Finding.inFile(
                        ControlFile.NAME,
                        "expected zeros between the slots, found another byte at " + (ControlSlot.BYTES + at)));
            }
        }
    }
}
