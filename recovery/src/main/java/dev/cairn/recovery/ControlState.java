package dev.cairn.recovery;

import dev.cairn.wal.DatabaseId;
import dev.cairn.wal.IncarnationId;

/**
 * What one slot of the control file says: everything that must be known before the log can be read.
 *
 * @param databaseId who this is; seeds every checksum
 * @param sequence counts the slots written; the greater of two valid ones counts
 * @param phase what the database was doing when the slot was written
 * @param pageSize bytes
 * @param segmentBytes bytes of a log segment
 * @param incarnation the last life that was announced here; no record of it was appended before this was durable
 * @param redoIncarnation the life that seeds the record at the redo point
 * @param redoPoint start of the last complete checkpoint's begin record
 * @param checkpointEnd end of that checkpoint's end record: the log is durable at least to here
 * @param endLsn end of the log if {@link Phase#CLEAN}, else 0
 * @param nextXid no greater xid is found in any file, except by reading the log from the redo point
 * @param nextFileId likewise for file ids
 * @param statusDigest of the transaction status pages that this checkpoint wrote
 * @param createdMicros when the database was made, microseconds since 1970
 * @param writtenMicros when this slot was written
 */
public record ControlState(
        DatabaseId databaseId,
        long sequence,
        Phase phase,
        int pageSize,
        int segmentBytes,
        IncarnationId incarnation,
        IncarnationId redoIncarnation,
        long redoPoint,
        long checkpointEnd,
        long endLsn,
        long nextXid,
        int nextFileId,
        long statusDigest,
        long createdMicros,
        long writtenMicros) {

    /** Stored as one byte: the code never changes meaning. */
    public enum Phase {
        CREATING(1),
        OPEN(2),
        CLEAN(3);

        private final int code;

        Phase(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }
    }

    /** A new life begins: to be durable before its first record is appended. */
    ControlState inLife(IncarnationId next, long nowMicros) {
        return new ControlState(
                databaseId,
                sequence + 1,
                phase == Phase.CREATING ? Phase.CREATING : Phase.OPEN,
                pageSize,
                segmentBytes,
                next,
                redoIncarnation,
                redoPoint,
                checkpointEnd,
                0,
                nextXid,
                nextFileId,
                statusDigest,
                createdMicros,
                nowMicros);
    }

    /** A checkpoint is complete. It belongs to the current life, and so does its redo point. */
    ControlState afterCheckpoint(
            long newRedoPoint, long newCheckpointEnd, long newNextXid, int newNextFileId, long digest, long nowMicros) {
        return new ControlState(
                databaseId,
                sequence + 1,
                Phase.OPEN,
                pageSize,
                segmentBytes,
                incarnation,
                incarnation,
                newRedoPoint,
                newCheckpointEnd,
                0,
                newNextXid,
                newNextFileId,
                digest,
                createdMicros,
                nowMicros);
    }

    /** The log ends here and nothing will be appended in this life. */
    ControlState closedAt(long end, long nowMicros) {
        return new ControlState(
                databaseId,
                sequence + 1,
                Phase.CLEAN,
                pageSize,
                segmentBytes,
                incarnation,
                redoIncarnation,
                redoPoint,
                checkpointEnd,
                end,
                nextXid,
                nextFileId,
                statusDigest,
                createdMicros,
                nowMicros);
    }

    /** The same once more, for the other slot. */
    ControlState again(long nowMicros) {
        return new ControlState(
                databaseId,
                sequence + 1,
                phase,
                pageSize,
                segmentBytes,
                incarnation,
                redoIncarnation,
                redoPoint,
                checkpointEnd,
                endLsn,
                nextXid,
                nextFileId,
                statusDigest,
                createdMicros,
                nowMicros);
    }
}
