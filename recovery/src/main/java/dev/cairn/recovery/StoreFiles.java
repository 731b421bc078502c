package dev.cairn.recovery;

import dev.cairn.storage.cache.FileTable;
import dev.cairn.storage.file.Disk;
import dev.cairn.storage.sort.SortFile;
import dev.cairn.txn.TransactionStatus;
import dev.cairn.wal.segment.SegmentNames;
import java.util.ArrayList;
import java.util.List;

/**
 * The names in a database directory, told apart. Whatever is not Cairn's is never touched.
 *
 * @param control whether there is a control file
 * @param creating whether there is the control file of a creation that was not finished
 * @param dataFileIds ids of data files, ascending
 * @param others the rest of what is Cairn's: log segments, spare ones too, and transaction status
 * @param temporary left by a process that died while it sorted; of no use to anybody
 * @param unknown not Cairn's; the statistics file is, but tells nothing of a database
 */
record StoreFiles(
        boolean control,
        boolean creating,
        List<Integer> dataFileIds,
        List<String> others,
        List<String> temporary,
        List<String> unknown) {

    static StoreFiles of(Disk disk) {
        boolean control = false;
        boolean creating = false;
        List<Integer> dataFileIds = new ArrayList<>();
        List<String> others = new ArrayList<>();
        List<String> temporary = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        for (String name : disk.list()) {
            if (name.equals(ControlFile.NAME)) {
                control = true;
            } else if (name.equals(ControlFile.NEW_NAME)) {
                creating = true;
            } else if (FileTable.fileIdOf(name) > 0) {
                dataFileIds.add(FileTable.fileIdOf(name));
            } else if (name.equals(TransactionStatus.FILE_NAME) || SegmentNames.isLogFile(name)) {
                others.add(name);
            } else if (SortFile.isSortFile(name)) {
                temporary.add(name);
            } else if (!name.equals(LiveFigures.FILE_NAME)) {
                unknown.add(name);
            }
        }
        return new StoreFiles(control, creating, dataFileIds, others, temporary, unknown);
    }

    /** Whether there is anything of a database besides the control file. */
    boolean holdsDatabase() {
        return !dataFileIds.isEmpty() || !others.isEmpty();
    }
}
