package dev.cairn.fuzz.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cairn.engine.Row;
import dev.cairn.engine.VersionOrder.Version;
import dev.cairn.txn.IsolationLevel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Histories made by hand with the versions that an engine would export of them: what lists alone do not tell. */
class VersionCheckerTest {

    private static final long KEY = 1;

    private final History history = new History();
    private final List<Version> versions = new ArrayList<>();
    private final Map<Long, List<Long>> contents = new TreeMap<>();

    private Recorded begin() {
        return history.begin(IsolationLevel.SERIALIZABLE);
    }

    /** A version of a list, which is then all there is in it; an empty one is its absence. */
    private void made(Recorded by, long key, long committedAt, Long... list) {
        String text = Arrays.stream(list).map(String::valueOf).collect(Collectors.joining(" "));
        Version replaced = versions.stream()
                .filter(version -> version.isCommitted() && (long) keyOf(version) == key)
                .reduce((older, newer) -> newer)
                .orElse(null);
        @Nullable Row row = list.length == 0 ? null : Row.of(key, text);
        versions.add(new Version(
                versions.size() + 1, by.number(), by.number(), by.label("session"), replaced, row, committedAt));
        if (committedAt != 0) {
            contents.put(key, Arrays.asList(list));
        }
    }

    private static Object keyOf(Version version) {
        Row row = version.row();
        return row != null ? row.get(0) : keyOf(version.replaced());
    }

    private long set(Recorded by, long key, long committedAt) {
        long value = by.newValue();
        by.set(key, value);
        made(by, key, committedAt, value);
        return value;
    }

    private void delete(Recorded by, long key, long committedAt) {
        by.deleted(key);
        made(by, key, committedAt);
    }

    private static void read(Recorded by, long snapshot, long key, Long... values) {
        by.read(key, key, values.length == 0 ? Map.of() : Map.of(key, Arrays.asList(values)), snapshot);
    }

    private static void commit(Recorded... all) {
        for (Recorded one : all) {
            one.committing();
        }
        for (Recorded one : all) {
            one.ended(true);
        }
    }

    private void finds(Anomaly... expected) {
        contents.values().removeIf(List::isEmpty);
        Set<Anomaly> found = new VersionChecker(history, versions, contents)
                .check().stream().map(Violation::anomaly).collect(Collectors.toCollection(TreeSet::new));
        assertEquals(new TreeSet<>(Arrays.asList(expected)), found);
    }

    @Test
    void aSerialHistoryHoldsNone() {
        Recorded first = begin();
        read(first, 1, KEY);
        long a = set(first, KEY, 10);
        read(first, 1, KEY, a);
        commit(first);
        Recorded second = begin();
        read(second, 10, KEY, a);
        delete(second, KEY, 20);
        read(second, 10, KEY);
        commit(second);
        Recorded third = begin();
        read(third, 20, KEY);
        long c = set(third, KEY, 30);
        read(third, 20, KEY, c);
        commit(third);
        finds();
    }

    @Test
    void blindWritesInACycleAreDirty() {
        Recorded one = begin();
        Recorded two = begin();
        set(one, KEY, 10);
        set(two, KEY, 20);
        set(two, 2, 20);
        set(one, 2, 10);
        commit(one, two);
        finds(Anomaly.G0, Anomaly.VERSION_ORDER);
    }

    @Test
    void aBlindWriteOverWhatWasReadIsALostUpdate() {
        Recorded setup = begin();
        long a = set(setup, KEY, 10);
        commit(setup);
        Recorded one = begin();
        Recorded two = begin();
        read(one, 10, KEY, a);
        read(two, 10, KEY, a);
        set(one, KEY, 20);
        set(two, KEY, 30);
        commit(one, two);
        finds(Anomaly.LOST_UPDATE);
    }

    @Test
    void whichAbsenceWasReadIsToldByTheSnapshot() {
        Recorded setup = begin();
        set(setup, KEY, 10);
        commit(setup);
        Recorded deleter = begin();
        Recorded reader = begin();
        delete(deleter, KEY, 20);
        long other = set(deleter, 2, 20);
        commit(deleter);
        // It has seen what the deleter took away, and not what he wrote.
        read(reader, 20, KEY);
        read(reader, 20, 2, other);
        Recorded later = begin();
        set(later, KEY, 30);
        commit(later);
        set(reader, 2, 40);
        commit(reader);
        finds();
    }

    @Test
    void writeSkewByDeletionsAndInsertions() {
        Recorded setup = begin();
        long a = set(setup, KEY, 10);
        commit(setup);
        Recorded one = begin();
        Recorded two = begin();
        read(one, 10, KEY, a);
        read(two, 10, 2);
        set(one, 2, 20);
        delete(two, KEY, 30);
        commit(one, two);
        finds(Anomaly.G2);
    }

    @Test
    void writeSkewByDeletionsAloneIsOfItems() {
        Recorded setup = begin();
        long a = set(setup, KEY, 10);
        long b = set(setup, 2, 10);
        commit(setup);
        Recorded one = begin();
        Recorded two = begin();
        read(one, 10, KEY, a);
        read(two, 10, 2, b);
        delete(one, 2, 20);
        delete(two, KEY, 30);
        commit(one, two);
        finds(Anomaly.G2_ITEM);
    }

    @Test
    void aReadMustBeWhatItsSnapshotShows() {
        Recorded setup = begin();
        long a = set(setup, KEY, 10);
        commit(setup);
        Recorded next = begin();
        set(next, KEY, 20);
        commit(next);
        Recorded reader = begin();
        read(reader, 20, KEY, a);
        commit(reader);
        finds(Anomaly.SNAPSHOT);
    }

    @Test
    void anAbsenceMustBeWhatItsSnapshotShows() {
        Recorded setup = begin();
        set(setup, KEY, 10);
        commit(setup);
        Recorded reader = begin();
        read(reader, 10, KEY);
        commit(reader);
        finds(Anomaly.SNAPSHOT);
    }

    @Test
    void aCommitThatCameAfterTheSnapshotMustNotBeRead() {
        Recorded writer = begin();
        long a = set(writer, KEY, 10);
        Recorded reader = begin();
        commit(writer);
        read(reader, 9, KEY, a);
        commit(reader);
        finds(Anomaly.G1B);
    }

    @Test
    void whatWasWrittenOverByItsOwnWriterMustNotBeRead() {
        Recorded writer = begin();
        long a = set(writer, KEY, 10);
        set(writer, KEY, 10);
        commit(writer);
        Recorded reader = begin();
        read(reader, 0, KEY, a);
        commit(reader);
        finds(Anomaly.G1B);
    }

    @Test
    void aDeletionThatWasRolledBackMustNotShow() {
        Recorded setup = begin();
        set(setup, KEY, 10);
        commit(setup);
        Recorded deleter = begin();
        deleter.savepoint();
        delete(deleter, KEY, 20);
        deleter.rolledBackTo();
        commit(deleter);
        finds(Anomaly.G1A);
    }

    @Test
    void anAcknowledgedDeletionMustShow() {
        Recorded setup = begin();
        set(setup, KEY, 10);
        commit(setup);
        Recorded deleter = begin();
        delete(deleter, KEY, 0);
        commit(deleter);
        finds(Anomaly.LOST_WRITE);
    }

    @Test
    void anAcknowledgedWriteMustBecomeVisible() {
        Recorded writer = begin();
        set(writer, KEY, 0);
        commit(writer);
        finds(Anomaly.LOST_WRITE);
    }

    @Test
    void itsOwnDeletionMustBeSeen() {
        Recorded setup = begin();
        long a = set(setup, KEY, 10);
        commit(setup);
        Recorded deleter = begin();
        delete(deleter, KEY, 20);
        read(deleter, 10, KEY, a);
        commit(deleter);
        finds(Anomaly.INTERNAL);
    }

    @Test
    void whoWasInDoubtHasCommittedIfTheLogSaysSo() {
        Recorded writer = begin();
        set(writer, KEY, 10);
        writer.committing();
        Recorded lost = begin();
        set(lost, 2, 0);
        lost.committing();
        history.crashed();
        finds();
    }

    @Test
    void aSnapshotThatIsOlderThanAnAcknowledgedCommitComesTooLate() {
        Recorded writer = begin();
        set(writer, KEY, 10);
        commit(writer);
        Recorded reader = begin();
        read(reader, 9, KEY);
        commit(reader);
        finds(Anomaly.REAL_TIME);
    }
}
