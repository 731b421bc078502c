package dev.cairn.fuzz.crash;

import dev.cairn.fuzz.disk.SimDisk;
import dev.cairn.fuzz.workload.Mismatch;
import dev.cairn.recovery.ControlFile;
import dev.cairn.recovery.ControlState;
import dev.cairn.recovery.ControlState.Phase;
import dev.cairn.storage.base.Lsn;
import dev.cairn.wal.LoggedRecord;
import dev.cairn.wal.WalOptions;
import dev.cairn.wal.WalReader;
import dev.cairn.wal.record.WalRecordType;
import java.util.HashSet;
import java.util.Set;

/**
 * Of the log that recovery will read: the first record after the redo point that changes a page brings the whole page along, or
 * makes it anew, since a crash may have torn what is on disk.
 */
final class FirstChanges {

    private static final int WAL_BUFFER_BYTES = 64 << 10;

    private record Page(int fileId, int pageNo) {}

    private FirstChanges() {}

    /** @throws Mismatch if a record relies on a page that may be torn */
    static void check(SimDisk image) {
        if (!image.list().contains(ControlFile.NAME)) {
            return;
        }
        ControlState control = ControlFile.open(image).current();
        if (control.phase() == Phase.CREATING) {
            return;
        }
        WalOptions options = WalOptions.of(control.segmentBytes(), WAL_BUFFER_BYTES, control.pageSize());
        Set<Page> changed = new HashSet<>();
        try (WalReader log =
                WalReader.from(image, options, control.databaseId(), control.redoPoint(), control.redoIncarnation())) {
            for (LoggedRecord logged = log.next(); logged != null; logged = log.next()) {
                check(logged, changed);
            }
        }
    }

    private static void check(LoggedRecord logged, Set<Page> changed) {
        for (int i = 0; i < logged.record().pageCount(); i++) {
            Page page = new Page(logged.record().fileId(), logged.record().pageNo(i));
            boolean whole = logged.record().type() == WalRecordType.FILE_CREATE
                    || logged.record().initialises(i)
                    || logged.image(i) != null;
            if (changed.add(page) && !whole) {
                throw new Mismatch("the first record after the redo point that changes " + page
                        + " does not bring it along: " + logged.record().type() + " at " + Lsn.format(logged.start()));
            }
        }
    }
}
