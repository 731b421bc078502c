package dev.cairn.engine;

import dev.cairn.storage.base.Scheduler;
import dev.cairn.storage.base.Scheduler.Mutex;
import java.util.Arrays;
import java.util.Collection;

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

    /** Takes the stripes. @return what to give back */
    int[] lock(Collection<Integer> wanted) {
        int[] ascending =
                wanted.stream().mapToInt(Integer::intValue).sorted().distinct().toArray();
        for (int stripe : ascending) {
            stripes[stripe].lock();
        }
        return ascending;
    }

    void unlock(int[] locked) {
        for (int stripe : locked) {
            stripes[stripe].unlock();
        }
    }
}
