package dev.cairn.tools.log;

import dev.cairn.engine.StoredPages.Version;
import dev.cairn.storage.heap.RowIds;
import dev.cairn.wal.LoggedRecord;
import dev.cairn.wal.record.WalRecord;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds the records that speak of one row. A record of a deletion names a place only; so the places where versions of the row
 * stand are followed through the log, which must be shown whole and in order. Of what was written before the log begins, the
 * pages tell. Not thread-safe.
 */
public final class RowTrail {

    private final RowKey key;
    /** Where versions of the row stand at this point of the log. */
    private final Set<Long> places = new HashSet<>();
    /** Where they stand at its end, as far as nothing in the log has put them there. */
    private final Set<Long> older = new HashSet<>();

    /** @param versions those that stand on pages, as {@link RowKey#versions} gives them */
    public RowTrail(RowKey key, List<Version> versions) {
        this.key = key;
        versions.forEach(version -> older.add(version.rowId()));
    }

    /** Whether the record made, changed or removed a version of the row. */
    public boolean take(LoggedRecord logged) {
        WalRecord record = logged.record();
        if (record instanceof WalRecord.HeapInsert r) {
            return r.tableId() == key.table().tableId() && inserted(RowIds.of(r.page(), r.slot()), r.data());
        } else if (record instanceof WalRecord.HeapUpdate r) {
            return r.tableId() == key.table().tableId() && updated(r);
        } else if (record instanceof WalRecord.HeapDelete r) {
            return r.tableId() == key.table().tableId() && isKnown(RowIds.of(r.page(), r.slot()));
        } else if (record instanceof WalRecord.HeapPrune r) {
            return r.fileId() == key.table().fileId() && removed(r);
        } else if (record instanceof WalRecord.HeapFreeze r) {
            return r.fileId() == key.table().fileId() && frozen(r.page(), r.slots());
        }
        return false;
    }

    private boolean isKnown(long place) {
        return places.contains(place) || older.contains(place) || key.isAt(place);
    }

    private boolean inserted(long place, byte[] data) {
        older.remove(place);
        boolean wanted = key.isAt(place) || key.isOf(data);
        if (wanted) {
            places.add(place);
        } else {
            places.remove(place);
        }
        return wanted;
    }

    private boolean updated(WalRecord.HeapUpdate r) {
        long from = RowIds.of(r.oldPage(), r.oldSlot());
        long to = RowIds.of(r.newPage(), r.newSlot());
        boolean known = isKnown(from);
        boolean becomes = inserted(to, r.data());
        if (known && !becomes && key.isFollowed()) {
            places.add(to);
        }
        return known || becomes;
    }

    private boolean removed(WalRecord.HeapPrune r) {
        boolean any = false;
        for (int slot : r.slots()) {
            any |= removed(RowIds.of(r.page(), slot));
        }
        for (int i = 0; i < r.redirects().length; i += 2) {
            any |= removed(RowIds.of(r.page(), r.redirects()[i]));
        }
        return any;
    }

    private boolean removed(long place) {
        boolean known = isKnown(place);
        places.remove(place);
        older.remove(place);
        return known;
    }

    private boolean frozen(int page, int[] slots) {
        for (int slot : slots) {
            if (isKnown(RowIds.of(page, slot))) {
                return true;
            }
        }
        return false;
    }
}
