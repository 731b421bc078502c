package dev.cairn.recovery;

import java.util.List;

/**
 * What opening found and did.
 *
 * @param created the database is new
 * @param clean it had been closed; nothing was replayed
 * @param redoPoint LSN from which the log was read
 * @param endLsn end of the log as found: commits up to here were recovered. Publication starts here
 * @param records log records replayed (0 after a clean close)
 * @param bytes bytes of log replayed
 * @param committed top-level transactions whose COMMIT was replayed
 * @param aborted top-level transactions whose ABORT was replayed
 * @param unfinished top-level transactions that were open at the end of the log, now aborted with all below them
 * @param endReason why the log ends where it ends, for people
 * @param unknownFiles names in the directory that are not Cairn's; never touched
 * @param nanos time that opening took
 */
public record RecoveryReport(
        boolean created,
        boolean clean,
        long redoPoint,
        long endLsn,
        long records,
        long bytes,
        long committed,
        long aborted,
        long unfinished,
        String endReason,
        List<String> unknownFiles,
        long nanos) {

    public RecoveryReport {
        unknownFiles = List.copyOf(unknownFiles);
    }
}
