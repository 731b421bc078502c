package dev.cairn.engine.verify;

import dev.cairn.recovery.ControlState;
import dev.cairn.storage.file.Disk;
import dev.cairn.storage.file.DiskFile;
import dev.cairn.storage.file.OpenMode;
import dev.cairn.storage.page.PageChecks;
import dev.cairn.txn.TransactionStatus;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;

/**
 * The pages of the status file, both slots of each. That those that count are the ones that the last checkpoint wrote, opening
 * proves; here the others are judged, too.
 */
final class StatusCheck {

    private static final int FILE_ID = 0;

    private StatusCheck() {}

    /**
     * Judges each page by itself.
     *
     * @return pages looked at
     */
    static long run(Disk disk, ControlState control, Consumer<Finding> findings) {
        String name = TransactionStatus.FILE_NAME;
        if (!disk.list().contains(name)) {
            return 0; // opening says so
        }
        boolean clean = control.phase() == ControlState.Phase.CLEAN;
        PageChecks checks = new PageChecks(control.databaseId().seed());
        ByteBuffer bytes = ByteBuffer.allocate(control.pageSize()).order(ByteOrder.LITTLE_ENDIAN);
        try (DiskFile file = disk.open(name, OpenMode.READ)) {
            long pages = (file.size() + control.pageSize() - 1) / control.pageSize();
            for (int pageNo = 0; pageNo < pages; pageNo++) {
                bytes.clear();
                int found = file.readFully((long) pageNo * control.pageSize(), bytes);
                for (int i = found; i < bytes.capacity(); i++) {
                    bytes.put(i, (byte) 0);
                }
                bytes.clear();
                String fault = PageChecks.isZero(bytes) ? null : checks.fault(bytes, FILE_ID, pageNo);
                if (fault != null) {
                    Finding finding = Finding.onPage(name, pageNo, fault);
                    // A crash in the middle of a checkpoint tears the slot on which nothing relies yet.
                    findings.accept(clean ? finding : finding.note());
                }
            }
            return pages;
        }
    }

    /** That no id is decided that was never given out, as far as a page of the status can tell. */
    static void idsBeyond(TransactionStatus status, long nextXid, int pageSize, Consumer<Finding> findings) {
        long end = nextXid + 4L * pageSize;
        long xid = status.firstFinal(nextXid, end);
        if (xid < end) {
            findings.accept(Finding.inFile(
                    TransactionStatus.FILE_NAME,
                    "transaction id " + xid + " is decided, though the next one to be given out is " + nextXid));
        }
    }
}
