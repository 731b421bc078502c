package dev.cairn.tools.log;

import dev.cairn.wal.LoggedRecord;

/** Sees a log go by, oldest first. */
public interface LogVisitor {

    /** @return whether to go on */
    boolean record(LoggedRecord record);

    /** What stands here cannot be read; the next record comes from behind it. */
    void gap(LogGap gap);
}
