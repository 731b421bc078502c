package dev.cairn.fuzz.isolation;

import dev.cairn.engine.Row;
import dev.cairn.engine.VersionOrder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The versions of lists as the engine exports them, each with the recorded transaction that made it. Not thread-safe. */
final class ExportedVersions {

    /**
     * A version of a list.
     *
     * @param writer the number of the transaction that made it
     * @param list empty if what it made is the list's absence
     * @param madeAt where in the log; later is larger
     * @param committedAt LSN of the commit that made it visible; 0 if nothing ever did
     */
    record ListVersion(long key, int writer, List<Long> list, long madeAt, long committedAt) {
        boolean isCommitted() {
            return committedAt != 0;
        }

        /** The value that nobody else has written. */
        private long value() {
            return list.get(list.size() - 1);
        }

        @Override
        public String toString() {
            return (list.isEmpty() ? "absence" : list) + " by T" + writer;
        }
    }

    private final Map<Long, List<ListVersion>> committed = new TreeMap<>();
    private final Map<Long, ListVersion> byValue = new HashMap<>();
    private final Map<Integer, List<ListVersion>> byWriter = new HashMap<>();

    /** @param versions all of a {@link ListTable}, oldest first */
    ExportedVersions(Collection<VersionOrder.Version> versions) {
        for (VersionOrder.Version version : versions) {
            add(version);
        }
    }

    private void add(VersionOrder.Version version) {
        Row row = version.row();
        Row keyed =
                row == null && version.replaced() != null ? version.replaced().row() : row;
        if (keyed == null) {
            throw new IllegalArgumentException("the log does not tell what was deleted: " + version);
        }
        long key = (Long) Objects.requireNonNull(keyed.get(0));
        ListVersion made = new ListVersion(
                key,
                Recorded.numberOf(version.label()),
                row == null ? List.of() : ListTable.values(row.get(1)),
                version.madeAt(),
                version.committedAt());
        if (row != null) {
            byValue.put(made.value(), made);
        }
        byWriter.computeIfAbsent(made.writer(), none -> new ArrayList<>()).add(made);
        if (made.isCommitted()) {
            committed.computeIfAbsent(key, none -> new ArrayList<>()).add(made);
        }
    }

    /** Lists of which there ever was one. */
    Set<Long> keys() {
        return committed.keySet();
    }

    /** Those that became visible, in the order in which they were made. */
    List<ListVersion> of(long key) {
        return committed.getOrDefault(key, List.of());
    }

    /** All that a transaction made, in that order. */
    List<ListVersion> by(int writer) {
        return byWriter.getOrDefault(writer, List.of());
    }

    /** The version that ends in a value; null if there is none. */
    @Nullable ListVersion endingIn(long value) {
        return byValue.get(value);
    }

    /** The newest that a snapshot shows; null if the list had never been there. */
    @Nullable ListVersion newest(long key, long snapshot) {
        ListVersion newest = null;
        for (ListVersion version : of(key)) {
            if (version.committedAt() <= snapshot) {
                newest = version;
            }
        }
        return newest;
    }
}
