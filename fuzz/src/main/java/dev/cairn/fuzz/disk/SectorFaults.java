package dev.cairn.fuzz.disk;

import dev.cairn.storage.base.DiskException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is wrong with the sectors of one file, by their numbers. Guarded by its disk. */
final class SectorFaults {

    /** Until they are written. */
    private final Set<Integer> unreadable = new HashSet<>();

    private final Set<Integer> unwritable = new HashSet<>();
    /** What a power failure brings back; null is zeros. */
    private final Map<Integer, SimInode.@Nullable Sector> returning = new HashMap<>();

    /** A sync has lied, and the next one fails. Dies with the process. */
    private boolean late;

    SectorFaults() {}

    SectorFaults(SectorFaults origin) {
        unreadable.addAll(origin.unreadable);
        unwritable.addAll(origin.unwritable);
        if (!origin.returning.isEmpty()) {
            returning.putAll(origin.returning);
        }
    }

    void unreadable(int sector) {
        unreadable.add(sector);
    }

    void reportLate() {
        late = true;
    }

    boolean reportsLate() {
        return late;
    }

    void unwritable(int sector) {
        unwritable.add(sector);
    }

    void returning(Map<Integer, SimInode.@Nullable Sector> before) {
        returning.putAll(before);
    }

    Map<Integer, SimInode.@Nullable Sector> returning() {
        return returning;
    }

    void returned() {
        returning.clear();
    }

    void heal() {
        unreadable.clear();
        unwritable.clear();
        returning.clear();
    }

    void requireReadable(long offset, int length, int sectorBytes) {
        if (unreadable.isEmpty() || length == 0) {
            return;
        }
        int last = (int) ((offset + length - 1) / sectorBytes);
        for (int sector = (int) (offset / sectorBytes); sector <= last; sector++) {
            if (unreadable.contains(sector)) {
                throw new DiskException("I/O error: sector " + sector + " cannot be read");
            }
        }
    }

    void writing(int sector) {
        if (unwritable.contains(sector)) {
            throw new DiskException("I/O error: sector " + sector + " cannot be written");
        }
    }

    /** It has new contents: what was wrong with the old ones is past. */
    void written(int sector) {
        unreadable.remove(sector);
        returning.remove(sector);
    }
}
