package dev.cairn.fuzz.crash;

import dev.cairn.fuzz.disk.SimDisk;
import dev.cairn.fuzz.workload.Mismatch;
import dev.cairn.recovery.ControlFile;
import dev.cairn.recovery.ControlSlot;
import dev.cairn.recovery.ControlState;

/**
 * No LSN is used twice within an incarnation (I6): a crash takes the end of a log that was appended to, so an opening, which
 * appends there again, does so in a life that is newer than all that the disk had known.
 */
final class Lives {

    private Lives() {}

    /** The counter of the newest life in the control file; 0 if there is none, or no database yet. */
    static long newest(SimDisk disk) {
        long newest = 0;
        if (disk.list().contains(ControlFile.NAME)) {
            for (ControlSlot.Reading slot : ControlFile.readSlots(disk)) {
                ControlState state = slot.state();
                newest =
                        Math.max(newest, state == null ? 0 : state.incarnation().counter());
            }
        }
        return newest;
    }

    /** @throws Mismatch if the opening goes on in a life in which log had been written before */
    static void check(long before, SimDisk recovered) {
        long after = newest(recovered);
        if (after <= before) {
            throw new Mismatch("i6: the log goes on in life " + after
                    + ", as far as which there was log before: expected " + (before + 1) + " or a later one");
        }
    }
}
