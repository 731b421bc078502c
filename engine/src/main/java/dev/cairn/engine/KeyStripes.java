package dev.cairn.engine;

import dev.cairn.storage.base.Scheduler;
import dev.cairn.storage.base.Scheduler.Mutex;
import java.util.Arrays;

/**
 * Short locks on keys of unique indexes: between the look at a key and the entry under it nobody else makes an entry under
 * it. Held across disk calls, never while waiting for a transaction. Several are taken in ascending order. Thread-safe.
 */
final class KeyStripes {

    private static final int STRIPES = 256;

    private final Mutex[] stripes = new Mutex[STRIPES];

    KeyStripes(Scheduler scheduler) {
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = scheduler.newMutex();
        }
    }

    /** Where a key of an index belongs. */
    int stripe(int fileId, byte[] key) {
        return Math.floorMod(31 * Arrays.hashCode(key) + fileId, STRIPES);
    }

    /** Takes the first {@code count} stripes, each once; they are then in the order in which {@link #unlock} is to give them back. */
    void lock(int[] wanted, int count) {
        Arrays.sort(wanted, 0, count);
        for (int i = 0; i < count; i++) {
            if (i == 0 || wanted[i] != wanted[i - 1]) {
                stripes[wanted[i]].lock();
            }
        }
    }

    /** Gives back what {@link #lock} took. */
    void unlock(int[] locked, int count) {
        for (int i = 0; i < count; i++) {
            if (i == 0 || locked[i] != locked[i - 1]) {
                stripes[locked[i]].unlock();
            }
        }
    }
}
