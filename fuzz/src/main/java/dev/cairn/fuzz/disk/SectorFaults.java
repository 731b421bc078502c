package dev.cairn.fuzz.disk;

import dev.cairn.storage.base.DiskException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is wrong with the sectors of one file, by their numbers. Guarded by its disk. */
final class SectorFaults {

    /** Until they are written. As the others not to be changed while it is empty: most files have no fault, and are copied often. */
    private Set<Integer> unreadable = Set.of();

    private Set<Integer> unwritable = Set.of();
    /** What a power failure brings back; null is zeros. */
    private Map<Integer, SimInode.@Nullable Sector> returning = Map.of();

    /** A sync has lied, and the next one fails. Dies with the process. */
    private boolean late;

    SectorFaults() {}

    SectorFaults(SectorFaults origin) {
        unreadable = copy(origin.unreadable);
        unwritable = copy(origin.unwritable);
        returning(origin.returning);
    }

    private static Set<Integer> copy(Set<Integer> sectors) {
        return sectors.isEmpty() ? Set.of() : new HashSet<>(sectors);
    }

    private static Set<Integer> with(Set<Integer> sectors, int sector) {
        Set<Integer> more = sectors.isEmpty() ? new HashSet<>() : sectors;
        more.add(sector);
        return more;
    }

    void unreadable(int sector) {
        unreadable = with(unreadable, sector);
    }

    void reportLate() {
        late = true;
    }

    boolean reportsLate() {
        return late;
    }

    void unwritable(int sector) {
        unwritable = with(unwritable, sector);
    }

    void returning(Map<Integer, SimInode.@Nullable Sector> before) {
        if (!before.isEmpty()) {
            Map<Integer, SimInode.@Nullable Sector> more = new HashMap<>(returning);
            more.putAll(before);
            returning = more;
        }
    }

    Map<Integer, SimInode.@Nullable Sector> returning() {
        return returning;
    }

    void returned() {
        returning = Map.of();
    }

    void heal() {
        unreadable = Set.of();
        unwritable = Set.of();
        returning = Map.of();
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
        if (!unreadable.isEmpty()) {
            unreadable.remove(sector);
        }
        if (!returning.isEmpty()) {
            returning.remove(sector);
        }
    }
}
