package dev.cairn.wal;

/**
 * One life of a database: from an opening that appends to the next. {@code counter} starts at 1 and grows by one; {@code
 * salt} is random, so that two copies of a database that went different ways never take each other's log for their own.
 */
public record IncarnationId(long counter, long salt) {

    @Override
    public String toString() {
        return counter + "/" + Long.toHexString(salt);
    }
}
