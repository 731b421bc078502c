package dev.cairn.fuzz.crash;

/** What was looked at. Used by one thread at a time. */
public final class CrashCounts {

    private long states;
    private long distinct;
    private long nested;
    private long killed;
    private long pages;
    private long redone;
    private long twice;
    private long unsynced;
    private long worked;

    void countState() {
        states++;
    }

    void countDistinct(boolean ofRecovery) {
        distinct++;
        if (ofRecovery) {
            nested++;
        }
    }

    /** Images that somebody else has looked at, and how many of them differed and were judged. */
    public void countImages(long looked, long judged) {
        states += looked;
        distinct += judged;
    }

    void countKilled() {
        killed++;
    }

    void countPages(long checked) {
        pages += checked;
    }

    void countRedone(long states) {
        redone += states;
    }

    void countTwice() {
        twice++;
    }

    void countUnsynced() {
        unsynced++;
    }

    void countWorked() {
        worked++;
    }

    /** Adds what somebody else has looked at. */
    public void add(CrashCounts other) {
        states += other.states;
        distinct += other.distinct;
        nested += other.nested;
        killed += other.killed;
        pages += other.pages;
        redone += other.redone;
        twice += other.twice;
        unsynced += other.unsynced;
        worked += other.worked;
    }

    /** States of disks that a crash might have left, the same ones again included. */
    public long states() {
        return states;
    }

    /** Different images that were recovered, compared row by row with the model and checked page by page. */
    public long distinct() {
        return distinct;
    }

    /** Of the different images, those that a crash in the middle of recovery has left. */
    public long nested() {
        return nested;
    }

    /** States that the death of the process alone left, recovered and judged in the same way; not among the images. */
    public long killed() {
        return killed;
    }

    /** Pages that were checked after recoveries. */
    public long pages() {
        return pages;
    }

    /** States of pages that redo has made and that were compared with what the engine had made, byte by byte. */
    public long redone() {
        return redone;
    }

    /** Images recovered a second time, which must give the same bytes. */
    public long twice() {
        return twice;
    }

    /** Images recovered, robbed of all that was not synced, and recovered again, which must give the same rows. */
    public long unsynced() {
        return unsynced;
    }

    /** Images that were worked on with after recovery: rows written, a checkpoint, closed, opened again. */
    public long worked() {
        return worked;
    }
}
