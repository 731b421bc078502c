package dev.cairn.txn;

import dev.cairn.storage.base.CrashPoint;
import dev.cairn.storage.base.Scheduler;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The oldest LSN that an open snapshot needs (I13).
 *
 * <p>A transaction registers a snapshot in its slot: slot := TAKING, read the publish LSN, slot := that LSN. A scan reads
 * the publish LSN first and then the slots; meeting TAKING it keeps the former horizon. Why that is enough, given that all
 * these accesses are volatile and so have one order: a slot that the scan saw empty became TAKING after the scan had read
 * the publish LSN, so the snapshot taken there is no older than what the scan starts from; and a slot that it saw TAKING
 * may hold an older one, of which nothing is known yet, but nothing that an earlier scan did not allow for. Slots are
 * added while scans run: a scan that does not see a new one is older than its first TAKING.
 *
 * <p>Thread-safe. Each slot is written by its owner.
 */
public final class HorizonTable {

    private static final long EMPTY = 0;
    private static final long TAKING = -1;
    private static final int SEGMENT_SLOTS = 64;
    /** Slots stand on cache lines of their own: 8 longs apart. */
    private static final int STRIDE = 8;

    private final CommitPublisher publisher;
    private final Scheduler scheduler;
    private volatile AtomicLongArray[] segments = {newSegment()};
    private final AtomicLong former = new AtomicLong();
    /** Slots given back; guarded by this. */
    private final ArrayDeque<Integer> spare = new ArrayDeque<>();

    private int used;

    HorizonTable(CommitPublisher publisher, Scheduler scheduler) {
        this.publisher = publisher;
        this.scheduler = scheduler;
    }

    private static AtomicLongArray newSegment() {
        return new AtomicLongArray(SEGMENT_SLOTS * STRIDE);
    }

    /** A slot for one transaction, empty. */
    synchronized int acquire() {
        Integer slot = spare.poll();
        if (slot != null) {
            return slot;
        }
        if (used == segments.length * SEGMENT_SLOTS) {
            AtomicLongArray[] more = Arrays.copyOf(segments, segments.length + 1);
            more[segments.length] = newSegment();
            segments = more;
        }
        return used++;
    }

    /** The slot becomes empty and anybody's. */
    void giveBack(int slot) {
        set(slot, EMPTY);
        synchronized (this) {
            spare.push(slot);
        }
    }

    private void set(int slot, long value) {
        segments[slot / SEGMENT_SLOTS].set(slot % SEGMENT_SLOTS * STRIDE, value);
    }

    /** Takes a snapshot LSN and registers it. What the slot held before is let go. */
    long take(int slot) {
        set(slot, TAKING);
        scheduler.point(CrashPoint.SNAPSHOT_TAKING);
        long lsn = publisher.publishLsn();
        scheduler.point(CrashPoint.SNAPSHOT_READ);
        set(slot, lsn);
        return lsn;
    }

    /** Registers a younger LSN which what the slot holds now has protected so far. */
    void advance(int slot, long lsn) {
        set(slot, lsn);
    }

    void clear(int slot) {
        set(slot, EMPTY);
    }

    /** Every open and every future snapshot sees all commits at or before this LSN. Never goes back. O(open transactions). */
    public long horizon() {
        long oldest = publisher.publishLsn();
        scheduler.point(CrashPoint.HORIZON_READ);
        AtomicLongArray[] current = segments;
        for (AtomicLongArray segment : current) {
            for (int i = 0; i < SEGMENT_SLOTS * STRIDE; i += STRIDE) {
                long lsn = segment.get(i);
                if (lsn == TAKING) {
                    return former.get();
                }
                if (lsn != EMPTY) {
                    oldest = Math.min(oldest, lsn);
                }
            }
        }
        return former.accumulateAndGet(oldest, Math::max);
    }
}
